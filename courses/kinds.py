"""The registry of activity kinds: an abstract class and a dictionary, nothing more.

A kind is one leaf module that calls `register` when `apps.ready()` imports it; nothing else names it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.richtext import Later

if TYPE_CHECKING:
    from accounts.models import User
    from courses.models import Activity, Enrolment, Module
    from courses.packages.draft import ItemDraft


class Who(StrEnum):
    """Who makes a tick, may withdraw one, or is waited for."""

    STUDENT = "student"
    SOFTWARE = "software"
    TEACHER = "teacher"
    # An app above courses and progress, such as one for feedback.
    APP = "app"
    # Of a step that is nobody's turn any more: the student is excused.
    NOBODY = "nobody"


@dataclass(frozen=True)
class Way:
    """One way in which a tick comes about.

    `how` is kept in the completion. `why` is a template that puts its evidence into words: it is given `completion`
    and `own`, whether the reader made the tick. `withdrawn_by` is None for a tick that is never taken back; it is
    written on the completion, so a later change of the kind does not reach back.
    """

    how: str
    by: Who
    why: str
    withdrawn_by: Who | None = None


@dataclass(frozen=True)
class Rule:
    """How an activity gets its tick, and from whom. `sentence` says it to the student in words."""

    code: str
    label: "str | Promise"
    # Takes the activity's `dwell_seconds`, so that an outline can say the rule of a row without loading it; 0 for the
    # rule in general, which an outline says once.
    sentence: Callable[[int], str]
    ways: tuple[Way, ...]

    def way(self, how: str) -> Way | None:
        return next((way for way in self.ways if way.how == how), None)

    def way_of(self, who: Who) -> Way | None:
        """How `who` makes the tick; None for somebody whom the rule does not let."""
        return next((way for way in self.ways if way.by is who), None)


BY_STUDENT = Way("marked", Who.STUDENT, "courses/why/marked.html", withdrawn_by=Who.STUDENT)
BY_TEACHER = Way("teacher", Who.TEACHER, "courses/why/marked.html", withdrawn_by=Who.TEACHER)
ON_OPENING = Way("opened", Who.SOFTWARE, "courses/why/opened.html")
BY_HAND = Rule(
    "marked",
    _("the student marks it as done"),
    lambda seconds: gettext("Ticked when you mark it as done."),
    (BY_STUDENT,),
)


@dataclass(frozen=True)
class Panel:
    """What a kind puts on the lesson page."""

    template: str
    context: dict[str, Any]
    # A module under `static/`, for what HTML cannot do.
    script: str = ""
    # Whether it needs more of a wide window than a text does.
    wide: bool = False
    # Whether its template itself shows what apps above put on a lesson; else it stands beneath all of the lesson.
    keeps_slots: bool = False


class References(Protocol):
    """Turns what a draft calls `package-file:` and `package-item:` into addresses of this site."""

    # Paths of files that hold other bytes than before this import.
    replaced: Set[str]

    def __call__(self, address: str) -> str | Later | None: ...

    def course_file(self, path: str) -> Any: ...


class Kind(ABC):
    """Subclass it: what only some kinds have is defined here with its empty answer."""

    code: str
    label: "str | Promise"
    icon: str
    rules: tuple[Rule, ...]
    form: type[forms.Form]
    # Whether what it holds says how long it takes, such as the words of a text.
    measured = False

    @abstractmethod
    def panel(self, viewer: "User", enrolment: "Enrolment | None", activity: "Activity") -> Panel:
        """In two queries or fewer: a lesson asks four before, and six are its budget (docs/adr/0011)."""

    def destination(self, activity: "Activity") -> str | None:
        """Where the "Open" button leads, for a kind whose content lies elsewhere."""
        return None

    def pages(self, activity: "Activity") -> list[tuple[str, str]]:
        """Label and address of further authoring pages of an activity that exists."""
        return []

    def other_beginnings(self, module: "Module") -> list[tuple[str, str]]:
        """Label and address of other ways to write a new one in `module`."""
        return []

    def warnings(self, activities: Sequence[int]) -> "dict[int, list[tuple[str | Promise, str]]]":
        """By activity, what its author should look at, and the address where; in one query."""
        return {}

    @abstractmethod
    def initial(self, activity: "Activity") -> dict[str, Any]:
        """What the authoring form shows for an activity that exists."""

    @abstractmethod
    def save(self, activity: "Activity", cleaned: dict[str, Any]) -> bool:
        """Store what the form holds; True when it changed. Its author says in the form whether to look again."""

    def preview(self, activity: "Activity", cleaned: dict[str, Any]) -> str:
        """The text that the form holds as students will see it, for a kind that is one."""
        return ""

    @abstractmethod
    def receive(self, activity: "Activity", item: "ItemDraft", references: References) -> bool:
        """Store what a package holds of it; True when it differs from what was there."""

    def lacks(self, activity: "Activity") -> list[str]:
        """What its content names and the course does not have, such as a picture: said to the author at saving."""
        return []

    def rule(self, code: str) -> Rule:
        """The rule of that code; for one that the kind no longer has, its first."""
        return next((rule for rule in self.rules if rule.code == code), self.rules[0])

    def way(self, how: str) -> Way | None:
        """How a tick came about, by whichever rule it was made."""
        return next(filter(None, (rule.way(how) for rule in self.rules)), None)


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Raises ValueError for a code that is taken, and for a kind with a rule that nobody can fulfil."""
    if kind.code in KINDS:
        raise ValueError(f"The kind {kind.code!r} is registered twice.")
    for rule in kind.rules:
        if not rule.ways:
            raise ValueError(f"Nobody can make the tick of the rule {rule.code!r} of the kind {kind.code!r}.")
    KINDS[kind.code] = kind


@lru_cache(maxsize=2000)
def rule_sentence(kind: str, rule: str, dwell_seconds: int, language: str) -> str:
    """The rule of a tick in words. `language` is only the key under which the sentence is remembered."""
    return KINDS[kind].rule(rule).sentence(dwell_seconds)
