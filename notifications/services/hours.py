"""The clock of each reader. Wall time becomes an instant in Postgres alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from notifications.models import QUIET_FROM, QUIET_HOURS, USUAL_HOUR, usual_leads

# Digests go after what is told at the usual hour itself.
DIGEST_AFTER = timedelta(minutes=10)
# How each person wants to be told, chosen or by default: a row for every account, to be joined by statements by hand.
# The hours that are quiet by default stay quiet for minors, whatever was chosen beside them.
READER = (
    """(
    SELECT person_id, zone, is_active, can_be_mailed, leads, break_until, snoozed_until,
           CASE WHEN guarded THEN {from} ELSE quiet_from END AS quiet_from,
           CASE WHEN guarded THEN {hours} ELSE quiet_hours END AS quiet_hours
      FROM (SELECT u.id AS person_id, u.timezone AS zone, u.is_active,
                   (u.is_active AND u.email > '' AND u.reached_at IS NOT NULL AND u.mail_stopped_at IS NULL)
                   AS can_be_mailed,
                   coalesce(b.leads, ARRAY{leads}::smallint[]) AS leads, b.break_until, b.snoozed_until,
                   coalesce(b.quiet_from, {from}) AS quiet_from,
                   coalesce(b.quiet_hours, {hours}) AS quiet_hours,
                   u.minor AND mod({from} + 24 - coalesce(b.quiet_from, {from}), 24) + {hours}
                       > coalesce(b.quiet_hours, {hours}) AS guarded
              FROM accounts_user u LEFT JOIN notifications_mailbox b ON b.person_id = u.id) AS chosen
)""".replace("{from}", str(QUIET_FROM))
    .replace("{hours}", str(QUIET_HOURS))
    .replace("{leads}", str(usual_leads()))
)
HOURS = """
WITH reader AS (
    SELECT r.*, (%(now)s::timestamptz AT TIME ZONE r.zone) AS wall,
           %(now)s::timestamptz - %(after)s::interval AS digest
      FROM {reader} AS r WHERE r.person_id = ANY(%(people)s::bigint[])
), day AS (
    -- The Monday that is today or comes next.
    SELECT *, wall::date AS today, wall::date + (8 - extract(isodow FROM wall)::int) %% 7 AS monday FROM reader
)
SELECT person_id, today::timestamp AT TIME ZONE zone,
       notifications_decent(%(now)s, zone, quiet_from, quiet_hours),
       (SELECT min(at) + %(after)s::interval FROM (VALUES (today), (today + 1)) AS d(day),
               notifications_at_hour(d.day, %(usual)s, zone, quiet_from, quiet_hours) AS at WHERE at > digest),
       (SELECT min(at) + %(after)s::interval FROM (VALUES (monday), (monday + 7)) AS d(day),
               notifications_at_hour(d.day, %(usual)s, zone, quiet_from, quiet_hours) AS at WHERE at > digest),
       coalesce(break_until >= today, false), coalesce(snoozed_until > %(now)s, false)
  FROM day
""".replace("{reader}", READER)


@dataclass(frozen=True)
class Hours:
    """What an instant is to one reader. `decent` is the instant itself, or the end of their quiet hours."""

    day_began: datetime
    decent: datetime
    daily: datetime  # when their next digest would go
    weekly: datetime
    on_a_break: bool
    snoozing: bool


def of(people: Iterable[int], now: datetime) -> dict[int, Hours]:
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"usual": USUAL_HOUR, "after": DIGEST_AFTER}
        cursor.execute(HOURS, {**given, "people": sorted(set(people)), "now": now})
        return {person: Hours(*clock) for person, *clock in cursor}
