from django.urls import path

from forums.views import files, forum, lessons, moderation, posts, threads

app_name = "forums"
urlpatterns = [
    path("forum/", forum.forums, name="forums"),
    path("forum/unanswered/", forum.unanswered, name="unanswered"),
    path("forum/files/<uuid:file_id>/<path:name>", files.post_file, name="file"),
    path("forum/preview/", posts.preview, name="preview"),
    path("cohorts/<int:cohort_id>/forum/", forum.index, name="forum"),
    path("cohorts/<int:cohort_id>/forum/new/", threads.new, name="new"),
    path("cohorts/<int:cohort_id>/forum/similar/", forum.similar, name="similar"),
    path("cohorts/<int:cohort_id>/forum/files/", files.bring, name="bring"),
    path("cohorts/<int:cohort_id>/forum/read/", forum.read_all, name="read_all"),
    path("cohorts/<int:cohort_id>/forum/follow/", forum.follow, name="follow_forum"),
    path("cohorts/<int:cohort_id>/forum/settings/", moderation.settings, name="settings"),
    path("threads/<int:thread_id>/", threads.thread, name="thread"),
    path("threads/<int:thread_id>/reply/", posts.reply, name="reply"),
    path("threads/<int:thread_id>/read/", threads.read, name="read"),
    path("threads/<int:thread_id>/news/", threads.news, name="news"),
    path("threads/<int:thread_id>/follow/", threads.follow, name="follow"),
    path("threads/<int:thread_id>/wonder/", threads.wonder, name="wonder"),
    path("threads/<int:thread_id>/lock/", moderation.lock, name="lock"),
    path("threads/<int:thread_id>/pin/", moderation.pin, name="pin"),
    path("threads/<int:thread_id>/move/", moderation.move, name="move"),
    path("threads/<int:thread_id>/duplicate/", moderation.duplicate, name="duplicate"),
    path("posts/<int:post_id>/", posts.post, name="post"),
    path("posts/<int:post_id>/edit/", posts.edit, name="edit"),
    path("posts/<int:post_id>/delete/", posts.delete, name="delete"),
    path("posts/<int:post_id>/accept/", posts.accept, name="accept"),
    path("posts/<int:post_id>/endorse/", posts.endorse, name="endorse"),
    path("posts/<int:post_id>/report/", moderation.report, name="report"),
    path("posts/<int:post_id>/hide/", moderation.hide, name="hide"),
    path("posts/<int:post_id>/show/", moderation.show, name="show"),
    path("posts/<int:post_id>/author/", moderation.unmask, name="unmask"),
    path("posts/<int:post_id>/history/", moderation.history, name="history"),
    path("lessons/<int:activity_id>/talk/", lessons.talk, name="talk"),
]
