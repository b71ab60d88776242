"""Dates, zones and quiet hours that move any number of times: what holds whatever moves."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from courses.models import DueDate, EffectiveDue
from courses.services import cohorts
from notifications.models import Mailbox, Notice
from notifications.services import planning, telling
from tests.cast import Cast
from tests.conftest import SOAK

pytestmark = pytest.mark.django_db
LIVES = 60 if SOAK else 2
ZONES = ["Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", "Africa/Cairo", "America/Santiago", "Asia/Kolkata"]
RESTLESS, CALM = timedelta(days=4), timedelta(days=4)
KINDS = ("due_soon", "due_today")


def live(cast: Cast, chance: random.Random, begins: datetime) -> tuple[list[Notice], datetime]:
    """Four restless days, then calm until a date four days later; with what was told, and that date."""
    told: list[Notice] = []
    with time_machine.travel(begins, tick=False) as clock:
        while timezone.now() < begins + RESTLESS:
            something_moves(cast, chance)
            told += step(cast, clock, timedelta(minutes=chance.choice([1, 20, 60, 240, 420])))
        last = (timezone.now() + CALM).replace(minute=0, second=0, microsecond=0)
        Mailbox.objects.update_or_create(person=cast.student, defaults={"quiet_from": 20, "quiet_hours": 11})
        cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=wall(cast, last)))
        while timezone.now() < last + timedelta(hours=3):
            told += step(cast, clock, timedelta(hours=2))
    return told, last


def something_moves(cast: Cast, chance: random.Random) -> None:
    what = chance.randrange(5)
    if what == 0:
        User.objects.filter(pk=cast.student.pk).update(timezone=chance.choice(ZONES))
    elif what == 1:
        quiet = {"quiet_from": chance.randrange(24), "quiet_hours": chance.randrange(15)}
        Mailbox.objects.update_or_create(person=cast.student, defaults=quiet)
    elif what == 2:
        later = timezone.now() + timedelta(hours=chance.randrange(1, 96))
        cohorts.extend(cast.enrolment, cast.reading, wall(cast, later), reason="", by=cast.teacher)
    else:
        moved = timezone.now() + timedelta(hours=chance.randrange(-20, 120), minutes=chance.choice([0, 1, 59]))
        cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=wall(cast, moved)))


def wall(cast: Cast, instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(str(cast.cohort.timezone))).replace(tzinfo=None)


def step(cast: Cast, clock: time_machine.Traveller, time: timedelta) -> list[Notice]:
    """Time goes on, the worker does its work; with what was told, none of it at a wrong time."""
    clock.shift(time)
    now = timezone.now()
    planning.plan(now)
    while telling.tell_some(now):
        pass
    fresh = list(Notice.objects.filter(person=cast.student, kind__in=KINDS, state="told", settled_at=now))
    if fresh:
        student = User.objects.get(pk=cast.student.pk)
        box = Mailbox.objects.get(person=student)
        hour = now.astimezone(ZoneInfo(str(student.timezone))).hour
        assert (hour - box.quiet_from) % 24 >= box.quiet_hours, "told in quiet hours"
        assert now <= EffectiveDue.objects.get(enrolment=cast.enrolment, activity=cast.reading).due_at, "told too late"
    return fresh


@pytest.mark.parametrize("seed", range(LIVES))
def test_whatever_moves_nothing_is_told_at_a_wrong_time_or_lost(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    begins = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(24 * 365 * 6))
    told, last = live(cast, chance, begins)
    for kind in KINDS:
        for lead in {one.lead for one in told if one.kind == kind}:
            moments = [one.settled_at for one in told if (one.kind, one.lead) == (kind, lead)]
            assert all(later - earlier >= timedelta(hours=20) for earlier, later in pairwise(moments)), (kind, lead)
    if EffectiveDue.objects.get(enrolment=cast.enrolment, activity=cast.reading).due_at == last:
        assert [one for one in told if last - timedelta(hours=48) <= one.settled_at < last], "nobody was reminded"
