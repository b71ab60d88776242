"""Whom a teacher should look at first: an order within one class, with reasons, and no score that anybody is shown.

Nothing here knows who somebody is: no age, no sex, no address, no name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Signals:
    """What is known of one student of a class at the end of one day."""

    # Whatever the caller knows the student by.
    key: int
    # Whole days since they were last at work; for somebody who never was, the days since they could have been.
    days_silent: int
    # On how many of the last 7, 14 and 28 days they were at work.
    active_days_7: int
    active_days_14: int
    active_days_28: int
    # Steps whose date has come; of those, the ones not handed in, and the ones handed in after it.
    due: int
    missing: int
    late: int
    # Of the course, from 0 to 1.
    share_done: float
    # Of what was marked, from 0 to 100; None where nothing was.
    mean_mark: float | None


class Why(StrEnum):
    """Reasons that a page puts into words."""

    MISSING = "missing"
    LATE = "late"
    SILENT = "silent"
    SLOWING = "slowing"


@dataclass(frozen=True)
class Needed:
    """A student in the order; without a reason there is nothing that a teacher could do for them today."""

    key: int
    reasons: tuple[Why, ...]


# How much each counts, by its rank within the class: a class decides by itself what is much and what is little. Of 96
# tables, this is the best or next to it for whichever two of three presentations of the Open University's data set it
# is chosen on (Kuzilek, Hlosta, Zdrahal 2017; `python -m bench.attention` says how well it tells who fails or leaves).
WEIGHTS: tuple[tuple[float, Callable[[Signals], float | None]], ...] = (
    # Work that did not come says most: who is in trouble hands in nothing long before they leave.
    (3, lambda one: one.missing),
    # Work that came late says the same more quietly.
    (2, lambda one: one.late),
    # Low marks: they come to every lesson, and cannot do it.
    (2, lambda one: None if one.mean_mark is None else -one.mean_mark),
    # The habit of four weeks is steadier than that of one.
    (1, lambda one: -one.active_days_28),
    # Away just now, whatever the habit was.
    (1, lambda one: one.days_silent),
    # Present, and getting nowhere.
    (1, lambda one: -one.share_done),
)
# Who has no value stands in the middle of those who have: nothing is held against them.
MIDDLE = 0.5
SILENT_DAYS = 7
# Slowing: in the last week at work on less than half of the days of a usual one. Who came once a week or less had no
# pace to lose.
USUAL_WEEKS, USUAL_DAYS, SLOWED = 3, 2, 0.5


def order(students: Sequence[Signals]) -> list[Needed]:
    """All of a class, whoever needs somebody most first, and equals as they were given."""
    worry = [0.0] * len(students)
    for weight, value in WEIGHTS:
        for place, rank in enumerate(ranks([value(one) for one in students])):
            worry[place] += weight * rank
    places = sorted(range(len(students)), key=lambda place: -worry[place])
    return [Needed(students[place].key, reasons(students[place])) for place in places]


def reasons(one: Signals) -> tuple[Why, ...]:
    """What can be said of one student alone: held against dates and their own past, never against the class."""
    usual = (one.active_days_28 - one.active_days_7) / USUAL_WEEKS
    held = {
        Why.MISSING: one.missing > 0,
        Why.LATE: one.late > 0,
        Why.SILENT: one.days_silent >= SILENT_DAYS,
        # Who is silent has stopped, which says more.
        Why.SLOWING: usual >= USUAL_DAYS and one.active_days_7 < usual * SLOWED and one.days_silent < SILENT_DAYS,
    }
    return tuple(why for why, holds in held.items() if holds)


def ranks(values: Sequence[float | None]) -> list[float]:
    """Where each stands among the others, from 0 for the least to 1 for the greatest.

    Equal values share the middle of their places. Where all are equal, and for None, it is the middle.
    """
    known = sorted(value for value in values if value is not None)
    found: dict[float, float] = {}
    first = 0
    for place, value in enumerate(known):
        if place + 1 == len(known) or known[place + 1] != value:
            found[value] = (first + place) / 2 / max(len(known) - 1, 1)
            first = place + 1
    if len(found) < 2:
        return [MIDDLE] * len(values)
    return [MIDDLE if value is None else found[value] for value in values]
