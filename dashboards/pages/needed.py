"""Who of a class needs somebody, and who waits for a teacher, in words."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from common.addresses import quick_url
from common.dates import local
from common.paging import COUNTED
from dashboards.attention import USUAL_WEEKS, Why
from dashboards.selectors.needed import Also, Needy
from feedback.pages.queue import Clock, in_words
from progress.selectors.signals import Student
from progress.slots import CHECK_IN, Waits


class Line(NamedTuple):
    """A reason, and the press that settles it; without one, "" twice."""

    words: str
    press: str
    address: str


class Row(NamedTuple):
    name: str
    address: str
    lines: list[Line]
    snooze: str
    # "" for who is on the list.
    back_on: str


def rows(found: Iterable[Needy]) -> list[Row]:
    language = get_language()
    return [_row(one, language) for one in found]


def _row(one: Needy, language: str) -> Row:
    student = one.student
    said = [Line(reason.words, reason.press, reason.address) for reason in one.said]
    # One press for all that a word from somebody answers.
    told: list[Line] = []
    for why in one.whys:
        words = _words(why, *_FIGURES[why](student), language)
        press, address = _press(why, student)
        told.append(Line(words, "", "") if address in [line.address for line in told] else Line(words, press, address))
    if one.asked_at is not None:
        day = date_format(local(one.asked_at), "l j F")
        told.append(Line(gettext("Was asked how they are on %(day)s. No answer yet.") % {"day": day}, "", ""))
    until = student.snoozed_until
    return Row(
        name=student.name,
        address=quick_url("teach:student", student.enrolment),
        lines=said + told,
        snooze=quick_url("teach:snooze", student.enrolment),
        back_on=date_format(until, "l j F") if until else "",
    )


# Of a reason, the figures in its words.
_FIGURES: dict[Why | Also, Callable[[Student], tuple[int, int]]] = {
    Why.MISSING: lambda student: (student.missing, 0),
    Why.LATE: lambda student: (student.late, 0),
    Why.SILENT: lambda student: (student.days_silent, student.begun),
    Why.SLOWING: lambda student: (
        student.active_days_7,
        round((student.active_days_28 - student.active_days_7) / USUAL_WEEKS),
    ),
    Also.ALONE: lambda student: (student.days_alone, 0),
}


@lru_cache(maxsize=4096)
def _words(why: Why | Also, n: int, more: int, language: str) -> str:
    """Remembered, because a list says the same in many rows. `language` is only the key."""
    match why:
        case Why.MISSING:
            words = ngettext("%(n)d step is overdue.", "%(n)d steps are overdue.", n)
        case Why.LATE:
            words = ngettext(
                "Finished %(n)d step late in the last four weeks.",
                "Finished %(n)d steps late in the last four weeks.",
                n,
            )
        case Why.SILENT if more:
            words = ngettext("Has not studied for %(n)d day.", "Has not studied for %(n)d days.", n)
        case Why.SILENT:
            words = ngettext(
                "Has not started yet; the course opened %(n)d day ago.",
                "Has not started yet; the course opened %(n)d days ago.",
                n,
            )
        case Why.SLOWING if not n:
            words = gettext("No study in the last week, usually on %(more)d days.")
        case Why.SLOWING:
            words = ngettext(
                "Studied on %(n)d day in the last week, usually on %(more)d.",
                "Studied on %(n)d days in the last week, usually on %(more)d.",
                n,
            )
        case Also.ALONE:
            words = ngettext("No one has spoken to them for %(n)d day.", "No one has spoken to them for %(n)d days.", n)
    return words % {"n": n, "more": more}


def _press(why: Why | Also, student: Student) -> tuple[str, str]:
    page = quick_url("teach:student", student.enrolment)
    if why is Why.MISSING:
        return gettext("Agree a later date"), f"{page}#dates"
    if why is Why.LATE:
        return gettext("See their steps"), f"{page}#way"
    if not CHECK_IN:
        return "", ""
    label, address = CHECK_IN[0]
    return str(label), address(student.cohort, student.enrolment)


def choices(days: Iterable[int]) -> list[tuple[int, str]]:
    return [(n, ngettext("for %(n)d day", "for %(n)d days", n) % {"n": n}) for n in days]


def sentence(waits: Sequence[Waits], now: datetime) -> str:
    """ "Three people wait for you; the oldest promise is for Thursday 17:00." """
    count = len(frozenset().union(*(one.people for one in waits)))
    if not count:
        return "" if waits else gettext("No one is waiting for you.")
    many = f"{COUNTED}+" if count >= COUNTED else in_words(count)
    promised = [one.promised_at for one in waits if one.promised_at]
    if not promised:
        words = ngettext("%(count)s person waits for you.", "%(count)s people wait for you.", count)
        return words % {"count": many}
    words = ngettext(
        "%(count)s person waits for you; the oldest promise is for %(when)s.",
        "%(count)s people wait for you; the oldest promise is for %(when)s.",
        count,
    )
    return words % {"count": many, "when": Clock(now).when(min(promised))}
