"""Marks as a file for a spreadsheet, in the columns of Canvas or of Moodle."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from courses.models import Cohort
from dashboards.pages.gradebook import is_marked
from dashboards.selectors.gradebook import Column, Marked
from feedback import criteria
from feedback.models import Assignment
from feedback.pages.cells import VERDICTS

# Some spreadsheets take a file for one of another encoding without it.
BOM = "\ufeff"
# What a spreadsheet would reckon rather than show, in whichever width and after whatever is not seen; and a cell that
# begins with what it might cut off.
_UNSEEN = r"[\s\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]"
_FORMULA = r"[=+\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]"
_BEGINS = re.compile(rf"[\t\r\n\x00]|{_UNSEEN}*{_FORMULA}")
# Where semicolons part the cells, a cell begins after each.
_PARTS = re.compile(rf"([;\t\r\n]{_UNSEEN}*)(?={_FORMULA})")


def harmless(text: str) -> str:
    """A cell of text that no spreadsheet takes for a formula."""
    parted = _PARTS.sub(r"\1'", text)
    return f"'{parted}" if _BEGINS.match(text) else parted


@dataclass(frozen=True)
class Sheet:
    """`sees_addresses` where the reader may see under which name and address people sign in."""

    cohort: Cohort
    columns: Sequence[Column]
    sees_addresses: bool
    now: datetime

    def login(self, student: Marked) -> str:
        return student.username if self.sees_addresses else ""

    def address(self, student: Marked) -> str:
        """Of somebody under 18 nobody's file holds it."""
        return (student.email or "") if self.sees_addresses and not student.minor else ""

    def marks(self, student: Marked, words: tuple[str, str]) -> list[Any]:
        """Points as numbers; `words` for good enough and not yet."""
        return [_mark(one, student.marks.get(str(one.pk), ""), words) for one in self.columns]


def _mark(column: Column, given: str, words: tuple[str, str]) -> Any:
    if not given or column.scale == Assignment.Scale.LEVELS:
        return given
    if column.scale == Assignment.Scale.POINTS:
        return _number(given)
    return words[given != "1"]


def _number(points: str) -> int | float:
    return float(points) if "." in points else int(points)


def canvas(sheet: Sheet, students: Iterable[Marked]) -> Iterator[list[Any]]:
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"] + [
        f"{one.title} ({one.pk})" for one in sheet.columns
    ]
    most = ["" if one.most is None else _number(criteria.as_typed(one.most)) for one in sheet.columns]
    yield ["    Points Possible", "", "", "", "", *most]
    for one in students:
        told = [one.name, one.enrolment, "", sheet.login(one), sheet.cohort.name]
        yield told + sheet.marks(one, ("complete", "incomplete"))


def moodle(sheet: Sheet, students: Iterable[Marked]) -> Iterator[list[Any]]:
    about = ["First name", "Surname", "ID number", "Institution", "Department", "Email address"]
    last = "Last downloaded from this course"
    yield [*about, *(f"Assignment: {one.title} (Real)" for one in sheet.columns), last]
    words, at = (str(VERDICTS[True]), str(VERDICTS[False])), int(sheet.now.timestamp())
    for one in students:
        given, _, family = one.name.rpartition(" ")
        told = [given or family, family if given else "", one.enrolment, "", "", sheet.address(one)]
        yield [*told, *sheet.marks(one, words), at]


FORMS: dict[str, Callable[[Sheet, Iterable[Marked]], Iterator[list[Any]]]] = {"canvas": canvas, "moodle": moodle}


class _Echo:
    """What a writer is given to write into: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def lines(form: str, sheet: Sheet, students: Iterable[Marked]) -> Iterator[str]:
    """Line by line, so that a large cohort is never in memory as a whole."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_NONNUMERIC)
    yield BOM
    for row in FORMS[form](sheet, students):
        yield writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])


def columns(found: Iterable[Column]) -> list[Column]:
    return [one for one in found if is_marked(one)]


def about() -> str:
    return gettext(
        "The file has the marks that are released. Usernames and email addresses are in it for admins alone, and no "
        "email address of anyone under 18."
    )
