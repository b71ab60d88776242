"""What was read, in the words and rows of a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from accounts.models import User
from common import zones
from common.dates import local
from common.slots import Remark
from courses.models import CourseImport, Enrolment, ReportLine
from courses.reports import Asked, Counts
from courses.selectors import Visibility

# How the report calls so many items of a kind that is kept for later.
KEPT_WORDS = {
    "discussion": lambda n: ngettext("%d discussion", "%d discussions", n),
    "announcement": lambda n: ngettext("%d announcement", "%d announcements", n),
    "assignment": lambda n: ngettext("%d assignment", "%d assignments", n),
    "quiz": lambda n: ngettext("%d quiz", "%d quizzes", n),
    "question-bank": lambda n: ngettext("%d question bank", "%d question banks", n),
    "lti": lambda n: ngettext("%d external tool", "%d external tools", n),
}

KEPT_BESIDE = {"file", "metadata"}


def _others(count: int) -> str:
    return ngettext("%d other item", "%d other items", count)


@dataclass(frozen=True)
class Person:
    """A row of the people of a cohort, with no more of each than the viewer may see."""

    name: str
    role: str
    is_viewer: bool
    # The enrolment of a student whose work the viewer may see.
    work: int | None
    # "Auckland" and "Tue 03:10"; "" where that is kept from the viewer.
    city: str
    clock: str
    said: Remark | None


def people(
    viewer: User, rows: Sequence[Enrolment], said: Mapping[int, Remark], now: datetime, *, in_full: bool
) -> list[Person]:
    found = []
    for row in rows:
        user, is_viewer = row.user, row.user_id == viewer.pk
        is_shown = in_full or is_viewer or not user.minor
        found.append(
            Person(
                name=str(user) if in_full or is_viewer else user.peer_name,
                role=row.get_role_display(),
                is_viewer=is_viewer,
                work=row.pk if in_full and row.is_student else None,
                city=zones.city(str(user.timezone)) if is_shown else "",
                clock=date_format(local(now, user.timezone), "D H:i") if is_shown else "",
                said=said.get(user.pk),
            )
        )
    return found


@dataclass(frozen=True)
class Filter:
    """A link above the report; `query` is "" for all of it."""

    label: str
    count: int
    query: str
    here: bool


def filters(counted: Counts, asked: Asked) -> list[Filter]:
    """One for each result that there is."""
    everything = Filter(gettext("Everything"), counted.total, "", not asked)
    return [everything] + [
        Filter(str(one.label), counted.by_result[one], f"?result={one}", asked.result == one)
        for one in ReportLine.Result
        if counted.by_result[one]
    ]


def kept_words(counted: Counts) -> str:
    """ "60 quizzes, 56 discussions": what students would miss, without the files inside them and the settings."""
    missed = [(kind, count) for kind, count in counted.kept if kind not in KEPT_BESIDE]
    known = [(KEPT_WORDS[kind], count) for kind, count in missed if kind in KEPT_WORDS]
    rest = sum(count for kind, count in missed if kind not in KEPT_WORDS)
    return ", ".join(words(count) % count for words, count in [*known, *([(_others, rest)] if rest else [])])


def tone(run: CourseImport, counted: Counts, seen: Visibility | None, *, faulty: bool) -> str:
    """Green only when everything came in and students see it; what is wholly empty is a warning, however it ended."""
    if run.state == CourseImport.State.FAILED:
        return "error"
    came_in = counted.by_result["imported"] + counted.by_result["remarked"] + counted.by_result["unchanged"]
    if not came_in or (seen and not seen.lessons):
        return "warning"
    whole = set(+counted.by_result) == {"imported"} and not (seen and seen.hidden) and not faulty
    return "success" if whole else "info"


AUDIENCE_WORDS = {
    Enrolment.Role.STUDENT: lambda n: ngettext("%d student", "%d students", n),
    Enrolment.Role.TEACHER: lambda n: ngettext("%d teacher", "%d teachers", n),
    Enrolment.Role.ASSISTANT: lambda n: ngettext("%d assistant", "%d assistants", n),
    Enrolment.Role.OBSERVER: lambda n: ngettext("%d observer", "%d observers", n),
    "": lambda n: ngettext("%d person", "%d people", n),
}


def audience_words(counts: dict[str, int]) -> str:
    """ "28 students and 2 teachers"; "" where it reaches nobody."""
    said = [words(counts[role]) % counts[role] for role, words in AUDIENCE_WORDS.items() if counts.get(role)]
    if len(said) < 2:
        return "".join(said)
    return gettext("%(all)s and %(last)s") % {"all": ", ".join(said[:-1]), "last": said[-1]}
