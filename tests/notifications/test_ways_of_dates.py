"""Every way in which a date can arise is found by the plan: calendar, days after a start, extension, accommodation."""

from datetime import UTC, datetime, time, timedelta

import pytest

from courses.kinds import Who
from courses.models import DueDate, Enrolment
from courses.services import cohorts
from notifications.models import Notice
from notifications.services import planning
from progress.services import ticks, waits
from tests.cast import Cast
from tests.factories import courses as make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 10, 18, 0)


def planned(cast: Cast) -> list[tuple[int, int]]:
    """Lead and day of what the student is to be reminded of."""
    planning.plan(NOW)
    mine = Notice.objects.filter(person=cast.student, kind="due_soon").order_by("local_day", "subject")
    return [(one.lead, one.local_day.day) for one in mine]


def test_date_of_the_calendar(cast: Cast) -> None:
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=TOMORROW))
    assert planned(cast) == [(1, 9)]


def test_days_after_each_students_own_start(cast: Cast) -> None:
    Enrolment.objects.filter(user=cast.student).update(started_on=TOMORROW.date() - timedelta(days=9))
    Enrolment.objects.filter(user=cast.other_student).update(started_on=TOMORROW.date() - timedelta(days=200))
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_days=9, time_of_day=time(18)))
    assert planned(cast) == [(1, 9)]
    assert not Notice.objects.filter(person=cast.other_student).exists()


@pytest.mark.parametrize("days", [1, 400])
def test_extension_of_a_date_long_ago_or_just_before(cast: Cast, days: int) -> None:
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=TOMORROW - timedelta(days=days)))
    cohorts.extend(cast.enrolment, cast.reading, TOMORROW, reason="", by=cast.teacher)
    assert planned(cast) == [(1, 9)]


def test_accommodation_that_brings_a_date_of_last_year_near(cast: Cast) -> None:
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=TOMORROW - timedelta(days=300)))
    cohorts.accommodate(cast.enrolment, extra_days=300, note="", by=cast.teacher)
    assert planned(cast) == [(1, 9)]
    assert not Notice.objects.filter(person=cast.other_student).exists()


def test_extension_and_accommodation_together_make_one(cast: Cast) -> None:
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=TOMORROW - timedelta(days=300)))
    cohorts.accommodate(cast.enrolment, extra_days=300, note="", by=cast.teacher)
    cohorts.extend(cast.enrolment, cast.reading, TOMORROW, reason="", by=cast.teacher)
    assert planned(cast) == [(1, 9)]


def test_student_in_two_cohorts_of_a_course_hears_of_the_date_of_the_one_joined_last(cast: Cast) -> None:
    make.EnrolmentFactory(user=cast.student, cohort=cast.elsewhere, role="student")
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=TOMORROW))
    cohorts.set_due_date(cast.elsewhere, cast.reading, DueDate(suggested_wall=TOMORROW + timedelta(days=1)))
    assert planned(cast) == [(3, 8)]


def test_step_that_is_with_the_teacher_is_not_due(cast: Cast) -> None:
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=TOMORROW))
    waits.begin_wait(cast.enrolment, cast.reading, waits_for=Who.TEACHER)
    assert planned(cast) == []


def test_date_in_the_year_2099_or_long_past_plans_nothing(cast: Cast) -> None:
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=datetime(2099, 12, 31, 23, 59)))
    cohorts.set_due_date(cast.cohort, cast.file, DueDate(suggested_wall=datetime(2000, 1, 1)))
    planning.plan(NOW)
    assert not Notice.objects.filter(kind__startswith="due_").exists()


def test_planning_again_writes_nothing(cast: Cast) -> None:
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=TOMORROW))
    assert planning.plan(NOW) > 0
    assert planning.plan(NOW) == 0
    assert planning.plan(NOW + timedelta(minutes=5)) == 0


def test_date_of_a_cohort_is_that_of_all_who_have_none_of_their_own(cast: Cast) -> None:
    extended, accommodated, done = (make.EnrolmentFactory(cohort=cast.cohort, role="student") for _ in range(3))
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=TOMORROW))
    cohorts.extend(extended, cast.reading, TOMORROW + timedelta(days=1), reason="", by=cast.teacher)
    cohorts.accommodate(accommodated, extra_days=0, note="", by=cast.teacher)
    ticks.complete(done, cast.reading, how="read", evidence={}, by=done.user)
    planning.plan(NOW)
    told = Notice.objects.filter(kind="due_soon").values_list("person", "lead", "local_day__day")
    alike = (cast.student.pk, cast.other_student.pk, accommodated.user_id)
    assert sorted(told) == sorted([*((person, 1, 9) for person in alike), (extended.user_id, 3, 8)])
