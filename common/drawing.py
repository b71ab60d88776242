"""Numbers in the order of time as drawings: paths in units of our own, which `rows/drawing.html` stretches.

A drawing holds the words for those who do not see it, and the same numbers as a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

# Of a bar with its gap, of the bar alone, and of the whole height.
WIDE, BAR, HIGH = 20, 16, 100


@dataclass(frozen=True)
class Shape:
    """A path, and how it looks: a class of `drawing.css`. With `label` it stands in the key beneath."""

    look: str
    path: str
    label: str = ""


@dataclass(frozen=True)
class Lane:
    """One scale, and what is drawn on it; `marks` are written beside it, the highest first."""

    label: str
    gist: str
    marks: Sequence[str]
    shapes: Sequence[Shape]
    grid: str = ""


@dataclass(frozen=True)
class Table:
    caption: str
    heads: Sequence[str]
    # Each begins with what it is about.
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Drawing:
    """Lanes above each other over the same time, whose beginning and end are `first` and `last`."""

    key: str
    width: int
    first: str
    last: str
    lanes: Sequence[Lane]
    table: Table
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def labelled(self) -> list[Shape]:
        return [shape for lane in self.lanes for shape in lane.shapes if shape.label]


def over_weeks(
    key: str, days: Sequence[date], lanes: Sequence[Lane], table: Table, *notes: str, is_open: bool = True
) -> Drawing:
    """The weeks that begin on `days`, the oldest first; where `is_open`, the last of them is this week."""
    first, last = (date_format(day, "j M") for day in (days[0], days[-1]))
    return Drawing(key, width(len(days)), first, gettext("this week") if is_open else last, lanes, table, notes)


def by_week(caption: str, days: Sequence[date], heads: Sequence[str], *columns: Sequence[str]) -> Table:
    """The latest week first."""
    language = get_language()
    rows = [[_named(day, language), *cells] for day, *cells in zip(days, *columns, strict=True)]
    return Table(caption, [gettext("Week from"), *heads], rows[::-1])


@lru_cache(maxsize=1024)
def _named(day: date, language: str) -> str:
    """Remembered, because each table of a page names the same weeks. `language` is only the key."""
    return date_format(day, "j M Y")


def width(count: int) -> int:
    return max(1, count) * WIDE


def bar(place: int, low: float, high: float) -> str:
    """From `low` to `high`, in shares of the whole height; nothing is drawn where they are the same."""
    top, tall = HIGH * (1 - high), HIGH * (high - low)
    return f"M{place * WIDE} {top:.4g}h{BAR}v{tall:.4g}h-{BAR}z" if tall > 0 else ""


def bars(values: Sequence[float], most: float) -> str:
    """A bar for each value, as high as its share of `most`."""
    return "".join(bar(place, 0, value / most) for place, value in enumerate(values) if value) if most else ""


def stacked(columns: Sequence[Sequence[float]]) -> list[str]:
    """A path for each part of the columns, the first at the foot; each column fills the height, one of nothing none."""
    paths = [""] * max(map(len, columns), default=0)
    for place, column in enumerate(columns):
        whole, low = sum(column), 0.0
        for number, part in enumerate(column):
            if part:
                high = min(low + part / whole, 1)
                paths[number] += bar(place, low, high)
                low = high
    return paths


def line(values: Sequence[float | None], most: float = 1) -> str:
    """Through the middles of the columns; it breaks where nothing is known."""
    found, is_open = "", False
    for place, value in enumerate(values):
        if value is not None:
            found += f"{'L' if is_open else 'M'}{_at(place, value, most)}"
        is_open = value is not None
    return found


def dots(values: Sequence[float | None], most: float = 1) -> str:
    """Lines without a length, of which a round or square end makes a dot however the drawing is stretched."""
    return "".join(f"M{_at(place, value, most)}h0" for place, value in enumerate(values) if value is not None)


def grid(count: int, *shares: float) -> str:
    """Lines across `count` columns at these shares of the height."""
    return "".join(f"M0 {HIGH * (1 - share):.4g}h{width(count)}" for share in shares)


def _at(place: int, value: float, most: float) -> str:
    return f"{place * WIDE + BAR // 2} {HIGH * (1 - (value / most if most else 0)):.4g}"
