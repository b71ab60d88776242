"""Events: one row in the transaction of what happened; everything else is a worker's."""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from common.enqueue import wake
from notifications.kinds import KINDS
from notifications.models import Event

AT_A_TIME = 200
# A burst keeps the values of its first, which say how things stood before, and ends when it was quiet for long enough.
RECORD = """
INSERT INTO notifications_event (kind, subject, context, actor_id, "values", happened_at, not_before)
VALUES (%(kind)s, %(subject)s, %(context)s, %(actor)s, %(values)s::jsonb, %(now)s, %(not_before)s)
    ON CONFLICT (kind, subject, context) WHERE spread_at IS NULL
    DO UPDATE SET not_before = greatest(
           notifications_event.not_before,
           least(excluded.not_before, notifications_event.happened_at + %(at_most)s::interval))
"""


def record(
    kind: str,
    subject: int,
    *,
    context: int = 0,
    actor: User | None = None,
    values: dict[str, Any] | None = None,
    quiet: timedelta = timedelta(0),
    at_most: timedelta | None = None,
) -> None:
    """Note that something happened, for whoever should hear of it; told once it has been quiet for `quiet`, and at most
    so long after it began."""
    now = timezone.now()
    given: dict[str, Any] = {
        "kind": kind,
        "subject": subject,
        "context": context,
        "actor": actor.pk if actor else None,
        "values": json.dumps(values or {}, cls=DjangoJSONEncoder),
        "now": now,
        "not_before": now + quiet,
        "at_most": at_most,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RECORD, given)
        if not quiet:
            wake("notifications.tasks.deliver")


@transaction.atomic
def spread_some(now: datetime) -> int:
    """Store the notices of the oldest open events; how many events that were."""
    waiting = Event.objects.filter(spread_at=None, not_before__lte=now).order_by("not_before", "pk")
    events = list(waiting.select_for_update(skip_locked=True)[:AT_A_TIME])
    of_kind = defaultdict(list)
    for event in events:
        of_kind[event.kind].append(event)
    for kind, some in of_kind.items():
        if kind in KINDS:
            KINDS[kind].spread(some, now)
    Event.objects.filter(pk__in=[event.pk for event in events]).update(spread_at=now)
    return len(events)
