"""Who of a class needs somebody, and who waits for a teacher, in words."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from common.addresses import quick_url
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
    return [_row(one) for one in found]


def _row(one: Needy) -> Row:
    student = one.student
    said = [Line(reason.words, reason.press, reason.address) for reason in one.said]
    # One press for all that a word from somebody answers.
    told: list[Line] = []
    for why in one.whys:
        words, press, address = _words(why, student), *_press(why, student)
        told.append(Line(words, "", "") if address in [line.address for line in told] else Line(words, press, address))
    until = student.snoozed_until
    return Row(
        name=student.name,
        address=quick_url("teach:student", student.enrolment),
        lines=said + told,
        snooze=quick_url("teach:snooze", student.enrolment),
        back_on=date_format(until, "l j F") if until else "",
    )


def _words(why: Why | Also, student: Student) -> str:
    match why:
        case Why.MISSING:
            return _counted(
                ngettext("%(n)d step is overdue.", "%(n)d steps are overdue.", student.missing), student.missing
            )
        case Why.LATE:
            words = ngettext(
                "Finished %(n)d step late in the last four weeks.",
                "Finished %(n)d steps late in the last four weeks.",
                student.late,
            )
            return _counted(words, student.late)
        case Why.SILENT if student.last_day is None:
            words = ngettext(
                "Has not started yet; the course opened %(n)d day ago.",
                "Has not started yet; the course opened %(n)d days ago.",
                student.days_silent,
            )
            return _counted(words, student.days_silent)
        case Why.SILENT:
            words = ngettext("Not at work for %(n)d day.", "Not at work for %(n)d days.", student.days_silent)
            return _counted(words, student.days_silent)
        case Why.SLOWING:
            usual = round((student.active_days_28 - student.active_days_7) / USUAL_WEEKS)
            if not student.active_days_7:
                return gettext("Not at work in the last week, usually on %(usual)d days.") % {"usual": usual}
            words = ngettext(
                "At work on %(n)d day in the last week, usually on %(usual)d.",
                "At work on %(n)d days in the last week, usually on %(usual)d.",
                student.active_days_7,
            )
            return words % {"n": student.active_days_7, "usual": usual}
        case Also.ALONE:
            words = ngettext(
                "No one has spoken to them for %(n)d day.",
                "No one has spoken to them for %(n)d days.",
                student.days_alone,
            )
            return _counted(words, student.days_alone)


def _counted(words: str, n: int) -> str:
    return words % {"n": n}


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


def sentence(waits: Waits, now: datetime) -> str:
    """ "Three people wait for you; the oldest promise is for Thursday 17:00." """
    count = len(waits.people)
    if not count:
        return gettext("No one is waiting for you.")
    many = f"{COUNTED}+" if count >= COUNTED else in_words(count)
    if waits.promised_at is None:
        words = ngettext("%(count)s person waits for you.", "%(count)s people wait for you.", count)
        return words % {"count": many}
    words = ngettext(
        "%(count)s person waits for you; the oldest promise is for %(when)s.",
        "%(count)s people wait for you; the oldest promise is for %(when)s.",
        count,
    )
    return words % {"count": many, "when": Clock(now).when(waits.promised_at)}
