from django.urls import path

from progress.views import contacts, courses, dates, lectures, lessons, notes, search

app_name = "progress"
urlpatterns = [
    path("courses/", courses.courses, name="courses"),
    path("courses/<int:course_id>/", courses.course, name="course"),
    path("courses/<int:course_id>/search/", search.course, name="search"),
    path("dates/", dates.all_dates, name="dates"),
    path("search/", search.everywhere, name="search_everywhere"),
    path("courses/<int:course_id>/answered/", contacts.answered, name="answered"),
    path("courses/<int:course_id>/notes/", notes.notes_page, name="notes"),
    path("courses/<int:course_id>/notes.md", notes.export, name="export_notes"),
    path("lessons/<int:activity_id>/", lessons.lesson, name="lesson"),
    path("lessons/<int:activity_id>/open/", lessons.open_content, name="open"),
    path("lessons/<int:activity_id>/done/", lessons.mark, name="mark"),
    path("lessons/<int:activity_id>/not-done/", lessons.unmark, name="unmark"),
    path("lessons/<int:activity_id>/beacon/", lessons.beacon, name="beacon"),
    path("lessons/<int:activity_id>/watch/", lectures.watch, name="watch"),
    path("lessons/<int:activity_id>/transcript/<slug:language>/", lectures.show_transcript, name="transcript"),
    path("lessons/<int:activity_id>/notes/<uuid:key>/", notes.save, name="save_note"),
    path("notes/<uuid:key>/delete/", notes.delete, name="delete_note"),
]
