from django.urls import path

from dashboards.views import deleting, home, styleguide

app_name = "dashboards"
urlpatterns = [
    path("", home.home, name="home"),
    path("deleted/", deleting.deleted, name="deleted"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
