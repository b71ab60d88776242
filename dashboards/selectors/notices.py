"""What an operator asks of messages: what the last day brought, what waits, what is stuck."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Trunc

from accounts.models import OutgoingMail, User
from accounts.querysets import UserQuerySet
from common import pulse
from common.literals import Literal
from common.paging import COUNTED
from notifications.models import Notice

DAY = timedelta(days=1)
# Three minutes and two hours without a beat mean that nobody is at work (common/pulse.py).
TICK_LATE, PLAN_LATE = pulse.STALE_AFTER, timedelta(hours=2)


@dataclass(frozen=True)
class Settled:
    """So many notices of one kind that ended alike in one hour."""

    hour: datetime
    kind: str
    state: str
    reason: str
    mail_reason: str
    mailed: bool
    count: int


@dataclass(frozen=True)
class Waiting:
    """Rows whose time has come, counted up to COUNTED, and since when the oldest of them waits."""

    count: int
    since: datetime | None


@dataclass(frozen=True)
class Beats:
    planned_at: datetime | None
    delivered_at: datetime | None


def settled_lately(now: datetime) -> list[Settled]:
    """Of the last 24 hours, in full hours and the one that has begun."""
    lately = Notice.objects.filter(settled_at__gt=first_hour(now)).exclude(state="planned")
    rows = lately.values_list(Trunc("settled_at", "hour"), "kind", "state", "reason", "mail_reason")
    counted = rows.annotate(mailed=Q(mailed_at__isnull=False), n=Count("pk")).order_by()
    return [Settled(*row) for row in counted]


def first_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) - DAY + timedelta(hours=1)


def planned_ahead() -> int:
    return Notice.objects.filter(state=Literal("planned"))[:COUNTED].count()


def notices_waiting(now: datetime) -> Waiting:
    found = Notice.objects.ready(now).values("not_before")[:COUNTED]
    return Waiting(*found.aggregate(n=Count("not_before"), since=Min("not_before")).values())


def mails_waiting() -> Waiting:
    waiting = OutgoingMail.objects.filter(sent_at=None, failed_at=None).order_by("created_at")
    found = waiting.values("created_at")[:COUNTED]
    return Waiting(*found.aggregate(n=Count("created_at"), since=Min("created_at")).values())


def mails_lately(now: datetime) -> list[tuple[bool, str, int]]:
    """Asked for in the last day and ended: whether they left, why not, and how many."""
    ended = OutgoingMail.objects.filter(created_at__gt=now - DAY).exclude(sent_at=None, failed_at=None)
    rows = ended.values_list(Q(sent_at__isnull=False), F("last_error"))
    return list(rows.annotate(n=Count("pk")).order_by("-n"))


def dead_addresses() -> UserQuerySet:
    """Those that were stopped last come first."""
    return User.objects.exclude(mail_stopped_at=None).order_by("-mail_stopped_at", "pk")


def beats() -> Beats:
    found = pulse.last_of(pulse.PLANNING, pulse.DELIVERY)
    return Beats(found.get(pulse.PLANNING), found.get(pulse.DELIVERY))
