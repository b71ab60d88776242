"""Time passes, and what people find in their inbox and their mail."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import User
from accounts.tasks import send_waiting_mail
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.services import letters
from notifications.tasks import deliver, plan

START = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


def wait(clock: time_machine.Traveller, **delta: float) -> None:
    """Let so much time pass; then beat and worker do what they do."""
    clock.move_to(timezone.now() + timedelta(**delta))
    work()


def work() -> None:
    plan()
    deliver()
    send_waiting_mail()


# What other apps tell is their tests' business.
OURS = [name for name, kind in KINDS.items() if type(kind).__module__.startswith("courses.")]


def told(person: User) -> list[Notice]:
    mine = Notice.objects.filter(person=person, state="told", kind__in=OURS)
    return list(mine.order_by("settled_at", "pk"))


def titles(person: User, kind: str | None = None) -> list[str]:
    """Of all that was told, as the person reads them."""
    mine = [one for one in told(person) if kind in (None, one.kind)]
    with translation.override(person.language), timezone.override(person.timezone):
        return [words.title for words in letters.in_words(mine)]


def text(person: User) -> str:
    """Of the last that was told."""
    with translation.override(person.language), timezone.override(person.timezone):
        return letters.in_words(told(person)[-1:])[0].text


def reasons(person: User, kind: str) -> list[str]:
    """Why what was planned was not told."""
    return list(Notice.objects.filter(person=person, kind=kind, state="skipped").values_list("reason", flat=True))


def subjects(person: User) -> list[str]:
    return [one.subject for one in mail.outbox if one.to == [person.email]]


def statements_about_events(deed: Callable[[], object]) -> int:
    """How many statements about what people hear `deed` costs: the row of the event, and that of a plan asked for."""
    with CaptureQueriesContext(connection) as queries:
        deed()
    return sum("notifications_" in query["sql"] for query in queries)
