"""Queries per page: six for students, twelve for teachers and admins, the same at one and at three."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.models import Accommodation, CourseImport, DueDate, KeptItem
from notifications.tasks import deliver
from progress.services import ticks, visits
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories import feedback, talks
from tests.factories.announcements import announcement

FOR_STUDENTS, FOR_STAFF = 6, 12


def queries(client: Client, path: str) -> int:
    """Of a second visit, the session and the person among them: the first also writes where the person was."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def grow(cast: Cast, number: int) -> None:
    """One more of everything: a module with dates, a student with a past, a cohort, a course, an import."""
    module = make.ModuleFactory(course=cast.course, position=10 + number)
    activity = make.reading(module, "Bees again.", position=0)
    make.link(module, position=1)
    make.file_activity(module, name=f"sheet{number}.pdf", position=2)
    KeptItem.objects.create(
        course=cast.course,
        module=module,
        package="p",
        identifier=f"q{number}",
        kind="quiz",
        title="Q",
        position=0,
        raw={},
    )
    for cohort in (cast.cohort, make.CohortFactory(course=cast.course)):
        DueDate.objects.create(cohort=cohort, activity=activity, zone="UTC", suggested_wall="2026-12-01T20:00")
    make.EnrolmentFactory(cohort=cohort, user=cast.teacher, role="teacher")
    student = make.EnrolmentFactory(cohort=cast.cohort)
    Accommodation.objects.create(enrolment=student, extra_days=1)
    for enrolment in (student, cast.enrolment):
        ticks.complete(enrolment, activity, how="marked", evidence={}, by=enrolment.user)
        visits.add_visible(enrolment, activity, [(1764000000, 1764000600)], zone="UTC")
    another = make.ModuleFactory(position=0)
    lesson = make.reading(another, position=0)
    theirs = make.EnrolmentFactory(user=cast.student, cohort=make.CohortFactory(course=another.course))
    DueDate.objects.create(cohort=theirs.cohort, activity=lesson, zone="UTC", suggested_wall="2026-12-01T20:00")
    another.course.editors.create(user=cast.editor)
    cast.course.editors.create(user=student.user)
    CourseImport.objects.create(file_name=f"{number}.imscc", course=another.course)


def same_at_one_and_at_three(cast: Cast, client: Client, viewer: User, path: str) -> int:
    client.force_login(viewer)
    path = path.format(c=cast)
    grow(cast, 1)
    few = queries(client, path)
    for number in (2, 3):
        grow(cast, number)
    assert queries(client, path) == few
    return few


def test_today(cast: Cast, client: Client) -> None:
    assert same_at_one_and_at_three(cast, client, cast.student, "/") <= FOR_STUDENTS


@pytest.mark.parametrize("path", ["/", "/courses/{c.course.pk}/"])
def test_pages_that_show_an_announcement(cast: Cast, client: Client, path: str) -> None:
    announcement(cast.teacher, cast.cohort)
    deliver()
    assert same_at_one_and_at_three(cast, client, cast.student, path) <= FOR_STUDENTS
    assert "No class on Friday" in client.get(path.format(c=cast)).content.decode()


def test_today_with_feedback_that_has_come_and_an_announcement(cast: Cast, client: Client) -> None:
    sent = feedback.hand_in(cast.enrolment, feedback.assignment(cast.module))
    feedback.release(sent, cast.teacher)
    announcement(cast.teacher, cast.cohort)
    deliver()
    assert same_at_one_and_at_three(cast, client, cast.student, "/") <= FOR_STUDENTS
    page = client.get("/").content.decode()
    assert "No class on Friday" in page
    assert f"/work/{sent.pk}/" in page


def test_today_of_somebody_who_has_finished_everything(cast: Cast, client: Client) -> None:
    for activity in (cast.reading, cast.file, cast.link):
        ticks.complete(cast.enrolment, activity, how="marked", evidence={}, by=cast.student)
    assert same_at_one_and_at_three(cast, client, cast.student, "/") <= FOR_STUDENTS


def test_weeks_of_a_student(cast: Cast, client: Client) -> None:
    talks.answered(cast.cohort, cast.teacher, cast.student)
    assert same_at_one_and_at_three(cast, client, cast.student, "/courses/{c.course.pk}/my-weeks/") <= FOR_STUDENTS
    assert "You answered 1 check-in" in client.get(f"/courses/{cast.course.pk}/my-weeks/").content.decode()


def test_people_of_a_cohort(cast: Cast, client: Client) -> None:
    assert same_at_one_and_at_three(cast, client, cast.student, "/cohorts/{c.cohort.pk}/people/") <= FOR_STUDENTS


TEACHERS = [
    "/teach/",
    "/teach/cohorts/{c.cohort.pk}/",
    "/teach/cohorts/{c.cohort.pk}/needed/",
    "/teach/cohorts/{c.cohort.pk}/weeks/",
    "/teach/cohorts/{c.cohort.pk}/dates/",
    "/teach/cohorts/{c.cohort.pk}/dates/{c.reading.pk}/",
    "/teach/students/{c.enrolment.pk}/",
    "/cohorts/{c.cohort.pk}/calendar/",
    "/cohorts/{c.cohort.pk}/people/",
]


@pytest.mark.parametrize("path", TEACHERS)
@pytest.mark.parametrize("role", ["teacher", "admin"])
def test_pages_of_a_teacher(cast: Cast, client: Client, path: str, role: str) -> None:
    assert same_at_one_and_at_three(cast, client, cast.person(role), path) <= FOR_STAFF


@pytest.mark.parametrize(
    "path",
    [
        "/manage/",
        "/manage/people/",
        "/manage/people/?q=person",
        "/manage/people/new/",
        "/manage/people/{c.student.pk}/",
        "/manage/people/{c.student.pk}/told/",
        "/manage/notices/",
        "/manage/courses/{c.course.pk}/cohorts/new/",
        "/manage/cohorts/{c.cohort.pk}/",
        "/edit/courses/{c.course.pk}/editors/",
        "/edit/imports/new/",
        "/styleguide/",
    ],
)
def test_pages_of_an_admin(cast: Cast, client: Client, path: str) -> None:
    assert same_at_one_and_at_three(cast, client, cast.admin, path) <= FOR_STAFF


@pytest.mark.parametrize(
    "path",
    [
        "/edit/courses/{c.course.pk}/",
        "/edit/courses/{c.course.pk}/details/",
        "/edit/courses/{c.course.pk}/modules/new/",
        "/edit/modules/{c.module.pk}/",
        "/edit/modules/{c.module.pk}/new/reading/",
        "/edit/activities/{c.reading.pk}/",
        "/edit/activities/{c.file.pk}/",
        "/edit/activities/{c.link.pk}/",
    ],
)
def test_pages_of_an_author(cast: Cast, client: Client, path: str) -> None:
    assert same_at_one_and_at_three(cast, client, cast.editor, path) <= FOR_STAFF


def test_report_of_an_import_asks_the_same_however_long_it_is(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    counts = []
    for length in (1, 300):
        lines = [{"identifier": "a", "title": "A", "kind": "reading", "outcome": "imported", "reason": ""}] * length
        run = make.ended_import(lines, [], course=cast.course)
        counts.append(queries(client, f"/edit/imports/{run.pk}/"))
    assert counts[0] == counts[1] <= FOR_STAFF


def test_refused_forms_of_a_student_page_stay_within_the_budget(cast: Cast, client: Client) -> None:
    grow(cast, 1)
    client.force_login(cast.teacher)
    path = f"/teach/students/{cast.enrolment.pk}/accommodation/"
    client.post(path, {"extra_days": ""})
    with CaptureQueriesContext(connection) as captured:
        assert client.post(path, {"extra_days": ""}).status_code == 422
    assert len(captured) <= FOR_STAFF
