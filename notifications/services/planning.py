"""Plans for everybody at once, set-based: what is due within the sending horizon becomes rows, and nothing else."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from common.enqueue import wake
from common.turns import turn
from notifications.kinds import KINDS, REVIVED
from notifications.models import Replan

logger = logging.getLogger(__name__)
# Planning comes every hour; what it missed for a day is caught up.
HORIZON = timedelta(hours=26)

# {select} yields person_id, subject, context, lead, local_day, "values", not_before, not_after, each key once. What is
# planned already and unchanged is left out before its values are made, so that a repeat costs a join and no more.
INSERT = """
INSERT INTO notifications_notice AS n
       (person_id, kind, subject, context, lead, local_day, "values", not_before, not_after, planned_at,
        state, reason, in_inbox, mail_by, mail_reason)
SELECT f.person_id, %(kind)s, f.subject, f.context, f.lead, f.local_day, f."values", f.not_before, f.not_after,
       %(now)s, 'planned', '', true, '', ''
  FROM ({select}) AS f
  LEFT JOIN notifications_notice o
         ON o.kind = %(kind)s AND o.person_id = f.person_id AND o.subject = f.subject AND o.lead = f.lead
        AND o.local_day = f.local_day
 WHERE o.id IS NULL
    OR o.state = 'skipped' AND o.reason = ANY(%(revived)s)
    OR o.state = 'planned' AND (o.not_before, o.not_after) IS DISTINCT FROM (f.not_before, f.not_after)
    ON CONFLICT (kind, person_id, subject, lead, local_day) DO UPDATE
   SET state = 'planned', reason = '', settled_at = NULL, not_before = excluded.not_before,
       not_after = excluded.not_after, "values" = excluded."values"
 WHERE n.state = 'planned' OR n.state = 'skipped' AND n.reason = ANY(%(revived)s)
"""
# How a thing that happens several times within a day is told each time, on the morning after too: what follows FROM in
# the SELECT of an event's kind, which reads `again.lead`. It needs `person_id`, `subject` and `local_day` of a row
# `heard`.
AGAIN = """
  CROSS JOIN LATERAL (
       SELECT coalesce(min(o.lead) - 1, 0) AS lead FROM notifications_notice o
        WHERE o.kind = %(kind)s AND o.person_id = heard.person_id AND o.subject = heard.subject
          AND o.local_day >= heard.local_day - 1) AS again
"""


@transaction.atomic
def insert(kind: str, select: str, now: datetime, **values: Any) -> int:
    """Store what a SELECT about everybody yields; how many rows were new, moved within their day, or revived."""
    with connection.cursor() as cursor:
        # A join over two columns is taken for a few rows, and looked up one by one: minutes for a large school.
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '256MB'")
        written = insert_few(kind, select, now, **values)
        cursor.execute("SET LOCAL enable_nestloop = on; RESET work_mem")
    return written


def insert_few(kind: str, select: str, now: datetime, **values: Any) -> int:
    """As `insert`, of what some events concern, such as one cohort: its rows are looked up."""
    given = {**values, "kind": kind, "now": now, "revived": [str(reason) for reason in REVIVED]}
    with connection.cursor() as cursor:
        cursor.execute(INSERT.replace("{select}", select), given)
        return cursor.rowcount


@transaction.atomic
def soon() -> None:
    """Plan once this transaction commits: a date, or somebody's own hours, are no longer what was planned by."""
    Replan.objects.create()
    wake("notifications.tasks.plan")


def zone_changed(**kwargs: object) -> None:
    soon()


def is_asked_for() -> bool:
    """Whether something has changed that no plan has seen yet, one under way included."""
    return Replan.objects.exists()


def plan(now: datetime) -> int | None:
    """Every kind's plan, one planner at a time; how many rows were written, None where another is at it.

    Whoever meets another has asked before, and the other looks for that after giving back its turn.
    """
    with turn("notices: plan") as mine:
        if not mine:
            return None
        seen = list(Replan.objects.values_list("pk", flat=True))
        written = plan_all(now)
        Replan.objects.filter(pk__in=seen).delete()
        return written


def plan_all(now: datetime) -> int:
    """As `plan`, for who has the rows for themselves."""
    return sum(_plan(name, now) for name in list(KINDS))


def _plan(name: str, now: datetime) -> int:
    try:
        with transaction.atomic():
            return KINDS[name].plan(now)
    except Exception:  # one kind's fault keeps no other from being planned
        logger.exception("%s could not be planned.", name)
        return 0
