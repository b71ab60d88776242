"""The queue of those who mark, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from accounts.models import User
from common.addresses import quick_url
from common.dates import local
from common.paging import COUNTED
from common.templatetags import ui
from feedback.models import Submission
from feedback.pages.names import is_kept, neutral
from feedback.selectors.queue import Ahead, Filter, Show, ToMark

A_WEEK = timedelta(days=6)
NUMBERS = gettext_lazy("One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve")
SHOWN = {
    Show.ALL: gettext_lazy("All"),
    Show.MINE: gettext_lazy("Yours"),
    Show.FREE: gettext_lazy("Free"),
    Show.MARKED: gettext_lazy("Marked, not released"),
    Show.TIMED: gettext_lazy("Released at a set time"),
    Show.RELEASED: gettext_lazy("Released"),
}


class Row(NamedTuple):
    """As `rows/to_mark.html` takes it apart."""

    key: int
    url: str
    name: str
    # "" where it is marked without names.
    face: str
    assignment: str
    cohort: str
    attempt: int
    handed_in: str
    late: bool
    promise: str
    # "late" once a promise was broken, "soon", or "".
    tone: str
    who: str
    free: bool
    mine: bool
    marked: bool
    released: bool


def rows(found: Iterable[ToMark], asked: Filter, viewer: User, now: datetime) -> list[Row]:
    query, clock = asked.query(), Clock(now)
    return [_row(one, query, viewer, clock) for one in found]


def _row(one: ToMark, query: str, viewer: User, clock: "Clock") -> Row:
    nameless = is_kept(one.nameless, one.release_at, clock.now)
    name = neutral(one) if nameless else one.student
    words, tone = clock.promise(one)
    return Row(
        key=one.pk,
        url=quick_url("feedback:mark", one.pk) + query,
        name=name,
        face="" if nameless else name,
        assignment=one.assignment,
        cohort=one.cohort,
        attempt=one.attempt,
        # By the hour somebody could be known.
        handed_in=clock.formatted(one.counts_at, "j F" if nameless else "j F, H:i"),
        late=is_late(one),
        promise=words,
        tone=tone,
        who=clock.who_has(one, viewer),
        free=one.marker_id is None,
        mine=one.marker_id == viewer.pk,
        marked=one.is_begun,
        released=one.release_at is not None,
    )


def called(one: ToMark, now: datetime) -> str:
    """As `names.name_of` calls it."""
    return neutral(one) if is_kept(one.nameless, one.release_at, now) else one.student


def is_late(one: Any) -> bool:
    """Whether it came after it was due, of work that was read with its `due_at`."""
    return one.due_at is not None and one.counts_at > one.due_at


class Clock:
    """What is said of hours and of markers, by the reader's clock: what is the same for all rows is asked once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._zone, self._language = timezone.get_current_timezone(), get_language()
        self._today = local(now, self._zone).date()
        self._free, self._yours = gettext("free"), gettext("yours")
        self._by = gettext("by %(when)s")

    def who_has(self, one: Submission | ToMark, viewer: User) -> str:
        if one.marker_id is None:
            return self._free
        return self._yours if one.marker_id == viewer.pk else str(one.marker)

    def promise(self, one: Submission | ToMark) -> tuple[str, str]:
        """ "by Thursday 17:00", and how pressing that is; of what is released, when."""
        now = self.now
        if one.release_at is not None:
            words = gettext("released %(when)s") if one.release_at <= now else gettext("will be released %(when)s")
            return words % {"when": self.when(one.release_at)}, ""
        if one.promised_at is None:
            return "", ""
        if one.broken_at is not None or one.promised_at < now:
            return gettext("promise broken; now by %(when)s") % {"when": self.when(one.promised_at)}, "late"
        soon = ui.soon(one.promised_at, now)
        return self._by % {"when": self.when(one.promised_at)}, "soon" if soon else ""

    def when(self, moment: datetime) -> str:
        """ "today 17:00", "Thursday 17:00", "3 December 17:00"."""
        return _when(moment.replace(second=0, microsecond=0), self._today, self._zone, self._language)

    def formatted(self, moment: datetime, form: str) -> str:
        """To the minute."""
        return _formatted(moment.replace(second=0, microsecond=0), form, self._zone, self._language)


@lru_cache(maxsize=4096)
def _when(moment: datetime, today: date, zone: tzinfo, language: str) -> str:
    """Remembered, because work of one day is promised for one. `language` is only the key."""
    here = local(moment, zone)
    days = (here.date() - today).days
    if days in (0, 1):
        day = gettext("today") if days == 0 else gettext("tomorrow")
        return f"{day} {date_format(here, 'H:i')}"
    if 0 < days <= A_WEEK.days:
        return date_format(here, "l H:i")
    return date_format(here, "j F H:i" if here.year == today.year else "j F Y H:i")


@lru_cache(maxsize=4096)
def _formatted(moment: datetime, form: str, zone: tzinfo, language: str) -> str:
    """`language` is only the key."""
    return date_format(local(moment, zone), form)


def sentence(ahead: Ahead, now: datetime) -> str:
    """ "Six to mark; the next is promised for today 17:00." """
    if not ahead.count:
        return gettext("Nothing to mark.")
    many = f"{COUNTED}+" if ahead.count >= COUNTED else in_words(ahead.count)
    if ahead.promised_at is None:
        return gettext("%(count)s to mark.") % {"count": many}
    words = gettext("%(count)s to mark; the next is promised for %(when)s.")
    return words % {"count": many, "when": Clock(now).when(ahead.promised_at)}


def in_words(count: int) -> str:
    words = str(NUMBERS).split()
    return words[count - 1] if 0 < count <= len(words) else str(count)


def students(count: int) -> str:
    words = ngettext("%(count)s student", "%(count)s students", count)
    return words % {"count": in_words(count).lower()}


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    chosen: bool


def choices(asked: Filter) -> list[Choice]:
    here = reverse("feedback:queue")
    return [Choice(str(label), here + asked.query(show=show), show is asked.show) for show, label in SHOWN.items()]
