"""The places that pages of this app and of those that put pages together keep for apps above (`common.slots`)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from common.slots import Slots

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import User
    from courses.models import Cohort, Course, Enrolment

# Beneath a lesson; the subject is the activity.
LESSON = Slots()
# On a student's Today; the subject is the student's account.
TODAY = Slots()
# Above a teacher's class; the subject is the cohort.
CLASS = Slots()
# Beneath all dates of a student; the subject is their account.
DATES = Slots()

MOST_HITS = 5


@dataclass(frozen=True)
class CourseLink:
    """A page about a whole course for whoever studies it, led to from the course's own, where it has lessons of `kind`;
    "" for every course.

    It asks nothing: the kinds of a course are known from its outline.
    """

    label: "str | Promise"
    kind: str
    # By the keys of the course and of the cohort.
    page: Callable[[int, int], str]
    # Lower comes first.
    order: int
    # Whether it leads to people, and not to what one did oneself.
    to_people: bool = False
    # Whether all dates of a student lead to it too, once for each of their courses.
    beside_dates: bool = False


COURSE_LINKS: list[CourseLink] = []


def links_of(course: int, cohort: int, kinds: Collection[str], *, to_people: bool) -> list[tuple["str | Promise", str]]:
    """Their labels and addresses."""
    offered = [link for link in COURSE_LINKS if link.to_people == to_people and (not link.kind or link.kind in kinds)]
    return [(link.label, link.page(course, cohort)) for link in sorted(offered, key=lambda link: link.order)]


def links_beside_dates(studied: Sequence[tuple[str, int, int]]) -> "list[tuple[str | Promise, list[tuple[str, str]]]]":
    """Their labels, each with the title and the address of every course; of titles, and keys of courses and cohorts."""
    return [
        (link.label, [(title, link.page(course, cohort)) for title, course, cohort in studied])
        for link in COURSE_LINKS
        if link.beside_dates and studied
    ]


@dataclass(frozen=True)
class Arrivals:
    """What has come for a student and was not opened yet, at the top of their Today.

    It is looked for only where they study lessons of `kind`, or anything where that is ""; `template` is given it as
    `found`. Today has no query left: another `find` reads what came along with the account.
    """

    kind: str
    template: str
    find: "Callable[[User], Sequence[Any]]"


ARRIVALS: list[Arrivals] = []


def arrived(viewer: "User", kinds: Collection[str]) -> list[tuple[str, Sequence[Any]]]:
    """Templates, each with what it shows; what found nothing is left out."""
    found = [(one.template, one.find(viewer)) for one in ARRIVALS if (one.kind in kinds if one.kind else kinds)]
    return [(template, rows) for template, rows in found if rows]


@dataclass(frozen=True)
class Tool:
    """A form right beneath the player of a lecture; whoever `shown` says sees it.

    Its template is given `activity`, `studies`, whether the reader is its student, and `position_clock`, where the
    student left off. It asks nothing: a lecture may cost no query more.
    """

    template: str
    order: int
    shown: "Callable[[User, Enrolment | None], bool]"


TOOLS: list[Tool] = []


def add_tool(tool: Tool) -> None:
    TOOLS.append(tool)
    TOOLS.sort(key=lambda one: one.order)


def tools_for(viewer: "User", enrolment: "Enrolment | None") -> list[str]:
    """Their templates."""
    return [tool.template for tool in TOOLS if tool.shown(viewer, enrolment)]


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


# Beneath what a search found, by the id of its course, or EVERYWHERE: what takes more than the one query of a `Source`
# comes by itself. Its addresses are given what was asked for, as `q`.
SEARCH = Slots()
EVERYWHERE = 0

SOURCES: list[Source] = []


def add_source(source: Source) -> None:
    SOURCES.append(source)
    SOURCES.sort(key=lambda one: one.order)


def found_elsewhere(viewer: "User", course: "Course", words: str) -> list[tuple["str | Promise", list[Hit]]]:
    """What apps above found, by their labels; those that found nothing are left out."""
    found = [(source.label, source.find(viewer, course, words)[:MOST_HITS]) for source in SOURCES]
    return [(label, hits) for label, hits in found if hits]


# What somebody did who spoke to a student, in words that follow their name, by the word that is kept of it.
SPOKEN: "dict[str, str | Promise]" = {}


@dataclass(frozen=True)
class Reason:
    """Why a student needs somebody today, in words, and the one press that settles it.

    It reveals nobody: what was written or handed in without a name is a reason of nobody's.
    """

    words: str
    press: str
    address: str
    # By when they should have had what somebody owes them; None where nobody owes them anything.
    owed_by: "datetime | None"


# Of a cohort, as of an instant, for somebody who sees its students: one reason each, by the keys of their accounts. In
# one query, or in two.
REASONS: "list[Callable[[User, Cohort, datetime], Mapping[int, Reason]]]" = []
# Of a cohort, as of an instant: whom somebody who teaches there asked how it goes, and who has not answered yet, with
# when they were asked, by the keys of their accounts. What everybody is asked is no question to anybody. In one query.
ASKED: "list[Callable[[Cohort, datetime], Mapping[int, datetime]]]" = []
# The press for who is silent or alone: its label, and its address for the cohort and the enrolment of a student. Empty
# until an app brings one.
CHECK_IN: "list[tuple[str | Promise, Callable[[int, int], str]]]" = []


@dataclass(frozen=True)
class Waits:
    """What waits for somebody of one sort: who, as keys that name each once and lead to nobody, how much of it, in
    words too, the page that lists exactly that, and the oldest promise."""

    people: frozenset[object]
    count: int
    words: str
    address: str
    promised_at: "datetime | None" = None


# Over all cohorts that somebody looks after, in one query each.
WAITS: "list[Callable[[User], Waits]]" = []


def waits_for(viewer: "User") -> list[Waits]:
    """What waits, without what does not."""
    return [found for one in WAITS if (found := one(viewer)).count]
