"""What Today says: one next step with its reason, what is due, what is new. Worked out of outlines already read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from common.dates import local, moment
from progress.outline import State, Step, was_away
from progress.selectors.proposals import proposed
from progress.selectors.standings import Standing

AHEAD = timedelta(days=21)
# A session that fits between two other things of a day.
ONE_SITTING_MINUTES = 60


@dataclass(frozen=True)
class Placed:
    """A step with the course it belongs to."""

    step: Step
    standing: Standing


@dataclass(frozen=True)
class Dated(Placed):
    at: float  # Unix seconds


@dataclass(frozen=True)
class Next(Placed):
    reason: str


def due(standings: list[Standing], now: datetime) -> list[Dated]:
    """What is late and still open, and what comes due within three weeks, the earliest first."""
    horizon = (now + AHEAD).timestamp()
    waiting = [
        Dated(step, standing, step.due)
        for standing in standings
        for step in standing.outline.dated
        if step.is_pending(before=horizon)
    ]
    return sorted(waiting, key=lambda dated: dated.at)


def fresh(standings: list[Standing]) -> list[Placed]:
    """What was added after the student had finished, and what was changed since they did it."""
    return [
        Placed(step, standing)
        for standing in standings
        for step in standing.outline.steps
        if step.state is State.NEW or step.changed
    ]


def kinds(standings: list[Standing]) -> set[str]:
    """Of everything somebody studies."""
    return {step.kind for standing in standings for step in standing.outline.steps}


def next_step(standings: list[Standing], now: datetime) -> Next | None:
    """The one thing to do next, with its reason.

    Each course's own page proposes the same: both ask its outline.
    """
    coming = proposed(standings, now.timestamp())
    return Next(*coming, _reason(*coming, now.timestamp())) if coming else None


def is_back(standings: list[Standing], now: datetime) -> bool:
    """Whether the student comes back after weeks in which they opened nothing."""
    seen = [standing.enrolment.last_seen_at for standing in standings if standing.enrolment.last_seen_at]
    return bool(seen) and was_away(max(seen), now.timestamp())


def welcome(coming: Next) -> str:
    """Without a word on how long it was, or on what was missed."""
    if coming.step.minutes is None:
        return gettext(
            "Everything is as you left it, and everything you did still counts. One step is enough for today."
        )
    words = ngettext(
        "Everything is as you left it, and everything you did still counts. %(count)d minute is enough for today.",
        "Everything is as you left it, and everything you did still counts. %(count)d minutes are enough for today.",
        coming.step.minutes,
    )
    return words % {"count": coming.step.minutes}


def _reason(step: Step, standing: Standing, now: float) -> str:
    if was_away(standing.enrolment.last_seen_at, now):
        return gettext("A short step to get going again.")
    if step.state is State.RETURNED and (step.due is None or step.due >= now):
        if step.due is None:
            return gettext("Handed back: try again when you are ready.")
        return gettext("Handed back: try again by %(day)s.") % {"day": date_format(local(moment(step.due)), "l j F")}
    if step is standing.outline.pressing(now):
        late = step.due is not None and step.due < now
        return gettext("It is overdue, but you can still do it.") if late else gettext("It is due soon.")
    if step.state == State.STARTED:
        return gettext("You have started it and can carry on.")
    if step.state == State.NEW:
        return gettext("It was added after you finished.")
    if step is standing.outline.steps[0]:
        return gettext("It is the first step of the course.")
    if not step.required:
        return gettext("It is optional. Everything else is done.")
    before = takewhile(lambda one: one is not step, standing.outline.steps)
    if any(one.required and one.is_open for one in before):
        return gettext("It comes after the lesson you opened last. Some earlier lessons are still to do.")
    return gettext("It comes next in the course.")


def sentence(coming: Next | None, standings: list[Standing], now: datetime) -> str:
    """The first line of Today: the weekday and what a little time would achieve."""
    weekday = date_format(timezone.localtime(now), "l")
    if coming and is_back(standings, now):
        return gettext("%(weekday)s. Good to see you again.") % {"weekday": weekday}
    if coming is None and (count := sum(standing.outline.waiting for standing in standings)):
        waiting = ngettext(
            "%(weekday)s. %(count)d step is with your teacher. The rest is done.",
            "%(weekday)s. %(count)d steps are with your teacher. The rest is done.",
            count,
        )
        return waiting % {"weekday": weekday, "count": count}
    if not standings:
        return gettext("%(weekday)s. There is nothing to do yet.") % {"weekday": weekday}
    if coming is None:
        return gettext("%(weekday)s. You are up to date.") % {"weekday": weekday}
    part = coming.standing.outline.part_of(coming.step)
    words = {"weekday": weekday, "module": part.title}
    if coming.step.minutes is None:
        return gettext("%(weekday)s. Your next step is “%(step)s”.") % {**words, "step": coming.step.title}
    if coming.step.required and not part.untimed_left and 0 < part.minutes_left <= ONE_SITTING_MINUTES:
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
