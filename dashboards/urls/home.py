from django.urls import path

from dashboards.views import home, styleguide

app_name = "dashboards"
urlpatterns = [
    path("", home.home, name="home"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
