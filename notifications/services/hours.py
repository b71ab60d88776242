"""The clock of each reader. Wall time becomes an instant in Postgres alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from notifications.models import QUIET_FROM, QUIET_HOURS, USUAL_HOUR

HOURS = """
WITH reader AS (
    SELECT u.id, u.timezone AS zone, (%(now)s::timestamptz AT TIME ZONE u.timezone) AS wall,
           coalesce(m.quiet_from, %(quiet_from)s) AS quiet_from,
           coalesce(m.quiet_hours, %(quiet_hours)s) AS quiet_hours,
           m.break_until, m.snoozed_until
      FROM accounts_user u LEFT JOIN notifications_mailbox m ON m.person_id = u.id
     WHERE u.id = ANY(%(people)s::bigint[])
), day AS (
    -- The Monday that is today or comes next.
    SELECT *, wall::date AS today, wall::date + (8 - extract(isodow FROM wall)::int) %% 7 AS monday FROM reader
)
SELECT id, today, today::timestamp AT TIME ZONE zone, (today + 1)::timestamp AT TIME ZONE zone,
       notifications_decent(%(now)s, zone, quiet_from, quiet_hours),
       (SELECT min(at) FROM (VALUES (today), (today + 1)) AS d(day),
               notifications_at_hour(d.day, %(usual)s, zone, quiet_from, quiet_hours) AS at WHERE at > %(now)s),
       (SELECT min(at) FROM (VALUES (monday), (monday + 7)) AS d(day),
               notifications_at_hour(d.day, %(usual)s, zone, quiet_from, quiet_hours) AS at WHERE at > %(now)s),
       coalesce(break_until >= today, false), coalesce(snoozed_until > %(now)s, false)
  FROM day
"""
USUAL = {"quiet_from": QUIET_FROM, "quiet_hours": QUIET_HOURS, "usual": USUAL_HOUR}


@dataclass(frozen=True)
class Hours:
    """What an instant is to one reader. `decent` is the instant itself, or the end of their quiet hours."""

    today: date
    day_began: datetime
    day_ends: datetime
    decent: datetime
    daily: datetime  # when their next digest would go
    weekly: datetime
    on_a_break: bool
    snoozing: bool


def of(people: Iterable[int], now: datetime) -> dict[int, Hours]:
    with connection.cursor() as cursor:
        cursor.execute(HOURS, {**USUAL, "people": sorted(set(people)), "now": now})
        return {person: Hours(*clock) for person, *clock in cursor}
