from django.urls import path

from drafts import views

app_name = "drafts"
urlpatterns = [
    path("", views.drafts, name="drafts"),
    path("discard/", views.discard, name="discard"),
]
