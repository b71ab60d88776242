"""The places that pages of this app and of those that put pages together keep for apps above (`common.slots`)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.slots import Slots

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import User
    from courses.models import Course

# Beneath a lesson; the subject is the activity.
LESSON = Slots()
# On a student's Today; the subject is the student's account.
TODAY = Slots()
# Above a teacher's class; the subject is the cohort.
CLASS = Slots()

MOST_HITS = 5


@dataclass(frozen=True)
class Hit:
    """`excerpt` holds the signs of `common.templatetags.ui` around what was searched for."""

    title: str
    address: str
    excerpt: str
    place: str


@dataclass(frozen=True)
class Source:
    """Something else that the search of a course looks through, in one query, for no more than MOST_HITS."""

    label: "str | Promise"
    order: int
    find: "Callable[[User, Course, str], list[Hit]]"


SOURCES: list[Source] = []


def add_source(source: Source) -> None:
    SOURCES.append(source)
    SOURCES.sort(key=lambda one: one.order)


def found_elsewhere(viewer: "User", course: "Course", words: str) -> list[tuple["str | Promise", list[Hit]]]:
    """What apps above found, by their labels; those that found nothing are left out."""
    found = [(source.label, source.find(viewer, course, words)[:MOST_HITS]) for source in SOURCES]
    return [(label, hits) for label, hits in found if hits]
