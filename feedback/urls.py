from django.urls import path

from feedback.views import files, reading, work

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
]
