from django.urls import path

from dashboards.views import excuses, gradebook, lectures, needed, teach, weeks

app_name = "teach"
urlpatterns = [
    path("", teach.cohorts, name="cohorts"),
    path("cohorts/<int:cohort_id>/", teach.cohort, name="cohort"),
    path("cohorts/<int:cohort_id>/needed/", needed.needed, name="needed"),
    path("cohorts/<int:cohort_id>/weeks/", weeks.of_class, name="weeks"),
    path("cohorts/<int:cohort_id>/gradebook/", gradebook.gradebook, name="gradebook"),
    path("cohorts/<int:cohort_id>/gradebook.csv", gradebook.sheet, name="gradebook_csv"),
    path("cohorts/<int:cohort_id>/dates/", teach.dates, name="dates"),
    path("cohorts/<int:cohort_id>/dates/<int:activity_id>/", teach.due_date, name="due_date"),
    path("cohorts/<int:cohort_id>/lectures/", lectures.lectures, name="lectures"),
    path("cohorts/<int:cohort_id>/lectures/<int:activity_id>/", lectures.lecture, name="lecture"),
    path("students/<int:enrolment_id>/", teach.student, name="student"),
    path("students/<int:enrolment_id>/snooze/", needed.snooze, name="snooze"),
    path("students/<int:enrolment_id>/extensions/<int:activity_id>/", teach.extend, name="extend"),
    path("students/<int:enrolment_id>/activities/<int:activity_id>/done/", teach.tick, name="tick"),
    path("students/<int:enrolment_id>/activities/<int:activity_id>/not-done/", teach.withdraw, name="withdraw"),
    path("students/<int:enrolment_id>/excuses/", excuses.excuses, name="excuses"),
    path("students/<int:enrolment_id>/accommodation/", teach.accommodate, name="accommodate"),
]
