"""Cohorts, as a site admin makes and fills them."""

from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Cohort, CourseImport, Enrolment
from tests.cast import Cast
from tests.dashboards.steps import do, refused, text
from tests.factories import courses as make
from tests.undoing import undo

COHORT = {
    "name": "Night group",
    "timezone": "Europe/Oslo",
    "pacing": "self-paced",
    "starts_on": "2026-12-01",
    "ends_on": "2027-02-01",
}


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.admin)
    return client


def enrol(cast: Cast, admin: Client, people: str, role: str = "student") -> str:
    path = f"/manage/cohorts/{cast.cohort.pk}/enrolments/"
    return admin.post(path, {"people": people, "role": role}, follow=True).content.decode()


def state(admin: Client, enrolment: Enrolment, **sent: object) -> str:
    return admin.post(f"/manage/enrolments/{enrolment.pk}/state/", sent, follow=True).content.decode()


def test_new_cohort_opens_its_page_to_put_people_in(cast: Cast, admin: Client) -> None:
    response = admin.post(f"/manage/courses/{cast.course.pk}/cohorts/new/", COHORT, follow=True)
    assert "Cohort created. Now add people." in response.content.decode()
    made = Cohort.objects.get(name="Night group")
    assert (made.course, str(made.timezone), made.pacing) == (cast.course, "Europe/Oslo", "self-paced")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends_on": "2026-11-30"}, "The last day cannot be before the first day."),
        ({"name": ""}, "Fill in this field."),
        ({"timezone": "Mars/Olympus"}, "We do not know that place."),
        ({"timezone": "CET"}, "We do not know that place."),
        ({"starts_on": "yesterday"}, "valid date"),
    ],
)
def test_refused_cohort_keeps_what_was_typed(cast: Cast, admin: Client, wrong: dict, said: str) -> None:
    before = Cohort.objects.count()
    page = refused(admin.post(f"/manage/courses/{cast.course.pk}/cohorts/new/", {**COHORT, **wrong}))
    assert said in page
    assert 'value="2027-02-01"' in page or "ends_on" in wrong
    assert Cohort.objects.count() == before


def test_cohort_is_changed_on_its_page(cast: Cast, admin: Client) -> None:
    path = f"/manage/cohorts/{cast.cohort.pk}/"
    assert "Saved." in admin.post(path, COHORT, follow=True).content.decode()
    refused(admin.post(path, {**COHORT, "name": ""}))
    cast.cohort.refresh_from_db()
    assert cast.cohort.name == "Night group"


def test_people_come_in_by_name_and_address(cast: Cast, admin: Client) -> None:
    assert "2 people added." in enrol(cast, admin, "Outsider\neditor@example.org")
    assert "1 person added." in enrol(cast, admin, "outsider", role="assistant")
    roles = dict(cast.cohort.enrolments.values_list("user__username", "role"))
    assert (roles["outsider"], roles["editor"]) == ("assistant", "student")
    admin.force_login(cast.editor)
    assert admin.get(f"/lessons/{cast.reading.pk}/").status_code == 200


@pytest.mark.parametrize("sent", [{"people": "  ", "role": "student"}, {"people": "outsider", "role": "king"}])
def test_refused_enrolment_changes_nothing(cast: Cast, admin: Client, sent: dict) -> None:
    before = cast.cohort.enrolments.count()
    refused(admin.post(f"/manage/cohorts/{cast.cohort.pk}/enrolments/", sent))
    assert cast.cohort.enrolments.count() == before


@pytest.mark.parametrize("new", ["suspended", "left"])
def test_suspended_or_left_counts_from_the_next_click(cast: Cast, admin: Client, new: str) -> None:
    student = Client()
    student.force_login(cast.student)
    assert student.get(f"/lessons/{cast.reading.pk}/").status_code == 200
    page = state(admin, cast.enrolment, state=new)
    assert "Student is suspended" in page if new == "suspended" else "Student has left “Morning group”" in page
    assert page.count("Restore") == 1
    assert student.get(f"/lessons/{cast.reading.pk}/").status_code == 404
    assert student.get(f"/courses/{cast.course.pk}/").status_code == 404
    state(admin, cast.enrolment, state="active")
    assert student.get(f"/lessons/{cast.reading.pk}/").status_code == 200


@pytest.mark.parametrize("new", ["suspended", "left"])
def test_suspending_is_undone_unless_it_changed_since(cast: Cast, admin: Client, new: str) -> None:
    path = f"/manage/enrolments/{cast.enrolment.pk}/state/"
    done = admin.post(path, {"state": new}, follow=True)
    assert "Student is in the cohort again." in undo(admin, done)
    assert cast.enrolment.state == "active"
    done = admin.post(path, {"state": new}, follow=True)
    state(admin, cast.enrolment, state="active")
    assert "changed again since then" in undo(admin, done)
    assert cast.enrolment.state == "active"


def test_who_is_no_admin_any_more_undoes_nothing(cast: Cast, admin: Client) -> None:
    done = admin.post(f"/manage/enrolments/{cast.enrolment.pk}/state/", {"state": "left"}, follow=True)
    User.objects.filter(pk=cast.admin.pk).update(is_staff=False)
    assert "can no longer be undone" in undo(admin, done)
    assert cast.enrolment.state == "left"


def test_page_of_a_move_says_whose_and_when_the_other_cohorts_are(cast: Cast, admin: Client) -> None:
    make.CohortFactory(course=cast.course, name="Orphaned", starts_on=date(2027, 1, 4), ends_on=date(2027, 3, 1))
    page = text(admin, f"/manage/enrolments/{cast.enrolment.pk}/move/")
    assert "4 Jan 2027 – 1 Mar 2027" in page
    assert "Elsewhere.Teacher" in page
    assert page.count("No teacher") == 1


def test_suspended_teacher_sees_the_class_no_more(cast: Cast, admin: Client) -> None:
    teacher = Client()
    teacher.force_login(cast.teacher)
    assert teacher.get(f"/teach/cohorts/{cast.cohort.pk}/").status_code == 200
    state(admin, cast.teacher.enrolments.get(), state="suspended")
    assert teacher.get(f"/teach/cohorts/{cast.cohort.pk}/").status_code == 404
    assert teacher.get(f"/teach/students/{cast.enrolment.pk}/").status_code == 404


def test_moving_keeps_everything_done(cast: Cast, admin: Client) -> None:
    do(cast.enrolment, cast.reading)
    enrolment = cast.enrolment
    assert "Student is now in “Evening group”, with all their progress." in state(
        admin, enrolment, cohort=cast.elsewhere.pk
    )
    enrolment.refresh_from_db()
    assert enrolment.cohort == cast.elsewhere
    admin.force_login(cast.student)
    assert "1 of 3 done" in text(admin, f"/courses/{cast.course.pk}/")


def test_moving_where_they_are_already_says_why_not(cast: Cast, admin: Client) -> None:
    make.EnrolmentFactory(user=cast.student, cohort=cast.elsewhere)
    assert "This person is already in that cohort." in state(admin, cast.enrolment, cohort=cast.elsewhere.pk)


def test_other_cohorts_are_offered_only_where_there_are_some(cast: Cast, admin: Client) -> None:
    move = f"/manage/enrolments/{cast.enrolment.pk}/move/"
    assert move in text(admin, f"/manage/cohorts/{cast.cohort.pk}/")
    assert "Evening group" in text(admin, move)
    alone = make.EnrolmentFactory()
    assert "Move to another cohort" not in text(admin, f"/manage/cohorts/{alone.cohort_id}/")
    assert "This course has no other cohort." in text(admin, f"/manage/enrolments/{alone.pk}/move/")


def test_overview_counts_and_shows_how_the_last_imports_ended(cast: Cast, admin: Client) -> None:
    CourseImport.objects.create(file_name="rivers.imscc", sentence="3 imported, 0 kept for later, 0 left out.")
    page = text(admin, "/manage/")
    assert "4 activities · 2 cohorts" in page
    assert "2 students · 1 teacher" in page
    assert "See all 10 people with an account" in page
    assert "rivers.imscc" in page
    assert "3 imported" in page


def test_cohort_without_a_teacher_stands_out(cast: Cast, admin: Client) -> None:
    for address in ("/manage/", "/manage/cohorts/"):
        assert "No teacher" not in text(admin, address)
    state(admin, cast.teacher.enrolments.get(), state="left")
    for address in ("/manage/", "/manage/cohorts/"):
        assert text(admin, address).count("No teacher") == 1


def test_overview_says_when_no_worker_lives(cast: Cast, admin: Client) -> None:
    from common import pulse

    assert "No background worker has responded" in text(admin, "/manage/")
    pulse.beat(pulse.WORKER)
    assert "No background worker has responded" not in text(admin, "/manage/")


def test_empty_site_says_how_to_begin(db: None, client: Client) -> None:
    from tests.factories.people import UserFactory

    client.force_login(UserFactory(is_staff=True))
    page = text(client, "/manage/")
    assert "Start with a course" in page
    assert "A cohort is a group that studies a course together." in page
