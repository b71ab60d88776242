from django.urls import path

from dashboards.views import class_list, deleting, lists, manage, notices

app_name = "manage"
urlpatterns = [
    path("", manage.overview, name="overview"),
    path("courses/", lists.courses, name="courses"),
    path("cohorts/", lists.cohorts, name="cohorts"),
    path("imports/", lists.imports, name="imports"),
    path("people/", lists.people, name="people"),
    path("people/new/", manage.new_person, name="new_person"),
    path("people/<int:user_id>/", manage.person, name="person"),
    path("people/<int:user_id>/link/", manage.person_link, name="person_link"),
    path("people/<int:user_id>/told/", notices.told, name="told"),
    path("people/<int:user_id>/address/", notices.address, name="address"),
    path("notices/", notices.notices, name="notices"),
    path("notices/nudges/", notices.nudges, name="nudges"),
    path("courses/<int:course_id>/cohorts/new/", manage.new_cohort, name="new_cohort"),
    path("cohorts/<int:cohort_id>/", manage.cohort, name="cohort"),
    path("cohorts/<int:cohort_id>/enrolments/", class_list.enrol, name="enrol"),
    path("cohorts/<int:cohort_id>/first-links/", class_list.first_links, name="first_links"),
    path("cohorts/<int:cohort_id>/first-links/mail/", class_list.mail_first_links, name="mail_first_links"),
    path("cohorts/<int:cohort_id>/first-links/slips/", class_list.slips, name="slips"),
    path("people/<int:user_id>/delete/", deleting.person, name="delete_person"),
    path("cohorts/<int:cohort_id>/delete/", deleting.cohort, name="delete_cohort"),
    path("enrolments/<int:enrolment_id>/move/", manage.move, name="move"),
    path("enrolments/<int:enrolment_id>/state/", manage.set_state, name="set_state"),
]
