from django.urls import path

from feedback.views import bank, comments, files, marking, queue, reading, releasing, work

app_name = "feedback"
urlpatterns = [
    path("lessons/<int:activity_id>/hand-in/", work.hand_in, name="hand_in"),
    path("lessons/<int:activity_id>/hand-in/begin/", work.begin, name="begin"),
    path("lessons/<int:activity_id>/hand-in/files/", files.bring, name="bring"),
    path("work/<int:submission_id>/", reading.work, name="work"),
    path("work/<int:submission_id>/receipt/", work.receipt, name="receipt"),
    path("work/<int:submission_id>/take-back/", work.take_back, name="take_back"),
    path("work/<int:submission_id>/change/", reading.will_change, name="will_change"),
    path("work/<int:submission_id>/ask/", reading.ask, name="ask"),
    path("work/files/<uuid:file_id>/<path:name>", files.work_file, name="file"),
    path("work/pages/<int:page_id>.<slug:ext>", files.page, name="page"),
    path("courses/<int:course_id>/feedback/", reading.course_feedback, name="course_feedback"),
    path("marking/", queue.queue, name="queue"),
    path("marking/<int:submission_id>/", marking.mark, name="mark"),
    path("marking/<int:submission_id>/release/", releasing.release, name="release"),
    path("marking/<int:submission_id>/hold-back/", releasing.hold_back, name="hold_back"),
    path("marking/<int:submission_id>/take/", queue.take, name="take"),
    path("marking/<int:submission_id>/give/", queue.give, name="give"),
    path("marking/<int:submission_id>/here/", marking.here, name="here"),
    path("marking/<int:submission_id>/answer/", comments.answer, name="answer"),
    path("marking/<int:submission_id>/comments/", comments.comment, name="comment"),
    path("marking/<int:submission_id>/comments/<uuid:key>/delete/", comments.delete, name="delete_comment"),
    path("cohorts/<int:cohort_id>/marking/bank/", bank.bank, name="bank"),
    path("cohorts/<int:cohort_id>/marking/bank/found/", bank.found, name="bank_found"),
    path("cohorts/<int:cohort_id>/marking/bank/<int:entry_id>/", bank.entry, name="bank_entry"),
    path("cohorts/<int:cohort_id>/marking/bank/<int:entry_id>/delete/", bank.delete, name="delete_bank_entry"),
    path("cohorts/<int:cohort_id>/marking/release/", releasing.release_many, name="release_many"),
from feedback.views import stand_in
from feedback.views import authoring, away, promises, settings, stand_in

app_name = "feedback"
urlpatterns = [
    path("work/<int:submission_id>/", stand_in.nothing, name="work"),
    path("marking/", stand_in.nothing, name="queue"),
    path("marking/<int:submission_id>/", stand_in.nothing, name="mark"),
    path("edit/activities/<int:activity_id>/rubric/", authoring.rubric, name="rubric"),
    path("edit/modules/<int:module_id>/assignments/", authoring.new_set, name="new_set"),
    path("cohorts/<int:cohort_id>/marking/settings/", settings.settings, name="settings"),
    path("cohorts/<int:cohort_id>/marking/pauses/", settings.pauses, name="pauses"),
    path("cohorts/<int:cohort_id>/marking/pauses/<int:pause_id>/end/", settings.end_pause, name="end_pause"),
    path("me/away/", away.away, name="away"),
    path("me/away/<int:absence_id>/cancel/", away.cancel_away, name="cancel_away"),
    path("manage/promises/", promises.promises, name="promises"),
]
