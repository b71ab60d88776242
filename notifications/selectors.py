from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from notifications.kinds import KINDS, Cadence, Group, Kind
from notifications.models import Mailbox, Notice, Preference

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Choice:
    """How one kind reaches somebody now, and how often it came up in the past week."""

    kind: Kind
    in_inbox: bool
    mail: str
    lately: int


def mailbox(person: User) -> Mailbox:
    """Of somebody who chose nothing yet, one that is not stored."""
    return Mailbox.objects.filter(person=person).first() or Mailbox(person=person)


def choices(person: User) -> list[Choice]:
    """Every kind that this person can get, in the order in which they were declared."""
    chosen = {one.kind: one for one in Preference.objects.filter(person=person)}
    told = Notice.objects.filter(person=person, settled_at__gt=timezone.now() - WEEK, state="told")
    lately = Counter(told.values_list("kind", flat=True))
    groups = {Group.EVERYBODY}
    groups |= {Group.STUDYING} if person.studies else set()
    groups |= {Group.TEACHING} if person.teaches else set()
    return [
        Choice(
            kind,
            chosen[name].in_inbox if name in chosen else kind.in_inbox,
            chosen[name].mail if name in chosen else str(kind.mail),
            lately[name],
        )
        for name, kind in KINDS.items()
        if kind.group in groups
    ]


def mails_of_last_week(choices: list[Choice]) -> int:
    """How many mails these choices would have made of what came up: what comes at once one by one, digests as one."""
    at_once = sum(one.lately for one in choices if one.mail == Cadence.NOW)
    daily = min(7, sum(one.lately for one in choices if one.mail == Cadence.DAILY))
    weekly = min(1, sum(one.lately for one in choices if one.mail == Cadence.WEEKLY))
    return at_once + daily + weekly
