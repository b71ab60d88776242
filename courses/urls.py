from django.urls import path

from courses.views import files

app_name = "courses"
urlpatterns = [
    path("files/<uuid:file_id>/<path:name>", files.course_file, name="file"),
    path("recordings/<int:recording_id>/poster.jpg", files.poster, name="poster"),
    path("recordings/<int:recording_id>/<path:name>", files.recording, name="recording"),
    path("captions/<int:track_id>.vtt", files.captions, name="captions"),
]
