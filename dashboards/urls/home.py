from django.urls import path

from dashboards.views import deleting, home, styleguide, weeks

app_name = "dashboards"
urlpatterns = [
    path("", home.home, name="home"),
    path("courses/<int:course_id>/my-weeks/", weeks.of_student, name="my_weeks"),
    path("deleted/", deleting.deleted, name="deleted"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
