from django.urls import path

from progress.views import courses, lessons

app_name = "progress"
urlpatterns = [
    path("courses/", courses.courses, name="courses"),
    path("courses/<int:course_id>/", courses.course, name="course"),
    path("courses/<int:course_id>/search/", courses.search, name="search"),
    path("lessons/<int:activity_id>/", lessons.lesson, name="lesson"),
    path("lessons/<int:activity_id>/open/", lessons.open_content, name="open"),
    path("lessons/<int:activity_id>/done/", lessons.mark, name="mark"),
    path("lessons/<int:activity_id>/not-done/", lessons.unmark, name="unmark"),
    path("lessons/<int:activity_id>/beacon/", lessons.beacon, name="beacon"),
]
