from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notifications.kinds import KINDS, Cadence
from notifications.models import Mailbox, Preference
from notifications.services import planning

# What the plan of a whole day is made by. A break is looked at as a nudge is told, and ends at a later hourly plan.
PLANNED_BY = {"leads", "quiet_from", "quiet_hours"}

SNOOZE = timedelta(days=7)


def choose(person: User, kind: str, *, in_inbox: bool, mail: str) -> None:
    """Kept for good, also where it is the default today: no later enrolment and no later default undoes a choice."""
    values = {"in_inbox": in_inbox, "mail": Cadence(mail), "changed_at": timezone.now()}
    Preference.objects.update_or_create(person=person, kind=kind, defaults=values)


@transaction.atomic
def stop_mail(person: User, kinds: Iterable[str]) -> list[str]:
    """No more mail of these kinds, of which the inbox keeps telling; which of them could be switched off."""
    stopped = [name for name in kinds if name in KINDS and KINDS[name].may_be_switched_off]
    for name in stopped:
        Preference.objects.update_or_create(
            person=person,
            kind=name,
            defaults={"mail": Cadence.NEVER, "changed_at": timezone.now()},
            create_defaults={"mail": Cadence.NEVER, "in_inbox": KINDS[name].in_inbox},
        )
    return stopped


@transaction.atomic
def set_mailbox(person: User, **values: object) -> None:
    """Any of quiet_from, quiet_hours, leads, break_until and snoozed_until."""
    before = Mailbox.objects.filter(person=person).first() or Mailbox(person=person)
    Mailbox.objects.update_or_create(person=person, defaults=values)
    if any(getattr(before, name) != values[name] for name in PLANNED_BY & set(values)):
        planning.soon()


@transaction.atomic
def save(person: User, when: dict[str, object], what: Iterable[tuple[str, bool, str]]) -> None:
    """The whole page of settings: the mailbox, and each kind whose choice changed."""
    set_mailbox(person, **when)
    for kind, in_inbox, mail in what:
        choose(person, kind, in_inbox=in_inbox, mail=mail)
