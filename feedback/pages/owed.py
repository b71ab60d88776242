"""Feedback that is owed, in words."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.models import User
from common.addresses import quick_url
from common.templatetags.ui import capped
from courses.models import Cohort
from courses.services.calendars import calendar_of
from courses.working_days import after
from feedback.models import Asked
from feedback.pages.queue import Clock
from feedback.selectors import owed
from feedback.selectors.queue import owed_to
from progress.slots import Reason, Waits

# A promise is near in the last of its working days.
NEAR = 1


def reasons(viewer: User, cohort: Cohort, now: datetime) -> Mapping[int, Reason]:
    clock, press = Clock(now), gettext("Mark it")
    return {
        one.person: Reason(
            _words(one, clock), press, quick_url("feedback:mark", one.submission), one.promised_at or now
        )
        for one in owed.owed(cohort, after(now, NEAR, calendar_of(cohort)))
    }


def _words(one: owed.Owed, clock: Clock) -> str:
    if one.promised_at is None:
        return gettext("Feedback on “%(title)s” is overdue.") % {"title": one.title}
    if one.broken or one.promised_at < clock.now:
        words = gettext("Feedback on “%(title)s” did not come as promised; it is now promised for %(when)s.")
    else:
        words = gettext("Feedback on “%(title)s” is promised for %(when)s.")
    return words % {"title": one.title, "when": clock.when(one.promised_at)}


# From the best to the worst; to want a word says nothing of how it goes.
PULSES = (Asked.Pulse.ON_TRACK, Asked.Pulse.BEHIND, Asked.Pulse.STUCK)


def talk_reasons(viewer: User, cohort: Cohort, now: datetime) -> Mapping[int, Reason]:
    clock, press = Clock(now), gettext("Answer")
    return {
        one.person: Reason(
            _talk_words(one, clock),
            press,
            f"{quick_url('feedback:conversation', one.conversation)}#waits",
            one.promised_at,
        )
        for one in owed.talking(viewer, cohort)
    }


def _talk_words(one: owed.Talking, clock: Clock) -> str:
    return f"{_said(one)} {_by(one, clock)}"


def _said(one: owed.Talking) -> str:
    said = {"pulse": _pulse(one.pulse), "before": _pulse(one.before)}
    if has_fallen(one.pulse, one.before):
        return gettext("Answered “%(pulse)s” and “%(before)s” the time before.") % said
    return gettext("Answered “%(pulse)s”.") % said if one.pulse else gettext("Wrote to you.")


def _by(one: owed.Talking, clock: Clock) -> str:
    if one.broken or one.promised_at < clock.now:
        words = gettext("Your reply did not come as promised; it is now promised for %(when)s.")
    else:
        words = gettext("Your reply is promised for %(when)s.")
    return words % {"when": clock.when(one.promised_at)}


def _pulse(code: str) -> str:
    return str(Asked.Pulse(code).label) if code else ""


def has_fallen(pulse: str, before: str) -> bool:
    return pulse in PULSES and before in PULSES and PULSES.index(pulse) > PULSES.index(before)


def talk_waits(viewer: User) -> Waits:
    found = owed.waiting_in_talk(viewer)
    people = frozenset(person for person, _ in found)
    promised_at = min((promised for _, promised in found), default=None)
    words = ngettext("%(count)s conversation to answer", "%(count)s conversations to answer", len(found))
    address = f"{reverse('feedback:conversations')}?waiting=yes"
    return Waits(people, len(found), words % {"count": capped(len(found))}, address, promised_at)


def waits(viewer: User) -> Waits:
    """As many as the queue lists."""
    found = owed_to(viewer)
    people = frozenset(person or ("work", submission) for person, submission, _ in found)
    promised_at = min((promised for *_, promised in found if promised), default=None)
    words = ngettext("%(count)s piece of work to mark", "%(count)s pieces of work to mark", len(found))
    return Waits(people, len(found), words % {"count": capped(len(found))}, reverse("feedback:queue"), promised_at)
