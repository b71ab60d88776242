"""The talk about a lesson as its page shows it, with answers in place and marks under a lecture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext

from common.addresses import quick_url
from common.timecode import clock
from forums.access import Standing
from forums.models import Thread
from forums.pages.talk import Author, ThreadRow, author_of, name_of, thread_rows
from forums.pages.words import words
from forums.selectors.forums import Places


class Answer(NamedTuple):
    author: Author
    verdict: str
    html: str
    pk: int


class Asked(NamedTuple):
    """A thread at a moment of a lecture, or about a lesson as a whole; then its `time` is empty."""

    thread: ThreadRow
    time: str
    at_ms: int
    second: int
    answer: Answer | None


@dataclass(frozen=True)
class Mark:
    """`at` is in percent of the lecture."""

    at: float
    title: str


@dataclass(frozen=True)
class Talk:
    pinned: list[Asked] = field(default_factory=list)
    others: list[Asked] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def talk(found: Sequence[Any], standing: Standing, where: Places) -> Talk:
    """`found` are threads as `forums.selectors.lessons.About` reads them."""
    rows = thread_rows(found, standing, cohorts=len(where.cohorts) > 1, here=True)
    told = Talk()
    for thread, row in zip(found, rows, strict=True):
        asked = _asked(thread, row, standing)
        (told.pinned if asked.time else told.others).append(asked)
        # A question may stand behind the end of a recording that has become shorter.
        if asked.time and thread.duration_ms and thread.at_ms < thread.duration_ms:
            at = round(thread.at_ms * 100 / thread.duration_ms, 2)
            told.marks.append(Mark(at, f"{asked.time} {thread.title}"))
    return told


def _asked(thread: Any, row: ThreadRow, standing: Standing) -> Asked:
    is_pinned, at_ms = thread.at_ms is not None, thread.at_ms or 0
    return Asked(
        thread=row,
        time=clock(at_ms) if is_pinned else "",
        at_ms=at_ms,
        second=at_ms // 1000,
        answer=_answer(thread.answer, standing) if thread.answer else None,
    )


def _answer(found: Any, standing: Standing) -> Answer:
    verdict = ""
    if found.accepted:
        verdict = gettext("This answer helped")
    elif found.endorsed_by:
        verdict = gettext("%(name)s says: this is right") % {"name": name_of(found.endorsed_by, standing)}
    author = author_of(found, standing, teaches=found.by_teacher)
    return Answer(author, verdict, found.html, found.pk)


@dataclass(frozen=True)
class Lost:
    """Where the reader tapped “Lost here”."""

    second: int
    time: str


def lost(seconds: Iterable[int]) -> list[Lost]:
    return [Lost(second, clock(second * 1000)) for second in seconds]


@dataclass(frozen=True)
class Listed:
    """A thread at a moment of a lecture, on a page that draws it."""

    time: str
    title: str
    url: str
    state: str
    state_icon: str


def listed(found: Iterable[Thread]) -> list[Listed]:
    said = words()
    return [
        Listed(clock(thread.at_ms or 0), thread.title, quick_url("forums:thread", thread.pk), *said.state(thread))
        for thread in found
    ]
