import time
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from common import pulse
from common.enqueue import wake
from common.turns import turn
from notifications.services import clearing, events, mailing, planning, reading, telling

# Then other work of this worker comes in between; the next minute goes on.
BREAK_AFTER_SECONDS = 45


@shared_task
def plan() -> None:
    """Every hour, and when a date has changed; again at once for what changed meanwhile."""
    until = time.monotonic() + BREAK_AFTER_SECONDS
    while planning.plan(timezone.now()) is not None:
        pulse.beat(pulse.PLANNING)
        if not planning.is_asked_for() or time.monotonic() > until:
            break
    _all(reading.retract_some)


@shared_task
def deliver() -> None:
    """Every minute, and woken by what happens: from events and plans into inboxes, from there into mails."""
    if planning.is_asked_for():
        # The wake-up was lost, or its planner.
        wake("notifications.tasks.plan")
    with turn("notices: deliver") as mine:
        if mine:
            for step in (events.spread_some, telling.tell_some, mailing.mail_some):
                _all(step)
            pulse.beat(pulse.DELIVERY)


@shared_task
def clear_old_notices() -> None:
    _all(clearing.clear_some)


def _all(step: Callable[[datetime], int]) -> None:
    until = time.monotonic() + BREAK_AFTER_SECONDS
    while step(timezone.now()) and time.monotonic() < until:
        pass
