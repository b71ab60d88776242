"""The registry of activity kinds: a protocol and a dictionary, nothing more.

A kind is one leaf module that calls `register` when `apps.ready()` imports it; nothing else names it.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.utils.functional import Promise

if TYPE_CHECKING:
    from accounts.models import User
    from courses.models import Activity, Enrolment
    from courses.packages.draft import ItemDraft


@dataclass(frozen=True)
class Rule:
    """How an activity gets its tick. `sentence` says it to the student in words."""

    code: str
    label: "str | Promise"
    # Takes the activity's `dwell_seconds`, so that an outline can say the rule of every row without loading it.
    sentence: Callable[[int], str]


@dataclass(frozen=True)
class Panel:
    """What a kind puts on the lesson page."""

    template: str
    context: dict[str, Any]
    # A module under `static/`, for what HTML cannot do.
    script: str = ""


class References(Protocol):
    """Turns what a draft calls `package-file:` and `package-item:` into addresses of this site."""

    # Paths of files that hold other bytes than before this import.
    replaced: Set[str]

    def __call__(self, address: str) -> str | None: ...

    def course_file(self, path: str) -> Any: ...


class Kind(Protocol):
    """Subclass it: what only some kinds have is defined here with its empty answer."""

    code: str
    label: "str | Promise"
    icon: str
    rules: tuple[Rule, ...]
    form: type[forms.Form]

    def panel(self, viewer: "User", enrolment: "Enrolment | None", activity: "Activity") -> Panel:
        """In two queries or fewer: the lesson page has six of its own, and eight is the budget."""

    def destination(self, activity: "Activity") -> str | None:
        """Where the "Open" button leads, for a kind whose content lies elsewhere."""
        return None

    def pages(self, activity: "Activity") -> list[tuple[str, str]]:
        """Label and address of further authoring pages of an activity that exists."""
        return []

    def initial(self, activity: "Activity") -> dict[str, Any]:
        """What the authoring form shows for an activity that exists."""

    def save(self, activity: "Activity", cleaned: dict[str, Any]) -> bool:
        """Store what the form holds; True when a student should look again."""

    def receive(self, activity: "Activity", item: "ItemDraft", references: References) -> bool:
        """Store what a package holds of it; True when it differs from what was there."""


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if kind.code in KINDS:
        raise ValueError(f"The kind {kind.code!r} is registered twice.")
    KINDS[kind.code] = kind


@lru_cache(maxsize=2000)
def rule_sentence(kind: str, rule: str, dwell_seconds: int, language: str) -> str:
    """The rule of a tick in words. `language` is only the key under which the sentence is remembered."""
    rules = KINDS[kind].rules
    found = next((one for one in rules if one.code == rule), rules[0])
    return found.sentence(dwell_seconds)
