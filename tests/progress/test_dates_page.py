"""All of one's dates on one page, and what was agreed about them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from courses.models import Accommodation, Activity, Cohort, DueDate, Enrolment, Extension
from progress.services import ticks
from tests.cast import Cast
from tests.factories import courses as make

# A Tuesday.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def student(cast: Cast, client: Client) -> Client:
    client.force_login(cast.student)
    return client


def due(cohort: Cohort, activity: Activity, at: datetime, closes: datetime | None = None) -> DueDate:
    walls = {"suggested_wall": at.replace(tzinfo=None), "cutoff_wall": closes and closes.replace(tzinfo=None)}
    return DueDate.objects.create(cohort=cohort, activity=activity, zone="UTC", **walls)


def extend(enrolment: Enrolment, activity: Activity, at: datetime, **more: object) -> None:
    Extension.objects.create(
        enrolment=enrolment, activity=activity, agreed_wall=at.replace(tzinfo=None), zone="UTC", **more
    )


def groups(client: Client) -> dict[str, list[str]]:
    found = client.get("/dates/").context["groups"]
    return {group.anchor: [date.step.title for date in group.dates] for group in found}


def row(client: Client, title: str) -> str:
    text = client.get("/dates/").content.decode()
    found = next(one for one in re.findall(r'<li class="dated.*?</li>', text, re.S) if title in one)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found))


def test_dates_of_every_course_stand_by_when_they_are(student: Client, cast: Cast) -> None:
    moth = make.reading(make.ModuleFactory(course__title="Moths"), title="Moth eyes")
    make.EnrolmentFactory(user=cast.student, cohort__course=moth.module.course, cohort__name="Night")
    due(Cohort.objects.get(name="Night"), moth, NOW + 200 * DAY)
    due(cast.cohort, cast.reading, NOW - 30 * DAY)
    due(cast.cohort, cast.file, NOW - 2 * DAY)
    due(cast.cohort, cast.link, NOW + DAY)
    ticks.complete(cast.enrolment, cast.reading, how="marked", evidence={}, by=cast.student)
    assert groups(student) == {
        "late": [cast.file.title],
        "coming": [cast.link.title, "Moth eyes"],
        "past": [cast.reading.title],
    }
    assert "Moths" in row(student, "Moth eyes")


def test_what_closed_undone_is_past_and_not_late(student: Client, cast: Cast) -> None:
    due(cast.cohort, cast.reading, NOW - 9 * DAY, NOW - 8 * DAY)
    due(cast.cohort, cast.file, NOW - 5 * DAY)
    assert groups(student) == {"late": [cast.file.title], "past": [cast.reading.title]}
    assert "Closed" in row(student, cast.reading.title)


def test_an_extension_says_that_it_is_one_and_what_the_date_was(student: Client, cast: Cast) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    due(cast.cohort, cast.file, NOW + DAY)
    extend(cast.enrolment, cast.reading, NOW + 5 * DAY, granted_by=cast.teacher)
    said = row(student, cast.reading.title)
    assert "Due in 5 days, Sunday 29 November" in said
    assert "new date agreed" in said
    assert "Extension: a new date was agreed for you. Before, it was: Monday 23 November, 11:00 (Berlin)" in said
    assert "agreed" not in row(student, cast.file.title)


def test_an_extension_says_so_on_today_and_in_the_outline(student: Client, cast: Cast) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    extend(cast.enrolment, cast.reading, NOW + 5 * DAY, granted_by=cast.teacher)
    for path in ("/", f"/courses/{cast.course.pk}/", f"/lessons/{cast.reading.pk}/"):
        assert "new date agreed" in student.get(path).content.decode(), path


def test_what_the_student_moved_is_said_to_be_their_own_doing(student: Client, cast: Cast) -> None:
    due(cast.cohort, cast.reading, NOW + DAY, NOW + 9 * DAY)
    extend(cast.enrolment, cast.reading, NOW + 3 * DAY, by_student=True)
    assert "You moved this date. Before, it was: Wednesday 25 November" in row(student, cast.reading.title)


def test_extra_days_are_named_and_count_in_what_the_date_was_before_an_extension(student: Client, cast: Cast) -> None:
    due(cast.cohort, cast.reading, NOW + DAY)
    due(cast.cohort, cast.file, NOW + DAY)
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=2)
    extend(cast.enrolment, cast.file, NOW + 6 * DAY, granted_by=cast.teacher)
    said = row(student, cast.reading.title)
    assert "Due in 3 days" in said
    assert "You have extra time. For the others in your cohort: Wednesday 25 November" in said
    assert "Before, it was: Friday 27 November" in row(student, cast.file.title)


def test_an_agreement_that_is_no_later_is_none(student: Client, cast: Cast) -> None:
    due(cast.cohort, cast.reading, NOW + 5 * DAY)
    extend(cast.enrolment, cast.reading, NOW + DAY, granted_by=cast.teacher)
    said = row(student, cast.reading.title)
    assert "Due in 5 days" in said
    assert "Before" not in said


def test_nobody_sees_what_was_agreed_with_another(cast: Cast, client: Client) -> None:
    due(cast.cohort, cast.reading, NOW + DAY)
    extend(cast.enrolment, cast.reading, NOW + 5 * DAY, granted_by=cast.teacher)
    client.force_login(cast.other_student)
    said = row(client, cast.reading.title)
    assert "tomorrow" in said
    assert "agreed" not in said


@pytest.mark.parametrize("who", ["teacher", "outsider", "admin"])
def test_who_studies_nothing_is_told_what_the_page_is_for(cast: Cast, client: Client, who: str) -> None:
    due(cast.cohort, cast.reading, NOW + DAY)
    client.force_login(cast.person(who))
    text = client.get("/dates/", follow=True).content.decode()
    assert "You are not taking one at the moment." in text or "second step" in text
    assert cast.reading.title not in text


def test_today_and_the_course_lead_there(student: Client, cast: Cast) -> None:
    for path in ("/", f"/courses/{cast.course.pk}/"):
        assert 'href="/dates/"' in student.get(path).content.decode(), path
