"""What people can be told. Each app registers its kinds when Django starts; nothing here knows a word of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models import Exists
    from django.utils.functional import Promise

    from notifications.models import Event, Notice


class Cadence(StrEnum):
    """When something is mailed."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


CADENCES = {
    Cadence.NOW: _("Straight away"),
    Cadence.DAILY: _("Once a day"),
    Cadence.WEEKLY: _("Once a week"),
    Cadence.NEVER: _("Never"),
}
DIGESTS = (Cadence.DAILY, Cadence.WEEKLY)


class Rank(IntEnum):
    """Who goes first where the mails of a day are few."""

    PERSON = 0  # what somebody wrote
    DEADLINE = 1
    OTHER = 2


class Group(StrEnum):
    """Who is offered a kind in the settings."""

    STUDYING = "studying"
    TEACHING = "teaching"
    EVERYBODY = "everybody"


@dataclass(frozen=True)
class Line:
    """One of many in a notice, with a path of this site where it leads to one."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    lines: Sequence[Line]
    # What stands for those that were left out: "and 12 more".
    more: str = ""


@dataclass(frozen=True)
class Words:
    """A notice as its reader sees it. `title` says what and when, for it is the subject of a mail with nothing else."""

    title: str
    text: str = ""
    # A path of this site, and what stands on the link to it.
    url: str = ""
    action: str = ""
    # Prose that was sanitised already, below the text; and how it reads where nothing but text can stand.
    html: str = ""
    plain: str = ""
    # Lists below the text, for what is about many.
    sections: Sequence[Section] = ()


class Kind(ABC):
    """One sort of notice. An app declares it in its `notices` or `reminders` (docs/architecture.md)."""

    name: str
    label: "str | Promise"
    # One sentence for the settings.
    explained: "str | Promise"
    icon: str = "inbox"
    group: Group = Group.STUDYING
    # Under which heading of the settings it is found, among those of its group.
    heading: "str | Promise" = _("Courses")
    rank: Rank = Rank.OTHER
    mail: Cadence = Cadence.NEVER
    in_inbox: bool = True
    # Whether it shares a mail with others that are ready at the same time.
    may_be_bundled: bool = True
    may_be_switched_off: bool = True
    # Whatever is chosen for its mail, it can be found in the inbox.
    stays_in_inbox: bool = False
    # Told when it happens, at any hour, where others wait for the end of quiet hours; its mail waits in either case.
    at_any_hour: bool = False
    # Its words are for its person alone: somebody who may have written without their name. Operators read the kind.
    is_personal: bool = False
    # An automatic nudge: stops on a break, and is withheld from a tenth of adults to learn whether it helps.
    is_nudge: bool = False
    # A digest: its mail takes along what waits for one of this cadence.
    takes_along: Cadence | None = None
    # What `subject` is the id of, one of ABOUT; "" for what nobody can hide or delete.
    about: str = ""

    def usual_mail(self, *, minor: bool) -> Cadence:
        """How it is mailed to somebody who chose nothing: nudges lie in the inbox of a minor, and no more."""
        return Cadence.NEVER if self.is_nudge and minor else self.mail

    def plan(self, now: datetime) -> int:
        """Store what falls due within the sending horizon, in one statement; how many rows it wrote."""
        return 0

    def spread(self, events: "Sequence[Event]", now: datetime) -> int:
        """Store who hears of these events of this kind, in one statement; how many rows it wrote."""
        return 0

    def still_valid(self, notices: "Sequence[Notice]", now: datetime) -> Mapping[int, str]:
        """By id, why some of these are not worth telling any more (one of `Reason`); in a fixed number of queries.

        It may bring the `values` of the others up to date.
        """
        return {}

    def forget_the_erased(self) -> int:
        """Take the names of people who were erased out of what others were told; how many notices had any."""
        return 0

    @abstractmethod
    def render(self, notices: "Sequence[Notice]") -> list[Words]:
        """Their words in the active language and zone, in the same order, out of `values` alone: no query."""

    def in_digest(self, notices: "Sequence[Notice]") -> list[Words]:
        """As a digest lists them, below the name of their course."""
        return self.render(notices)

    def in_full(self, notices: "Sequence[Notice]") -> list[Words]:
        """As a mail says them, where that is more than the inbox shows; in one query at most."""
        return self.render(notices)


class Coming(ABC):
    """What comes due, as a digest lists it. An app fills `COMING` when Django starts."""

    @abstractmethod
    def find(self, until: Mapping[int, datetime], now: datetime) -> Mapping[int, list[dict[str, Any]]]:
        """By person, what is due to them after `now` and until an instant of their own, the earliest first: the
        `subject` of each, and what its words need."""

    @abstractmethod
    def render(self, rows: Sequence[Mapping[str, Any]]) -> list[Words]:
        """In the active language and zone, in the same order: no query."""


class Reason(StrEnum):
    """Why a planned notice was not told, or a told one not mailed. The operator's page puts them into words."""

    EXPIRED = "expired"
    CLOSED_ACCOUNT = "closed account"
    UNKNOWN_KIND = "unknown kind"
    SWITCHED_OFF = "switched off"
    ON_A_BREAK = "on a break"
    TOLD_LATELY = "told lately"
    LATER_ONE = "a later one went"
    QUIET_HOURS = "quiet hours"
    MOVED = "moved"
    BACK = "back"
    DONE = "done"
    READ = "read"
    WITH_TEACHER = "with the teacher"
    GONE = "gone"
    NOT_ENROLLED = "not enrolled"
    NOTHING_TO_SAY = "nothing to say"
    NO_ADDRESS = "no address"
    TOO_MANY = "three mails today"
    IN_DIGEST = "in a digest"


# What made it pointless may be undone before its time is over.
REVIVED = (Reason.MOVED, Reason.BACK, Reason.DONE, Reason.WITH_TEACHER, Reason.GONE, Reason.NOT_ENROLLED)

KINDS: dict[str, Kind] = {}
# What a notice can be about: whether its subject stands and its person may read it, as EXISTS beside the notice.
ABOUT: "dict[str, Callable[[], Exists]]" = {}
# By what they are about: digests ask these what is due before the next one.
COMING: "dict[str, Coming]" = {}


def register(kind: Kind) -> None:
    KINDS[kind.name] = kind


def unregister(kind: Kind) -> None:
    del KINDS[kind.name]
