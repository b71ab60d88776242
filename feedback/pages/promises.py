"""Promises in words: what would move, and the share that was kept, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from accounts.models import User
from common import drawing
from common.dates import at, local
from feedback.selectors.turnaround import Week
from feedback.services.absences import Foresight
from feedback.services.promises import Moving


def moving(found: Foresight, substitute: User | None = None) -> str:
    """What would happen to work that waits; "" where nothing would."""
    said = []
    if found.handed_over and substitute:
        words = ngettext(
            "%(n)d piece of work goes to %(name)s.", "%(n)d pieces of work go to %(name)s.", found.handed_over
        )
        said.append(words % {"n": found.handed_over, "name": substitute})
    if found.latest:
        words = ngettext(
            "%(n)d promise moves; it becomes %(day)s.",
            "%(n)d promises move; the latest becomes %(day)s.",
            found.count,
        )
        said.append(words % {"n": found.count, "day": day(found.latest)})
    return " ".join(said)


def handed(done: str, moved: Moving | None) -> str:
    """That work has another marker, and by when it is promised now, where that is another day."""
    if moved is None:
        return done
    words = gettext("%(done)s Feedback is now promised by %(at)s, and the student can see why.")
    return words % {"done": done, "at": at(moved.becomes)}


def day(instant: datetime) -> str:
    """By the reader's clock."""
    return date_format(local(instant), "l j F")


@dataclass(frozen=True)
class Line:
    week: str
    kept: int
    broken: int
    share: str


@dataclass(frozen=True)
class Kept:
    """`kept_path` and `rest_path` are outlines of bars, each as high as its share."""

    lines: list[Line]
    kept_path: str
    rest_path: str
    width: int
    sentence: str


def kept(weeks: Sequence[Week]) -> Kept:
    """The weeks come with the oldest first, as they are drawn; their table begins with the latest."""
    up, down = drawing.stacked([(week.kept, week.broken) for week in weeks])
    lines = [_line(week) for week in reversed(weeks) if week.count]
    return Kept(lines, up, down, drawing.width(len(weeks)), _sentence(weeks))


def _line(week: Week) -> Line:
    return Line(date_format(week.first, "j M Y"), week.kept, week.broken, percent(week.kept, week.count))


def percent(part: float, whole: float) -> str:
    """Only all of it is 100 %, and only none of it 0 %."""
    share = round(100 * part / whole) if whole else 0
    share = min(share, 99) if part < whole else share
    return gettext("%(share)d%%") % {"share": max(share, 1) if part else share}


def _sentence(weeks: Sequence[Week]) -> str:
    whole, part = sum(week.count for week in weeks), sum(week.kept for week in weeks)
    if not whole:
        return ""
    words = ngettext(
        "In the last %(weeks)d weeks %(n)d promise came to its day; %(share)s was kept.",
        "In the last %(weeks)d weeks %(n)d promises came to their day; %(share)s of them were kept.",
        whole,
    )
    return words % {"weeks": len(weeks), "n": whole, "share": percent(part, whole)}
