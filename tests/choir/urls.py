from django.http import HttpRequest, HttpResponse
from django.urls import path


def page(request: HttpRequest, subject: int = 0) -> HttpResponse:
    return HttpResponse(f"<p>La la {subject}</p>")


app_name = "choir"
urlpatterns = [
    path("", page, name="home"),
    path("<int:subject>/", page, name="page"),
    path("<int:subject>/fragment/", page, name="fragment"),
]
