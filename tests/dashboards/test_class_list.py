"""The teacher's class: who is how far, who is late, who was seen when."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from courses.models import Accommodation, Enrolment
from dashboards.selectors.class_list import StudentRow
from progress.services import visits
from tests.cast import Cast
from tests.dashboards.steps import NOW, do, due, text
from tests.factories import courses as make

pytestmark = pytest.mark.usefixtures("clock")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def teacher(cast: Cast, client: Client) -> Client:
    client.force_login(cast.teacher)
    return client


def rows(cast: Cast, client: Client) -> dict[str, StudentRow]:
    response = client.get(f"/teach/cohorts/{cast.cohort.pk}/")
    assert response.status_code == 200
    return {row.enrolment.user.username: row for row in response.context["list"].rows}


def test_done_counts_each_students_own_required_steps(cast: Cast, teacher: Client) -> None:
    make.reading(cast.module, title="Extra", position=9, required=False)
    do(cast.enrolment, cast.reading, cast.file)
    found = rows(cast, teacher)
    assert (found["student"].outline.done, found["student"].outline.total) == (2, 3)
    assert (found["other.student"].outline.done, found["other.student"].outline.total) == (0, 3)
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/")
    assert "2/3" in page
    assert "0/3" in page


def test_teacher_sees_the_same_progress_as_the_student_after_the_module_grew(cast: Cast, teacher: Client) -> None:
    do(cast.enrolment, cast.reading, cast.file, cast.link, at=NOW - 2 * DAY)
    make.reading(cast.module, title="Bee ears", position=9, published_at=NOW - DAY)
    assert "3/3" in text(teacher, f"/teach/cohorts/{cast.cohort.pk}/")
    assert "3 of 3 done" in text(teacher, f"/teach/students/{cast.enrolment.pk}/")


def test_late_is_what_was_due_is_open_and_is_not_done(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    due(cast.cohort, cast.file, NOW - DAY, closes=NOW - HOUR)
    due(cast.cohort, cast.link, NOW + DAY)
    due(cast.cohort, cast.draft, NOW - DAY)
    found = rows(cast, teacher)
    assert (found["student"].late, found["other.student"].late) == (1, 1)
    do(cast.enrolment, cast.reading)
    assert rows(cast, teacher)["student"].late == 0


def test_whoever_has_an_extension_is_not_late_before_it_ends(
    cast: Cast, teacher: Client, clock: time_machine.Traveller
) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    cast.enrolment.extensions.create(activity=cast.reading, agreed_wall="2026-11-25T10:00", zone="UTC")
    assert rows(cast, teacher)["student"].late == 0
    assert rows(cast, teacher)["other.student"].late == 1
    clock.shift(2 * DAY)
    assert rows(cast, teacher)["student"].late == 1


@pytest.mark.parametrize(
    ("back", "said"), [(None, "never"), (HOUR, "today"), (DAY, "yesterday"), (9 * DAY, "9 days ago")]
)
def test_last_visit_is_told_in_days(cast: Cast, teacher: Client, back: timedelta | None, said: str) -> None:
    Enrolment.objects.filter(user=cast.other_student).update(last_seen_at=NOW - 100 * DAY)
    Enrolment.objects.filter(user=cast.student).update(last_seen_at=back and NOW - back)
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/")
    assert f">{said}</td>" in page


def test_minutes_are_those_of_the_last_fourteen_days_by_the_day(cast: Cast, teacher: Client) -> None:
    for back, minutes in ((0, 5), (1, 20), (13, 7), (14, 50)):
        start = int((NOW - back * DAY).timestamp())
        visits.add_visible(cast.enrolment, cast.reading, [(start, start + minutes * 60)], zone="Europe/Berlin")
    row = rows(cast, teacher)["student"]
    assert row.days == [7, *[0] * 11, 20, 5]
    assert row.minutes == 32
    # An hour fills the height of sixteen; every minute can be seen.
    assert row.bars == [(0, 14, 2), (60, 10, 6), (65, 14, 2)]
    assert "32 min" in text(teacher, f"/teach/cohorts/{cast.cohort.pk}/")


def test_more_than_an_hour_does_not_leave_the_drawing(cast: Cast, teacher: Client) -> None:
    start = int((NOW - 5 * HOUR).timestamp())
    visits.add_visible(cast.enrolment, cast.reading, [(start, start + 5 * 3600)], zone="UTC")
    row = rows(cast, teacher)["student"]
    assert row.minutes == 300
    assert row.bars == [(65, 0, 16)]


def test_only_active_students_of_the_own_cohort_are_listed(cast: Cast, teacher: Client) -> None:
    assert set(rows(cast, teacher)) == {"student", "other.student"}
    Enrolment.objects.filter(user=cast.other_student).update(state="suspended")
    assert set(rows(cast, teacher)) == {"student"}
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/")
    assert cast.elsewhere_student.display_name not in page
    assert cast.observer.display_name not in page


def test_extra_time_is_marked(cast: Cast, teacher: Client) -> None:
    path = f"/teach/cohorts/{cast.cohort.pk}/"
    assert "Extra time" not in text(teacher, path)
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=2)
    assert text(teacher, path).count("Extra time") == 1


def test_fifty_students_stand_on_a_page(cast: Cast, teacher: Client) -> None:
    for _ in range(49):
        make.EnrolmentFactory(cohort=cast.cohort)
    path = f"/teach/cohorts/{cast.cohort.pk}/"
    names = []
    for number, count in ((1, 50), (2, 1)):
        response = teacher.get(f"{path}?page={number}")
        assert len(response.context["list"].rows) == count
        names += [row.enrolment.user.display_name for row in response.context["list"].rows]
    assert len(set(names)) == 51
    assert names == sorted(names)
    assert "Page 2 of 2" in text(teacher, f"{path}?page=99")
    assert "Page 1 of 2" in text(teacher, f"{path}?page=first")


def test_empty_cohort_says_what_will_stand_there(cast: Cast, teacher: Client) -> None:
    Enrolment.objects.filter(cohort=cast.cohort, role="student").update(state="left")
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/")
    assert "No one is in this cohort yet" in page
    assert "Add students" not in page


def test_cohorts_of_a_teacher_are_only_their_own_with_their_numbers(cast: Cast, teacher: Client) -> None:
    page = text(teacher, "/teach/")
    assert "Morning group" in page
    assert "2 students" in page
    assert "Evening group" not in page
