from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from math import hypot, sqrt

from django.utils import timezone

from accounts.models import User
from notifications.kinds import KINDS, Cadence, Group, Kind
from notifications.models import Mailbox, Notice, Preference
from notifications.querysets import gone

WEEK = timedelta(days=7)
# By when somebody whom a nudge moved is back, how far we look, and at how many at a time.
BACK_WITHIN, TRIAL_OF, AT_A_TIME = timedelta(hours=72), timedelta(days=365), 5_000
# Of a 95 % interval.
Z = 1.959964


@dataclass(frozen=True)
class Choice:
    """How one kind reaches somebody now, and how often it came up in the past week."""

    kind: Kind
    in_inbox: bool
    mail: str
    lately: int


def readable(notices: Sequence[Notice]) -> list[Notice]:
    """Those of a page of an inbox that are about what stands; the others are taken back within the hour."""
    if not notices:
        return []
    closed = Notice.objects.filter(gone({one.kind for one in notices}), pk__in=[one.pk for one in notices])
    left_out = set(closed.values_list("pk", flat=True))
    return [one for one in notices if one.pk not in left_out]


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
            chosen[name].mail if name in chosen else str(kind.usual_mail(minor=person.minor)),
            lately[name],
        )
        for name, kind in KINDS.items()
        if kind.group in groups and not kind.takes_along
    ]


def mails_of_last_week(choices: list[Choice]) -> int:
    """How many mails these choices would have made of what came up: what comes at once one by one, digests as one."""
    at_once = sum(one.lately for one in choices if one.mail == Cadence.NOW)
    daily = min(7, sum(one.lately for one in choices if one.mail == Cadence.DAILY))
    weekly = min(1, sum(one.lately for one in choices if one.mail == Cadence.WEEKLY))
    return at_once + daily + weekly


@dataclass(frozen=True)
class Side:
    """People of one side of a trial, and how many of them came back."""

    people: int
    back: int

    @property
    def share(self) -> float:
        return self.back / self.people if self.people else 0

    def wilson(self) -> tuple[float, float]:
        """The 95 % interval of the share."""
        n, p = self.people, self.share
        middle, spread = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return (middle - spread) / (1 + Z * Z / n), (middle + spread) / (1 + Z * Z / n)


@dataclass(frozen=True)
class Trial:
    """Whether a nudge does anything: those who were sent it against those from whom it was withheld by lot."""

    sent: Side
    held_out: Side

    @property
    def difference(self) -> float:
        return self.sent.share - self.held_out.share

    def interval(self) -> tuple[float, float] | None:
        """Of the difference, 95 %, as Newcombe makes it of two intervals of Wilson's; None where a side is empty."""
        if not (self.sent.people and self.held_out.people):
            return None
        (low, high), (other_low, other_high) = self.sent.wilson(), self.held_out.wilson()
        below = hypot(self.sent.share - low, other_high - self.held_out.share)
        above = hypot(high - self.sent.share, self.held_out.share - other_low)
        return self.difference - below, self.difference + above

    @property
    def is_clear(self) -> bool:
        interval = self.interval()
        return interval is not None and not interval[0] <= 0 <= interval[1]


def trial(
    kind: str, returned: Callable[[Sequence[tuple[int, datetime]], timedelta], Sequence[bool]], now: datetime
) -> Trial:
    """Of the nudges of a kind to adults in the past year. `returned` is of the app above that knows: of each person and
    instant, whether they were back within so long."""
    settled = Notice.objects.filter(
        kind=kind,
        person__minor=False,
        state__in=[Notice.State.TOLD, Notice.State.HELD_OUT],
        settled_at__range=(now - TRIAL_OF, now - BACK_WITHIN),
    )
    counts: Counter[tuple[bool, bool]] = Counter()
    rows = settled.values_list("person", "settled_at", "state").iterator(chunk_size=AT_A_TIME)
    while some := list(islice(rows, AT_A_TIME)):
        backs = returned([(person, at) for person, at, _ in some], BACK_WITHIN)
        counts.update((state == Notice.State.HELD_OUT, back) for (_, _, state), back in zip(some, backs, strict=True))
    sides = [Side(counts[held, True] + counts[held, False], counts[held, True]) for held in (False, True)]
    return Trial(*sides)
