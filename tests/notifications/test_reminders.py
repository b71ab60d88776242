"""Reminders of dates, from the teacher's date to the student's inbox and mail."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import User
from accounts.tasks import send_waiting_mail
from courses.models import Activity, DueDate, Enrolment
from courses.services import cohorts
from notifications.models import Notice
from notifications.tasks import deliver, plan
from progress.services.ticks import complete
from tests.cast import Cast

pytestmark = pytest.mark.django_db
# A Tuesday. Everybody of the cast lives in Berlin; the cohort's zone is its own.
START = datetime(2026, 11, 3, 6, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def due_at(cast: Cast, wall: datetime, activity: Activity | None = None) -> None:
    cohort = cast.cohort
    cohort.timezone = "Europe/Berlin"
    cohort.save()
    cohorts.put_due_date(cohort, activity or cast.reading, DueDate(suggested_wall=wall))


# In Berlin these are 8 and 17 o'clock in winter, and midnight: nothing falls due at any other hour.
HOURS = (7, 16, 23)


def live_until(clock: time_machine.Traveller, until: datetime, step: timedelta | None = None) -> None:
    """From one hour that matters to the next, or from step to step, as beat and worker would."""
    now = timezone.now()
    while now < until:
        now = min(now + step if step else next_hour(now), until)
        clock.move_to(now)
        plan()
        deliver()
        send_waiting_mail()


def next_hour(now: datetime) -> datetime:
    days = (now.replace(hour=0, minute=0) + timedelta(days=days) for days in (0, 1))
    return min(at for day in days for hour in HOURS if (at := day.replace(hour=hour)) > now)


def told(person: User) -> list[tuple[str, int, datetime]]:
    notices = Notice.objects.filter(person=person, kind__startswith="due_", state="told").order_by("settled_at")
    return [(one.kind, one.lead, one.settled_at.astimezone(UTC)) for one in notices]


def test_student_who_does_nothing_hears_three_days_and_one_before_and_on_the_day(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    due_at(cast, datetime(2026, 11, 10, 18, 0))
    live_until(clock, datetime(2026, 11, 14, 12, 0, tzinfo=UTC))
    assert told(cast.student) == [
        ("due_soon", 3, datetime(2026, 11, 7, 16, 0, tzinfo=UTC)),
        ("due_soon", 1, datetime(2026, 11, 9, 16, 0, tzinfo=UTC)),
        ("due_today", 0, datetime(2026, 11, 10, 7, 0, tzinfo=UTC)),
        ("due_passed", -1, datetime(2026, 11, 11, 16, 0, tzinfo=UTC)),
    ]
    assert told(cast.other_student) == told(cast.student)
    assert told(cast.elsewhere_student) == told(cast.teacher) == []
    assert [one.subject for one in mail.outbox if one.to == [cast.student.email]] == [
        "You have 3 days for “Bee eyes”: due Tue 10 November, 18:00 (Berlin)",
        "“Bee eyes” is due tomorrow, Tue 10 November, 18:00 (Berlin)",
        "Your day: “Bee eyes” was due Tue 10 November, 18:00 (Berlin). You can still do it.",
    ]


def test_nobody_is_reminded_of_what_is_done(cast: Cast, clock: time_machine.Traveller) -> None:
    due_at(cast, datetime(2026, 11, 10, 18, 0))
    live_until(clock, datetime(2026, 11, 8, 12, 0, tzinfo=UTC))
    complete(cast.enrolment, cast.reading, how="read", evidence={}, by=cast.student)
    live_until(clock, datetime(2026, 11, 14, 12, 0, tzinfo=UTC))
    assert [lead for _, lead, _ in told(cast.student)] == [3]
    assert [lead for _, lead, _ in told(cast.other_student)] == [3, 1, 0, -1]


def test_date_that_moves_by_minutes_reminds_nobody_again(cast: Cast, clock: time_machine.Traveller) -> None:
    due_at(cast, datetime(2026, 11, 10, 18, 0))
    live_until(clock, datetime(2026, 11, 9, 18, 0, tzinfo=UTC))
    before = told(cast.student)
    for minute in (1, 30, 0, 59):
        due_at(cast, datetime(2026, 11, 10, 18, minute))
        live_until(clock, timezone.now() + timedelta(minutes=30), timedelta(minutes=10))
    assert told(cast.student) == before
    assert [lead for _, lead, _ in before] == [3, 1]


def test_midnight_that_becomes_one_minute_to_midnight_reminds_nobody_within_twenty_hours(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    due_at(cast, datetime(2026, 11, 11, 0, 0))
    live_until(clock, datetime(2026, 11, 10, 17, 0, tzinfo=UTC))
    due_at(cast, datetime(2026, 11, 11, 23, 59))
    live_until(clock, datetime(2026, 11, 13, 17, 0, tzinfo=UTC))
    told_at = [at for kind, lead, at in told(cast.student) if (kind, lead) == ("due_soon", 1)]
    assert all(later - earlier >= timedelta(hours=20) for earlier, later in pairwise(told_at))


def test_date_moved_on_is_told_once_for_its_new_day_and_not_for_the_old(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    due_at(cast, datetime(2026, 11, 10, 18, 0))
    live_until(clock, datetime(2026, 11, 9, 12, 0, tzinfo=UTC))
    due_at(cast, datetime(2026, 11, 17, 18, 0))
    live_until(clock, datetime(2026, 11, 16, 18, 0, tzinfo=UTC))
    assert [(kind, lead, at.day) for kind, lead, at in told(cast.student)] == [
        ("due_soon", 3, 7),
        ("due_soon", 3, 14),
        ("due_soon", 1, 16),
    ]
    skipped = Notice.objects.get(person=cast.student, kind="due_soon", local_day=date(2026, 11, 9))
    assert (skipped.state, skipped.reason) == ("skipped", "moved")


def test_what_was_skipped_is_revived_when_its_reason_is_gone(cast: Cast, clock: time_machine.Traveller) -> None:
    due_at(cast, datetime(2026, 11, 10, 18, 0))
    live_until(clock, datetime(2026, 11, 7, 15, 30, tzinfo=UTC))
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(state="suspended")
    live_until(clock, datetime(2026, 11, 7, 17, 0, tzinfo=UTC))
    assert told(cast.student) == []
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(state="active")
    live_until(clock, datetime(2026, 11, 7, 18, 30, tzinfo=UTC))
    assert [lead for _, lead, _ in told(cast.student)] == [3]


def test_tick_that_comes_hours_late_catches_up_and_what_expired_says_so(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    due_at(cast, datetime(2026, 11, 10, 18, 0))
    live_until(clock, datetime(2026, 11, 9, 10, 0, tzinfo=UTC))
    # The worker was away from before the reminder of the day before until after the date.
    live_until(clock, datetime(2026, 11, 10, 17, 30, tzinfo=UTC), timedelta(hours=40))
    expired = Notice.objects.get(person=cast.student, kind="due_soon", lead=1)
    assert (expired.state, expired.reason) == ("skipped", "expired")
    live_until(clock, datetime(2026, 11, 11, 17, 0, tzinfo=UTC))
    assert [(kind, lead) for kind, lead, _ in told(cast.student)] == [("due_soon", 3), ("due_passed", -1)]


def test_five_beats_at_once_tell_nobody_twice(cast: Cast, clock: time_machine.Traveller) -> None:
    due_at(cast, datetime(2026, 11, 10, 18, 0))
    clock.move_to(datetime(2026, 11, 7, 16, 1, tzinfo=UTC))
    for _ in range(5):
        plan()
        deliver()
        send_waiting_mail()
    assert len(told(cast.student)) == 1
    assert len([one for one in mail.outbox if one.to == [cast.student.email]]) == 1
