"""When students would be nudged: from their last day at work, set-based, for everybody at once.

The days of work are the minutes of `Presence`, and, for browsers without a script, the last visit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from courses.querysets import ACTIVE_SQL
from notifications.models import USUAL_HOUR
from notifications.services.hours import READER

KIND = "nudge"
# Days without a return, further and further apart; after the last of them nothing is said any more. After a break that
# a student announced, the first word comes on the day after it.
GAPS, AFTER_A_BREAK = (3, 7, 14), 1
LAST = len(GAPS)
LASTS = timedelta(days=2)
APART = timedelta(hours=48)
# Two stretches of these are compared to see whether somebody works on fewer days than before.
STRETCH, MOST_OF_DAYS_BEFORE = timedelta(days=14), 3

# Of each person who studies now: where they were last, when that was, and since when their nudges count. Somebody who
# has not begun was "last at work" on the day on which the course opened for them.
PEOPLE = """
SELECT person_id, zone, quiet_from, quiet_hours, context, worked, today,
       greatest(worked, break_until) AS since, coalesce(break_until > worked, false) AS rested
  FROM (SELECT e.user_id AS person_id, r.zone, r.quiet_from, r.quiet_hours, r.break_until, here.today,
               max(day.last) AS worked, (array_agg(e.id ORDER BY day.last DESC, e.id DESC))[1] AS context
          FROM courses_enrolment e
          JOIN courses_cohort h ON h.id = e.cohort_id
          JOIN {reader} AS r ON r.person_id = e.user_id
         CROSS JOIN LATERAL (SELECT (%(now)s::timestamptz AT TIME ZONE r.zone)::date AS today) AS here
         CROSS JOIN LATERAL (SELECT greatest(e.started_on, h.starts_on) AS opens) AS opening
          LEFT JOIN LATERAL (SELECT p.day FROM progress_presence p WHERE p.enrolment_id = e.id
                              ORDER BY p.day DESC LIMIT 1) AS p ON true
         CROSS JOIN LATERAL (
               SELECT greatest(opens, (e.last_seen_at AT TIME ZONE r.zone)::date, p.day) AS last) AS day
         WHERE {active} AND e.role = 'student' AND {these} AND h.deleted_at IS NULL AND r.is_active
           AND opens <= here.today AND (h.ends_on IS NULL OR h.ends_on >= here.today)
         GROUP BY 1, 2, 3, 4, 5, 6) AS studying
""".replace("{active}", ACTIVE_SQL).replace("{reader}", READER)
NUDGES = """
SELECT p.person_id, 0 AS subject, p.context, g.lead, p.since + g.gap AS local_day, '{}'::jsonb AS "values",
       at.hour AS not_before, at.hour + %(lasts)s AS not_after
  FROM ({people}) AS p
 CROSS JOIN LATERAL unnest(CASE WHEN p.rested THEN %(rested)s::int[] ELSE %(gaps)s::int[] END)
       WITH ORDINALITY AS g(gap, lead)
 CROSS JOIN LATERAL (
       SELECT notifications_at_hour(p.since + g.gap, %(usual)s, p.zone, p.quiet_from, p.quiet_hours) AS hour) AS at
 WHERE p.since + g.gap BETWEEN p.today - 3 AND p.today + 3
   AND at.hour <= %(until)s AND at.hour + %(lasts)s > %(now)s
""".replace("{people}", PEOPLE.replace("{these}", "true"))
STANDING = PEOPLE.replace("{these}", "e.user_id = ANY(%(people)s::bigint[])")
# On how many days somebody was at work in the stretch up to their last day, and in the one before.
RHYTHM = """
SELECT t.person, count(DISTINCT p.day) FILTER (WHERE p.day > t.last - %(stretch)s),
       count(DISTINCT p.day) FILTER (WHERE p.day <= t.last - %(stretch)s)
  FROM unnest(%(people)s::bigint[], %(days)s::date[]) AS t(person, last)
  JOIN courses_enrolment e ON e.user_id = t.person AND e.role = 'student'
  JOIN progress_presence p ON p.enrolment_id = e.id
       AND p.day > t.last - 2 * %(stretch)s AND p.day <= t.last
 GROUP BY t.person
"""
# Who heard the last of three and was not seen since, or would have heard it and was reminded of a date instead.
STOPPED = """
SELECT DISTINCT e.id
  FROM courses_enrolment e
  JOIN notifications_notice n ON n.person_id = e.user_id AND n.kind = %(kind)s AND n.lead = %(last)s
       AND (n.state IN ('told', 'held out', 'retracted') OR n.state = 'skipped' AND n.reason = 'told lately')
       AND n.settled_at > %(since)s
 WHERE e.id = ANY(%(enrolments)s::bigint[])
   AND NOT EXISTS (SELECT FROM courses_enrolment o
                     LEFT JOIN progress_presence p ON p.enrolment_id = o.id AND p.day >= n.local_day
                    WHERE o.user_id = e.user_id AND o.role = 'student'
                      AND (p.id IS NOT NULL OR o.last_seen_at >= n.settled_at))
"""


@dataclass(frozen=True)
class Pace:
    """Where one person stands: the last day at work, and by lead the days on which a nudge would come."""

    worked: date
    rested: bool
    days: Mapping[int, date]


def statement() -> str:
    """As `notifications.services.planning.insert` takes it."""
    return NUDGES


def parameters(now: datetime, horizon: timedelta) -> dict[str, object]:
    gaps = {"gaps": list(GAPS), "rested": [AFTER_A_BREAK, *GAPS[1:]]}
    return {**gaps, "now": now, "until": now + horizon, "usual": USUAL_HOUR, "lasts": LASTS}


def paces(people: Collection[int], now: datetime) -> dict[int, Pace]:
    """Of these people, those who study now."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"people": list(people), "now": now})
        found = {}
        for person, _zone, _from, _hours, _context, worked, _today, since, rested in cursor:
            gaps = (AFTER_A_BREAK, *GAPS[1:]) if rested else GAPS
            days = {lead: since + timedelta(days=gap) for lead, gap in enumerate(gaps, start=1)}
            found[person] = Pace(worked, rested, days)
    return found


def slowing(last: Mapping[int, date]) -> set[int]:
    """By the last day at work of each: who had been at work on twice as many days in the stretch before."""
    with connection.cursor() as cursor:
        given = {"people": list(last), "days": list(last.values()), "stretch": STRETCH.days}
        cursor.execute(RHYTHM, given)
        return {person for person, lately, before in cursor if before >= MOST_OF_DAYS_BEFORE and 2 * lately <= before}


def stopped(enrolments: Sequence[int], since: datetime) -> set[int]:
    """Of these enrolments, whose student was nudged for the last time after `since`, and has not been back."""
    with connection.cursor() as cursor:
        given = {"enrolments": list(enrolments), "kind": KIND, "last": LAST, "since": since}
        cursor.execute(STOPPED, given)
        return {pk for (pk,) in cursor}
