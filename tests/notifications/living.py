"""A term in a second: what beat and worker do, an hour after the other."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.utils import timezone

from accounts.models import User
from accounts.tasks import send_waiting_mail
from notifications.models import Notice
from notifications.tasks import deliver, plan


def tick() -> None:
    plan()
    deliver()
    send_waiting_mail()


def live_until(clock: time_machine.Traveller, until: datetime, step: timedelta = timedelta(hours=1)) -> None:
    now = timezone.now()
    while now < until:
        now = min(now + step, until)
        clock.move_to(now)
        tick()


def jump(clock: time_machine.Traveller, *instants: datetime) -> None:
    """Only these ticks come."""
    for instant in instants:
        clock.move_to(instant)
        tick()


def told(person: User, kind: str) -> list[tuple[int, datetime]]:
    """By lead and instant."""
    notices = Notice.objects.filter(person=person, kind=kind, state="told").order_by("settled_at")
    return [(one.lead, one.settled_at.astimezone(UTC)) for one in notices]
