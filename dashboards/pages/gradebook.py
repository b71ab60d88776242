"""A class beside its activities, in words and rows for a template."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext

from common.addresses import quick_url
from common.numbers import row_key
from dashboards.selectors.gradebook import Cells, Column, Listed
from feedback.models import Assignment
from feedback.pages.cells import Face, teller

# What stands in an address for each order, and what is read before the title of a column.
BY_NAME, BY_LATE, HIGH, LOW = "", "late", "high", "low"
EVERYTHING = "all"


class Head(NamedTuple):
    """A column as `rows/gradebook.html` takes it apart."""

    title: str
    address: str
    # "" where nothing is marked, so that there is nothing to sort by.
    sort: str
    # "ascending", "descending" or "".
    sorted: str


class Row(NamedTuple):
    name: str
    address: str
    # The key of its work, or None; with the place of its face, and its mark in words or "".
    cells: list[tuple[int | None, tuple[int, str]]]


def order_of(asked: str) -> str:
    """By the word that stands in the address; by name for one that means nothing."""
    way, _, key = asked.partition("-")
    if way in (HIGH, LOW) and row_key(key):
        return f"{way}-{row_key(key)}"
    return BY_LATE if asked == BY_LATE else BY_NAME


def orders(columns: Iterable[Column], order: str) -> list[tuple[str, str]]:
    """To choose from; with the one that was chosen at the head of a column."""
    found = [(BY_NAME, gettext("By name")), (BY_LATE, gettext("Furthest behind"))]
    way, _, key = order.partition("-")
    if key:
        title = next((one.title for one in columns if str(one.pk) == key), "")
        words = gettext("Highest mark first: %(title)s") if way == HIGH else gettext("Lowest mark first: %(title)s")
        found.append((order, words % {"title": title}))
    return found


def shows(modules: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    usual = [("", gettext("What is marked or has a date")), (EVERYTHING, gettext("Every activity"))]
    return usual + [(str(pk), title) for pk, title in modules]


def is_marked(column: Column) -> bool:
    return bool(column.scale) and (column.scale != Assignment.Scale.NONE or column.judged)


def heads(columns: Iterable[Column], order: str, query: QueryDict) -> list[Head]:
    rest = query.copy()
    for name in ("by", "page"):
        rest.pop(name, None)
    said = f"?{rest.urlencode()}&" if rest else "?"
    return [_head(one, order, said) for one in columns]


def _head(column: Column, order: str, query: str) -> Head:
    high, low = f"{HIGH}-{column.pk}", f"{LOW}-{column.pk}"
    sort = f"{query}by={low if order == high else high}" if is_marked(column) else ""
    way = {high: "descending", low: "ascending"}.get(order, "")
    return Head(column.title, quick_url("progress:lesson", column.pk), sort, way)


@dataclass(frozen=True)
class Table:
    """Thousands of cells show one of few `faces`, which a cell names by its place among them."""

    rows: list[Row]
    faces: list[Face]


def table(listed: Iterable[Listed], found: Mapping[int, Cells], columns: Sequence[Column]) -> Table:
    faces: dict[Face, int] = {}
    known = [_Known(one, faces) for one in columns]
    rows = []
    for key, name in listed:
        # Who has joined since the list was read has none.
        codes = found.get(key, Cells([], []))
        shown = [of_column[code] for of_column, code in zip(known, codes.codes, strict=False)]
        rows.append(Row(name, quick_url("teach:student", key), list(zip(codes.keys, shown, strict=True))))
    return Table(rows, list(faces))


class _Known(dict[str, tuple[int, str]]):
    """Of one column, by the codes of cells, the place of the face and the mark in words."""

    def __init__(self, column: Column, faces: dict[Face, int]) -> None:
        super().__init__()
        self._faces, self._told = faces, teller(column.scale, column.most)

    def __missing__(self, code: str) -> tuple[int, str]:
        state, _, rest = code.partition("/")
        released, _, given = rest.partition("/")
        mark = self._told(given)
        place = self._faces.setdefault(Face(state, bool(mark) and released == "0"), len(self._faces))
        self[code] = (place, mark)
        return self[code]
