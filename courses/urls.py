from django.urls import path

from courses.views import files

app_name = "courses"
urlpatterns = [
    path("files/<uuid:file_id>/<path:name>", files.course_file, name="file"),
]
