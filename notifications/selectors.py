from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists
from django.utils import timezone

from accounts.models import User
from common.rows import Select
from notifications.kinds import ABOUT, KINDS, Cadence, Group, Kind
from notifications.models import Mailbox, Notice, Preference
from notifications.querysets import gone

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Choice:
    """How one kind reaches somebody now, and how often it came up in the past week."""

    kind: Kind
    in_inbox: bool
    mail: str
    lately: int
    # How it is mailed to them as long as they choose nothing.
    usual: Cadence = Cadence.NEVER


# `NoticeQuerySet.laid_before`, by hand: the ORM takes longer to build it than Postgres to answer.
LAID = """
  FROM notifications_notice n
 WHERE n.person_id = %(person)s AND n.in_inbox AND n.state = 'told' AND {only}
 ORDER BY n.settled_at DESC, n.id DESC
"""
LAID_BEFORE = Select({"n": Notice}, LAID.replace("{only}", "true"))
UNREAD = Select({"n": Notice}, LAID.replace("{only}", "n.read_at IS NULL"))
OF_THESE = "SELECT pk FROM ({gone}) AS gone WHERE pk = ANY(%s::bigint[])"


class Inbox:
    """What lies in somebody's inbox, the latest first, to be read a part at a time; also what is gone by now."""

    def __init__(self, person: User, *, only_unread: bool = False) -> None:
        self._person, self._select = person, UNREAD if only_unread else LAID_BEFORE

    def __getitem__(self, part: slice) -> list[Notice]:
        return [notice for (notice,) in self._select.part(part, person=self._person.pk)]


def readable(notices: Sequence[Notice]) -> list[Notice]:
    """Those of a page of an inbox that are about what stands; the others are taken back within the hour."""
    if not notices:
        return []
    left_out = _gone({one.kind for one in notices}, [one.pk for one in notices])
    return [one for one in notices if one.pk not in left_out]


def _gone(kinds: Iterable[str], ids: list[int]) -> set[int]:
    asked = frozenset((name, ABOUT[KINDS[name].about]) for name in kinds if name in KINDS and KINDS[name].about)
    if not asked:
        return set()
    sql, values = _asking_for_gone(asked)
    if any(isinstance(one, datetime) for one in values):
        # It asks what is so at this moment, and not at that of the first who asked.
        sql, values = _asking_for_gone.__wrapped__(asked)
    with connection.cursor() as cursor:
        cursor.execute(OF_THESE.replace("{gone}", sql), [*values, ids])
        return {pk for (pk,) in cursor.fetchall()}


@lru_cache(maxsize=256)
def _asking_for_gone(asked: frozenset[tuple[str, Callable[[], Exists]]]) -> tuple[str, tuple[Any, ...]]:
    """Remembered, because a third of the time of an inbox went into building it, again and again for the same kinds."""
    return Notice.objects.filter(gone(name for name, _ in asked)).values("pk").query.sql_with_params()


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
            kind.usual_mail(minor=person.minor),
        )
        for name, kind in KINDS.items()
        if kind.group in groups and not kind.takes_along
    ]


def with_fewer_mails(choices: list[Choice]) -> list[Choice]:
    """As they usually are, each a step more seldom: one mail a day at most."""
    slower = {Cadence.NOW: Cadence.DAILY, Cadence.DAILY: Cadence.WEEKLY}
    return [replace(one, mail=slower.get(one.usual, one.usual)) for one in choices]


def with_usual_mails(choices: list[Choice]) -> list[Choice]:
    return [replace(one, mail=one.usual) for one in choices]


def mails_of_last_week(choices: list[Choice]) -> int:
    """How many mails these choices would have made of what came up: what comes at once one by one, digests as one."""
    at_once = sum(one.lately for one in choices if one.mail == Cadence.NOW)
    daily = min(7, sum(one.lately for one in choices if one.mail == Cadence.DAILY))
    weekly = min(1, sum(one.lately for one in choices if one.mail == Cadence.WEEKLY))
    return at_once + daily + weekly
