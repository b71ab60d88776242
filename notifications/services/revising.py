"""What was told and changes afterwards: notices that lie in inboxes get new words, are taken back, or come back."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from common.literals import Literal
from notifications.kinds import KINDS, Reason
from notifications.models import Notice
from notifications.querysets import gone
from notifications.services.reading import fewer_unread
from notifications.services.telling import count_unread

State = Notice.State
REWORD = """
UPDATE notifications_notice SET "values" = "values" || %(values)s::jsonb
 WHERE kind = %(kind)s AND subject = %(subject)s AND state IN ('planned', 'told')
"""


def reword(kind: str, subject: int, values: Mapping[str, Any]) -> None:
    """New words for what was told of `subject`. Read stays read, and nobody hears of it again."""
    given = {"kind": kind, "subject": subject, "values": json.dumps(values, cls=DjangoJSONEncoder)}
    with connection.cursor() as cursor:
        cursor.execute(REWORD, given)


@transaction.atomic
def forget_the_erased() -> int:
    """What others were told is kept for a year, and may name people who are no longer here; how many notices did."""
    return sum(kind.forget_the_erased() for kind in KINDS.values())


@transaction.atomic
def take_back(notices: QuerySet[Notice], reason: Reason, now: datetime) -> None:
    """Out of inboxes, and unplanned. `Reason.GONE` can be undone by `bring_back`."""
    open_ones = notices.filter(state__in=[State.PLANNED, State.TOLD]).select_for_update().order_by("person", "pk")
    found = list(open_ones)
    unread = [one.person_id for one in found if one.state == State.TOLD and one.in_inbox and not one.read_at]
    for state, end in ((State.PLANNED, State.SKIPPED), (State.TOLD, State.RETRACTED)):
        ids = [one.pk for one in found if one.state == state]
        Notice.objects.filter(pk__in=ids).update(state=end, reason=reason, settled_at=now)
    fewer_unread(unread)


@transaction.atomic
def bring_back(notices: QuerySet[Notice]) -> None:
    """What was taken back because its subject was gone, and is not; what had not been told yet is planned again."""
    back = notices.filter(reason=Reason.GONE).exclude(gone())
    back.filter(state=State.SKIPPED).update(state=State.PLANNED, reason="", settled_at=None)
    told = list(back.filter(state=State.RETRACTED).select_for_update().order_by("person", "pk"))
    Notice.objects.filter(pk__in=[one.pk for one in told]).update(state=State.TOLD, reason="")
    count_unread(one.person_id for one in told if one.in_inbox and not one.read_at)


@transaction.atomic
def read_about(person: User, kinds: Iterable[str], subject: int) -> int:
    """Somebody has been at the place that these notices lead to, whichever way they went; how many fewer are unread."""
    return _read(Notice.objects.filter(person=person, kind__in=kinds, subject=subject))


@transaction.atomic
def settle(notices: QuerySet[Notice]) -> None:
    """There is nothing left to do about these: they stay where they are, as read."""
    _read(notices)


def _read(notices: QuerySet[Notice]) -> int:
    unread = notices.filter(state=Literal("told"), read_at=None).select_for_update().order_by("person", "pk")
    found = list(unread.values_list("pk", "person", "in_inbox"))
    Notice.objects.filter(pk__in=[pk for pk, _, _ in found]).update(read_at=timezone.now())
    counted = [person for _, person, in_inbox in found if in_inbox]
    fewer_unread(counted)
    return len(counted)
