"""Promises in words: what would move, and the share that was kept, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from accounts.models import User
from common import drawing
from common.dates import at, local
from feedback.selectors.turnaround import Week
from feedback.services.absences import Foresight
from feedback.services.promises import Moving

# Of a week in which there was nothing.
UNKNOWN = "–"


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
class Kept:
    """`drawing` is None where no promise came to its day."""

    sentence: str
    drawing: drawing.Drawing | None


def kept(weeks: Sequence[Week]) -> Kept:
    """The weeks come with the oldest first."""
    sentence = _sentence(weeks)
    if not sentence:
        return Kept(sentence, None)
    days, (heads, columns) = [week.first for week in weeks], kept_columns(weeks)
    table = drawing.by_week(gettext("Promises by week"), days, heads, *columns)
    return Kept(sentence, drawing.over_weeks("promises", days, [kept_lane(weeks, sentence)], table))


def kept_lane(weeks: Sequence[Week], gist: str) -> drawing.Lane:
    """A bar for each week in which a promise came to its day: what was kept, and above it what was broken."""
    up, down = drawing.stacked([(week.kept, week.broken) for week in weeks])
    shapes = [drawing.Shape("kept", up, gettext("Kept")), drawing.Shape("rest", down, gettext("Broken"))]
    return drawing.Lane(gettext("Promises that came to their day"), gist, ["100%", "0%"], shapes)


def kept_columns(weeks: Sequence[Week]) -> tuple[list[str], list[list[str]]]:
    """The same as the heads and columns of a table."""
    columns = [
        [str(week.kept) for week in weeks],
        [str(week.broken) for week in weeks],
        [percent(week.kept, week.count) if week.count else UNKNOWN for week in weeks],
    ]
    return [gettext("Promises kept"), gettext("Broken"), gettext("Share kept")], columns


def percent(part: float, whole: float) -> str:
    """Only all of it is 100 %, and only none of it 0 %."""
    share = round(100 * part / whole) if whole else 0
    share = min(share, 99) if part < whole else share
    return _percent(max(share, 1) if part else share, get_language())


@lru_cache(maxsize=1024)
def _percent(share: int, language: str) -> str:
    """Remembered, because a table says it in every row. `language` is only the key."""
    return gettext("%(share)d%%") % {"share": share}


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
