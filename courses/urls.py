from django.urls import path

from courses.views import announcements, calendars, files, people

app_name = "courses"
urlpatterns = [
    path("files/<uuid:file_id>/<path:name>", files.course_file, name="file"),
    path("recordings/<int:recording_id>/poster.jpg", files.poster, name="poster"),
    path("recordings/<int:recording_id>/<path:name>", files.recording, name="recording"),
    path("captions/<int:track_id>.vtt", files.captions, name="captions"),
    path("announcements/", announcements.everything, name="all_announcements"),
    path("announcements/new/", announcements.new_to_many, name="new_announcement_to_many"),
    path("announcements/<int:announcement_id>/", announcements.announcement, name="announcement"),
    path("announcements/<int:announcement_id>/edit/", announcements.edit, name="edit_announcement"),
    path("announcements/<int:announcement_id>/delete/", announcements.delete, name="delete_announcement"),
    path("cohorts/<int:cohort_id>/calendar/", calendars.calendar, name="calendar"),
    path("cohorts/<int:cohort_id>/people/", people.people, name="people"),
    path("cohorts/<int:cohort_id>/announcements/", announcements.of_cohort, name="announcements"),
    path("cohorts/<int:cohort_id>/announcements/new/", announcements.new, name="new_announcement"),
]
