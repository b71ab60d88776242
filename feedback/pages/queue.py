"""The queue of those who mark, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.models import User
from common.addresses import quick_url
from common.dates import local
from common.paging import COUNTED
from common.templatetags import ui
from feedback.models import Submission
from feedback.pages.names import is_nameless, name_of
from feedback.selectors.queue import Ahead, Filter, Show

A_WEEK = timedelta(days=6)
NUMBERS = gettext_lazy("One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve")
SHOWN = {
    Show.ALL: gettext_lazy("All"),
    Show.MINE: gettext_lazy("Yours"),
    Show.FREE: gettext_lazy("Free"),
    Show.MARKED: gettext_lazy("Marked, not released"),
    Show.TIMED: gettext_lazy("Released at an hour"),
    Show.RELEASED: gettext_lazy("Released"),
}


@dataclass(frozen=True)
class Row:
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


def rows(
    found: Iterable[Submission], asked: Filter, due: dict[int, datetime | None], viewer: User, now: datetime
) -> list[Row]:
    return [_row(one, asked, due.get(one.pk), viewer, now) for one in found]


def _row(one: Submission, asked: Filter, due: datetime | None, viewer: User, now: datetime) -> Row:
    nameless, name = is_nameless(one, now), name_of(one, now)
    words, tone = promise(one, now)
    return Row(
        key=one.pk,
        url=quick_url("feedback:mark", one.pk) + asked.query(),
        name=name,
        face="" if nameless else name,
        assignment=one.activity.title,
        cohort=one.enrolment.cohort.name,
        attempt=one.attempt,
        # By the hour somebody could be known.
        handed_in=date_format(local(one.counts_at), "j F" if nameless else "j F, H:i"),
        late=bool(due and one.counts_at > due),
        promise=words,
        tone=tone,
        who=who_has(one, viewer),
        free=one.marker_id is None,
        mine=one.marker_id == viewer.pk,
        marked=_is_marked(one),
        released=one.release_at is not None,
    )


def _is_marked(one: Submission) -> bool:
    begun = getattr(one, "feedback", None)
    return begun is not None and begun.revision > 0


def who_has(one: Submission, viewer: User) -> str:
    if one.marker_id is None:
        return gettext("free")
    return gettext("yours") if one.marker_id == viewer.pk else str(one.marker)


def promise(one: Submission, now: datetime) -> tuple[str, str]:
    """ "by Thursday 17:00", and how pressing that is; of what is released, when."""
    if one.release_at is not None:
        words = gettext("released %(when)s") if one.release_at <= now else gettext("will be released %(when)s")
        return words % {"when": when(one.release_at, now)}, ""
    if one.promised_at is None:
        return "", ""
    if one.broken_at is not None or one.promised_at < now:
        return gettext("promise broken; now by %(when)s") % {"when": when(one.promised_at, now)}, "late"
    soon = ui.soon(one.promised_at, now)
    return gettext("by %(when)s") % {"when": when(one.promised_at, now)}, "soon" if soon else ""


def when(moment: datetime, now: datetime) -> str:
    """ "today 17:00", "Thursday 17:00", "3 December 17:00", by the reader's clock."""
    here, today = local(moment), local(now).date()
    days = (here.date() - today).days
    if days in (0, 1):
        day = gettext("today") if days == 0 else gettext("tomorrow")
        return f"{day} {date_format(here, 'H:i')}"
    if 0 < days <= A_WEEK.days:
        return date_format(here, "l H:i")
    return date_format(here, "j F H:i" if here.year == local(now).year else "j F Y H:i")


def sentence(ahead: Ahead, now: datetime) -> str:
    """ "Six to mark; the next is promised for today 17:00." """
    if not ahead.count:
        return gettext("Nothing to mark.")
    many = f"{COUNTED}+" if ahead.count >= COUNTED else in_words(ahead.count)
    if ahead.promised_at is None:
        return gettext("%(count)s to mark.") % {"count": many}
    words = gettext("%(count)s to mark; the next is promised for %(when)s.")
    return words % {"count": many, "when": when(ahead.promised_at, now)}


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
