"""What Today says: one next step with its reason, what is due, what is new. Worked out of outlines already read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from common.templatetags.ui import SOON
from progress.outline import State, Step
from progress.selectors import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

AHEAD = timedelta(days=21)
# A session that fits between two other things of a day.
ONE_SITTING_MINUTES = 60


@dataclass(frozen=True)
class Placed:
    """A step with the course it belongs to."""

    step: Step
    standing: Standing


@dataclass(frozen=True)
class Next:
    step: Step
    standing: Standing
    reason: str


def _steps(standings: list[Standing]) -> "Iterator[Placed]":
    return (Placed(step, standing) for standing in standings for step in standing.outline.steps)


def due(standings: list[Standing], now: datetime) -> list[Placed]:
    """What is late and still open, and what comes due within three weeks, the earliest first."""
    waiting = (placed for placed in _steps(standings) if placed.step.due_at and placed.step.state != State.DONE)
    near = (p for p in waiting if p.step.due_at < now + AHEAD and not (p.step.closes_at and p.step.closes_at < now))
    return sorted(near, key=lambda placed: placed.step.due_at)


def fresh(standings: list[Standing]) -> list[Placed]:
    """What was added after the student had finished, and what was changed since they did it."""
    return [placed for placed in _steps(standings) if placed.step.state == State.NEW or placed.step.changed]


def next_step(standings: list[Standing], waiting: list[Placed], now: datetime) -> Next | None:
    """The one thing to do next: what is due soon before everything else, then the course they were in last."""
    urgent = next((placed for placed in waiting if placed.step.due_at < now + SOON), None)
    if urgent:
        late = urgent.step.due_at < now
        reason = gettext("It was due, and it is still open.") if late else gettext("It is due soon.")
        return Next(urgent.step, urgent.standing, reason)
    for standing in standings:
        if step := standing.outline.next_step:
            return Next(step, standing, _reason(step, standing))
    return None


def _reason(step: Step, standing: Standing) -> str:
    if step.state == State.STARTED:
        return gettext("You opened it and can go on.")
    if step.state == State.NEW:
        return gettext("It is new since you finished.")
    if standing.outline.done == 0:
        return gettext("It is the first step of the course.")
    return gettext("It comes next in the course.") if step.required else gettext("It is optional; all else is done.")


def sentence(coming: Next | None, now: datetime) -> str:
    """The first line of Today: the weekday and what a little time would achieve."""
    weekday = date_format(timezone.localtime(now), "l")
    if coming is None:
        return gettext("%(weekday)s. Nothing is waiting for you.") % {"weekday": weekday}
    part = coming.standing.outline.part_of(coming.step)
    words = {"weekday": weekday, "module": part.title}
    if coming.step.required and 0 < part.minutes_left <= ONE_SITTING_MINUTES:
        finish = ngettext(
            "%(weekday)s. %(count)d minute would finish “%(module)s”.",
            "%(weekday)s. %(count)d minutes would finish “%(module)s”.",
            part.minutes_left,
        )
        return finish % {**words, "count": part.minutes_left}
    start = ngettext(
        "%(weekday)s. %(count)d minute is enough for the next step.",
        "%(weekday)s. %(count)d minutes are enough for the next step.",
        coming.step.minutes,
    )
    return start % {**words, "count": coming.step.minutes}
