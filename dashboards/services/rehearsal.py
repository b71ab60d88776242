"""A term lived through before it begins: what everybody in a cohort would be told, by the code that will tell them.

Planning, telling and mailing are called with the instants at which something can happen; nothing is sent or kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from django.db.models import Min, Q
from django.utils import timezone, translation

from accounts.models import OutgoingMail, User
from accounts.services.letters import MAKERS, NotWanted
from courses.models import Cohort, Enrolment
from dashboards.services import pretending
from dashboards.services.aside import set_aside
from dashboards.services.pretending import As, Step
from notifications.kinds import DIGESTS, Cadence
from notifications.models import Event, Notice
from notifications.services import events, hours, letters, mailing, planning, telling

# Plans look more than a day ahead. What a plan finds late, because it counts from what a student did, is found by then.
PLAN_EVERY = timedelta(hours=4)
# A digest is planned once something waits for it: by the next plan of the worker, which comes at this minute.
PLANNED_AT_MINUTE = 7


class What(StrEnum):
    MAIL = "mail"
    INBOX = "inbox"
    SKIPPED = "skipped"
    HELD_OUT = "held out"
    NOT_MAILED = "not mailed"


@dataclass(frozen=True)
class Entry:
    """One thing that one person would be told, or why not."""

    at: datetime
    person: int
    what: What
    kind: str
    title: str
    reason: str = ""
    # Of a mail alone.
    text: str = ""


@dataclass(frozen=True)
class Diary:
    people: dict[int, User]
    entries: list[Entry]

    def mails(self, person: int | None = None) -> list[Entry]:
        return [one for one in self.entries if one.what is What.MAIL and person in (None, one.person)]


def rehearse(cohort: Cohort, first: datetime, until: datetime, as_: As | None = None) -> Diary:
    """From `first` until `until`; with the progress that there is, or with that of pretended students."""
    with set_aside(cohort, with_progress=as_ is None):
        enrolments = Enrolment.objects.select_related("user")
        people = {one.user_id: one.user for one in enrolments}
        if as_:
            Enrolment.objects.update(last_seen_at=None)
        steps = pretending.steps(cohort, first) if as_ is As.DILIGENT else []
        return Diary(people, list(_live(first, until, steps, people)))


def _live(first: datetime, until: datetime, steps: list[Step], people: dict[int, User]) -> Iterator[Entry]:
    now = plans_at = first
    while now < until:
        while steps and steps[0].at <= now:
            pretending.do(steps.pop(0))
        if now >= plans_at:
            planning.plan_all(now)
            plans_at = now + PLAN_EVERY
        if _deliver(now):
            plans_at = min(plans_at, _next_plan(now))
            yield from _settled(now, people)
            yield from _mailed(now)
        now = _next(now, [plans_at, *(step.at for step in steps[:1])])


def _next_plan(now: datetime) -> datetime:
    this_hour = now.replace(minute=PLANNED_AT_MINUTE, second=0, microsecond=0)
    return this_hour if this_hour > now else this_hour + timedelta(hours=1)


def _deliver(now: datetime) -> bool:
    """Whether anything happened."""
    happened = False
    while events.spread_some(now) or telling.tell_some(now) or mailing.mail_some(now):
        happened = True
    return happened


def _next(now: datetime, others: list[datetime]) -> datetime:
    """The first instant at which anything can happen."""
    waiting = Notice.objects.aggregate(
        to_tell=Min("not_before", filter=Q(state="planned")),
        to_mail=Min("mail_after", filter=Q(mail_by=Cadence.NOW, mail=None, state="told")),
    )
    event = Event.objects.filter(spread_at=None).aggregate(at=Min("not_before"))["at"]
    instants = [waiting["to_tell"], waiting["to_mail"], event]
    readers = Notice.objects.filter(mail_by__in=DIGESTS, mail=None, state="told").values_list("person", flat=True)
    instants += [clock.daily for clock in hours.of(readers.distinct(), now).values()]
    return min(at for at in (*instants, *others) if at and at > now)


def _settled(now: datetime, people: dict[int, User]) -> Iterator[Entry]:
    settled = Notice.objects.filter(settled_at=now, person__in=people).exclude(state="planned")
    for person, some in groupby(settled.order_by("person", "pk"), key=lambda notice: notice.person_id):
        notices = list(some)
        with translation.override(people[person].language), timezone.override(people[person].timezone):
            titles = [words.title for words in letters.in_words(notices)]
        for notice, title in zip(notices, titles, strict=True):
            yield from _entries(notice, title)


def _entries(notice: Notice, title: str) -> Iterator[Entry]:
    def entry(what: What, reason: str = "") -> Entry:
        return Entry(notice.settled_at, notice.person_id, what, notice.kind, title, reason)

    if notice.state == Notice.State.HELD_OUT:
        yield entry(What.HELD_OUT)
    elif notice.state != Notice.State.TOLD:
        yield entry(What.SKIPPED, notice.reason)
    elif notice.in_inbox:
        yield entry(What.INBOX)
    if notice.state == Notice.State.TOLD and notice.mail_reason:
        yield entry(What.NOT_MAILED, notice.mail_reason)


def _mailed(now: datetime) -> Iterator[Entry]:
    for mail in OutgoingMail.objects.filter(sent_at=None, failed_at=None).select_related("person").order_by("pk"):
        try:
            letter = letters.letter(mail, now) if mail.kind == mailing.MAIL else MAKERS[mail.kind](mail)
        except NotWanted as reason:
            mail.failed_at, mail.last_error = now, str(reason)
            yield Entry(now, mail.person_id, What.NOT_MAILED, mail.kind, "", str(reason))
        else:
            mail.sent_at = now
            letters.sent(mail)
            yield Entry(now, mail.person_id, What.MAIL, mail.kind, letter.subject, text=str(letter.body))
        mail.save(update_fields=["sent_at", "failed_at", "last_error"])
