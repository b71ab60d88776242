"""What the inbox shows: a day's notices together, and in it those of one course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from common.addresses import quick_url
from common.dates import local
from notifications.kinds import KINDS, Words
from notifications.models import Notice
from notifications.services.letters import in_words

__all__ = ["Day", "Entry", "days", "in_words"]


@dataclass(frozen=True)
class Entry:
    notice: Notice
    words: Words

    @property
    def icon(self) -> str:
        return KINDS[self.notice.kind].icon if self.notice.kind in KINDS else "inbox"

    @property
    def is_new(self) -> bool:
        return self.notice.read_at is None

    @property
    def told_at(self) -> datetime:
        """By the reader's clock."""
        return local(self.notice.settled_at)

    @property
    def address(self) -> str:
        """Of the place it leads to, by way of counting it as read."""
        return quick_url("notifications:open", self.notice.pk)


@dataclass(frozen=True)
class Day:
    label: str
    # By the name of what they belong to, such as a course; "" for what belongs to none, or names it itself.
    groups: list[tuple[str, list[Entry]]]


def days(notices: Sequence[Notice]) -> list[Day]:
    """The latest day first, as `notices` come; asks nothing of the database."""
    entries = [Entry(notice, words) for notice, words in zip(notices, in_words(notices), strict=True)]
    return [
        Day(_day_name(day), _groups(list(some)))
        for day, some in groupby(entries, key=lambda entry: local(entry.notice.settled_at).date())
    ]


def _groups(entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        name = str(entry.notice.values.get("course", ""))
        # Below its name, a title that says it too would say it twice.
        groups.setdefault("" if name in entry.words.title else name, []).append(entry)
    return list(groups.items())


def _day_name(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return gettext("Today")
    if (today - day).days == 1:
        return gettext("Yesterday")
    return date_format(day, "l j F" if day.year == today.year else "l j F Y")
