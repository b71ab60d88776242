"""Whose dates are near: for everybody at once, out of the one view that knows due dates (docs/adr/0023)."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from django.db import connection

from courses.models import Enrolment
from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from notifications.models import LEADS, USUAL_HOUR
from notifications.services.hours import READER
from progress.querysets import HELD_SQL, OPEN_SQL

# A morning hour for what is due on the same day.
MORNING_HOUR = 8
# How long a passed date is worth a word, and more than any wall lies apart from that of UTC (14 hours).
PASSED_FOR, WALLS_APART = timedelta(days=3), timedelta(days=1)

# By the calendar a date is the same for all of a cohort, but for those with an extension or an accommodation.
ALIKE = """
    SELECT d.cohort_id, d.activity_id, i.due_at, i.closes_at
      FROM courses_duedate d
     CROSS JOIN LATERAL courses_due_instants(
           NULL, d.zone, d.suggested_wall, d.cutoff_wall, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS i
     WHERE d.suggested_wall BETWEEN %(from_wall)s AND %(until_wall)s
"""
# Each other way in which a date can arise is found by an index of its own, and by the first of them alone; the view
# then says when it is.
NEAR = """
    SELECT e.id AS enrolment_id, d.activity_id
      FROM courses_duedate d JOIN courses_enrolment e ON e.cohort_id = d.cohort_id AND e.role = 'student'
     WHERE d.suggested_days IS NOT NULL
       AND e.started_on BETWEEN %(from_wall)s::date - d.suggested_days AND %(until_wall)s::date - d.suggested_days
     UNION ALL
    (SELECT x.enrolment_id, x.activity_id
       FROM courses_extension x
       JOIN courses_enrolment e ON e.id = x.enrolment_id
       JOIN courses_duedate d ON d.cohort_id = e.cohort_id AND d.activity_id = x.activity_id
      WHERE e.role = 'student' AND (x.agreed_wall BETWEEN %(from_wall)s AND %(until_wall)s AND NOT {by_days} OR {alike})
      UNION
     SELECT e.id, d.activity_id
       FROM courses_accommodation m JOIN courses_enrolment e ON e.id = m.enrolment_id
       JOIN courses_duedate d ON d.cohort_id = e.cohort_id
      WHERE e.role = 'student' AND ({alike} OR m.extra_days > 0 AND NOT {by_days}
            AND coalesce(d.suggested_wall, e.started_on + d.suggested_days + d.time_of_day)
                + make_interval(days => m.extra_days) BETWEEN %(from_wall)s AND %(until_wall)s))
"""
NEAR = NEAR.replace(
    "{by_days}",
    """coalesce(e.started_on BETWEEN %(from_wall)s::date - d.suggested_days
                                 AND %(until_wall)s::date - d.suggested_days, false)""",
).replace("{alike}", "coalesce(d.suggested_wall BETWEEN %(from_wall)s AND %(until_wall)s, false)")
NONE_ALIKE = """
    SELECT NULL::bigint AS cohort_id, NULL::bigint AS activity_id, NULL::timestamptz AS due_at,
           NULL::timestamptz AS closes_at
     WHERE false
"""
THESE = """
    SELECT DISTINCT * FROM unnest(%(enrolments)s::bigint[], %(activities)s::bigint[]) AS t(enrolment_id, activity_id)
"""
# What is due to students who can still do it, by the clock of each. Who is in two cohorts of a course has the date of
# the one they joined last. What a cohort, a student or a clock has in common is worked out once for all of their dates:
# a school has few clocks, and to a cohort of a hundred students a date is one; it is theirs after it was found near.
DUE = """
WITH near AS MATERIALIZED ({near}),
alike AS MATERIALIZED ({alike}),
mine AS MATERIALIZED (
    SELECT e.id, e.user_id FROM (SELECT DISTINCT enrolment_id FROM near) AS n
      JOIN courses_enrolment e ON e.id = n.enrolment_id
     UNION
    SELECT e.id, e.user_id FROM (SELECT DISTINCT cohort_id FROM alike) AS a
      JOIN courses_enrolment e ON e.cohort_id = a.cohort_id AND e.role = 'student'
), who AS MATERIALIZED (
    SELECT e.id AS enrolment_id, e.user_id AS person_id, e.cohort_id, r.zone, r.quiet_from, r.quiet_hours, r.leads,
           dense_rank() OVER (ORDER BY r.zone, r.quiet_from, r.quiet_hours, r.leads) AS clock
      FROM (SELECT max(o.id) AS id
              FROM courses_enrolment o JOIN courses_cohort h ON h.id = o.cohort_id
             WHERE o.user_id IN (SELECT user_id FROM mine)
               AND o.role = 'student' AND o.state = 'active' AND o.deleted_at IS NULL
             GROUP BY o.user_id, h.course_id) AS latest
      JOIN mine ON mine.id = latest.id
      JOIN courses_enrolment e ON e.id = mine.id
      JOIN {reader} AS r ON r.person_id = e.user_id
     WHERE {active} AND r.is_active
), due AS MATERIALIZED (
    SELECT n.enrolment_id, NULL::bigint AS cohort_id, n.activity_id, v.due_at, v.closes_at, who.person_id, who.clock,
           (v.due_at AT TIME ZONE who.zone)::date AS day
      FROM near n
      JOIN who ON who.enrolment_id = n.enrolment_id
      JOIN courses_effective_due v ON v.enrolment_id = n.enrolment_id AND v.activity_id = n.activity_id
      LEFT JOIN progress_completion c ON c.enrolment_id = n.enrolment_id AND c.activity_id = n.activity_id
           AND c.withdrawn_at IS NULL
      LEFT JOIN progress_waiting w ON w.enrolment_id = n.enrolment_id AND w.activity_id = n.activity_id
           AND w.ended_at IS NULL
     WHERE progress_where_work_stands(c.id IS NOT NULL, w.waits_for, v.due_at, v.closes_at, %(now)s) IN {open}
     UNION ALL
    SELECT NULL, a.cohort_id, a.activity_id, a.due_at, a.closes_at, NULL, h.clock,
           (a.due_at AT TIME ZONE h.zone)::date
      FROM alike a JOIN (SELECT DISTINCT cohort_id, clock, zone FROM who) AS h ON h.cohort_id = a.cohort_id
), days AS MATERIALIZED (
    SELECT d.clock, d.day, c.zone, c.quiet_from, c.quiet_hours, c.leads
      FROM (SELECT DISTINCT clock, day FROM due) AS d
      JOIN (SELECT DISTINCT clock, zone, quiet_from, quiet_hours, leads FROM who) AS c ON c.clock = d.clock
), steps AS MATERIALIZED (
    SELECT a.id, jsonb_build_object(
               'title', a.title, 'minutes', a.minutes, 'course', c.title, 'module', m.title) AS said
      FROM (SELECT DISTINCT activity_id FROM due) AS n
      JOIN courses_activity a ON a.id = n.activity_id
      JOIN courses_module m ON m.id = a.module_id
      JOIN courses_course c ON c.id = m.course_id
     WHERE {shown}
), sends AS ({sends}), sent AS MATERIALIZED (
    SELECT s.*, steps.said || jsonb_build_object('due', date_part('epoch', s.due_at)) AS "values"
      FROM sends s JOIN steps ON steps.id = s.activity_id
     WHERE s.not_before <= %(until)s AND s.not_after > %(now)s
), but AS MATERIALIZED (
    SELECT enrolment_id, activity_id FROM progress_completion
     WHERE withdrawn_at IS NULL AND activity_id IN (SELECT activity_id FROM alike)
     UNION ALL
    SELECT enrolment_id, activity_id FROM progress_waiting
     WHERE {held} AND activity_id IN (SELECT activity_id FROM alike)
     UNION ALL
    SELECT enrolment_id, activity_id FROM courses_extension WHERE activity_id IN (SELECT activity_id FROM alike)
     UNION ALL
    SELECT m.enrolment_id, a.activity_id FROM courses_accommodation m
      JOIN courses_enrolment e ON e.id = m.enrolment_id JOIN alike a ON a.cohort_id = e.cohort_id
)
SELECT s.person_id, s.activity_id AS subject, s.enrolment_id AS context, s.lead, s.local_day, s."values", s.not_before,
       s.not_after
  FROM sent s WHERE s.enrolment_id IS NOT NULL
 UNION ALL
SELECT w.person_id, s.activity_id, w.enrolment_id, s.lead, s.local_day, s."values", s.not_before, s.not_after
  FROM sent s JOIN who w ON w.cohort_id = s.cohort_id AND w.clock = s.clock
 WHERE (w.enrolment_id, s.activity_id) NOT IN (SELECT enrolment_id, activity_id FROM but)
"""
# Days before, each until the day of the next smaller one begins, the last until the day of the date itself: no day has
# two. Which of them can be near is told by days alone, before an hour is worked out.
SOON = """
    WITH hours AS MATERIALIZED (
         SELECT clock, day, l.lead, day - l.lead AS local_day,
                notifications_at_hour(day - l.lead, %(usual)s, zone, quiet_from, quiet_hours) AS not_before,
                (day - l.later)::timestamp AT TIME ZONE zone AS over_at
           FROM days, LATERAL (
                SELECT x AS lead, coalesce((SELECT max(y) FROM unnest(leads) AS y WHERE y < x), 0) AS later
                  FROM unnest(leads) AS x WHERE x > 0 AND day - x <= %(until)s::date + 1) AS l
          WHERE day - l.later >= %(now)s::date - 1)
    SELECT due.*, lead, local_day, not_before, least(due_at, over_at) AS not_after
      FROM due JOIN hours USING (clock, day)
"""
TODAY = """
    WITH hours AS MATERIALIZED (
         SELECT clock, day, notifications_at_hour(day, %(morning)s, zone, quiet_from, quiet_hours) AS morning FROM days)
    SELECT due.*, 0 AS lead, day AS local_day, morning AS not_before, due_at AS not_after
      FROM due JOIN hours USING (clock, day) WHERE morning < due_at
"""
# At the first usual hour after it.
PASSED = """
    WITH hours AS MATERIALIZED (
         SELECT clock, day, notifications_at_hour(day, %(usual)s, zone, quiet_from, quiet_hours) AS same_day,
                notifications_at_hour(day + 1, %(usual)s, zone, quiet_from, quiet_hours) AS next_day
           FROM days)
    SELECT due.*, -1 AS lead, told.day AS local_day, told.at AS not_before, told.at + %(passed_for)s AS not_after
      FROM due JOIN hours USING (clock, day)
     CROSS JOIN LATERAL (
           SELECT CASE WHEN same_day > due_at THEN due.day ELSE due.day + 1 END AS day,
                  CASE WHEN same_day > due_at THEN same_day ELSE next_day END AS at) AS told
     WHERE progress_where_work_stands(false, NULL, due_at, closes_at, told.at) = 'late'
"""
# How long before and after `now` a date lies of which each of them speaks.
REACH = {
    SOON: (timedelta(0), timedelta(days=max(LEADS))),
    TODAY: (timedelta(0), timedelta(days=1)),
    PASSED: (PASSED_FOR + timedelta(days=1), timedelta(0)),
}
WHY_NOT = """
SELECT t.enrolment_id, t.activity_id, {active}, {shown},
       progress_where_work_stands(c.id IS NOT NULL, w.waits_for, NULL, NULL, NULL)
  FROM ({these}) AS t
  JOIN courses_enrolment e ON e.id = t.enrolment_id
  JOIN courses_activity a ON a.id = t.activity_id
  JOIN courses_module m ON m.id = a.module_id
  LEFT JOIN progress_completion c ON c.enrolment_id = e.id AND c.activity_id = a.id AND c.withdrawn_at IS NULL
  LEFT JOIN progress_waiting w ON w.enrolment_id = e.id AND w.activity_id = a.id AND w.ended_at IS NULL
"""
# By the ids of enrolments alone, for the reason that `progress.selectors.outlines` gives.
COMING = """
WITH due AS MATERIALIZED (
    SELECT enrolment_id, activity_id, due_at, closes_at
      FROM courses_effective_due
     WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND due_at > %(now)s AND due_at <= %(latest)s
)
SELECT t.person, d.activity_id, a.title, date_part('epoch', d.due_at), o.title
  FROM unnest(%(enrolments)s::bigint[], %(people)s::bigint[], %(until)s::timestamptz[]) AS t(enrolment, person, until)
  JOIN due d ON d.enrolment_id = t.enrolment AND d.due_at <= t.until
  JOIN courses_activity a ON a.id = d.activity_id
  JOIN courses_module m ON m.id = a.module_id
  JOIN courses_course o ON o.id = m.course_id
  LEFT JOIN progress_completion c ON c.enrolment_id = d.enrolment_id AND c.activity_id = d.activity_id
       AND c.withdrawn_at IS NULL
  LEFT JOIN progress_waiting w ON w.enrolment_id = d.enrolment_id AND w.activity_id = d.activity_id
       AND w.ended_at IS NULL
 WHERE {shown}
   AND progress_where_work_stands(c.id IS NOT NULL, w.waits_for, d.due_at, d.closes_at, %(now)s) IN {open}
 ORDER BY d.due_at, d.activity_id
""".replace("{shown}", SHOWN_SQL).replace("{open}", OPEN_SQL)


@cache
def statement(sends: str, *, these: bool = False) -> str:
    """A SELECT as `notifications.services.planning.insert` takes it; of everybody's near dates, or of `these` alone."""
    return (
        DUE.replace("{near}", THESE if these else NEAR)
        .replace("{alike}", NONE_ALIKE if these else ALIKE)
        .replace("{sends}", sends)
        .replace("{reader}", READER)
        .replace("{active}", ACTIVE_SQL)
        .replace("{shown}", SHOWN_SQL)
        .replace("{held}", HELD_SQL)
        .replace("{open}", OPEN_SQL)
    )


def parameters(sends: str, now: datetime, horizon: timedelta) -> dict[str, object]:
    wall, (before, after) = now.replace(tzinfo=None), REACH[sends]
    return {
        "now": now,
        "until": now + horizon,
        "from_wall": wall - before - WALLS_APART,
        "until_wall": wall + horizon + after + WALLS_APART,
        "usual": USUAL_HOUR,
        "morning": MORNING_HOUR,
        "passed_for": PASSED_FOR,
    }


def as_they_are(
    sends: str, pairs: Sequence[tuple[int, int]], now: datetime, horizon: timedelta
) -> dict[tuple[int, int, int], tuple[object, dict[str, object], datetime]]:
    """Of these enrolments and activities: by person, activity and lead, the day of sending, values and not_after."""
    enrolments, activities = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    given = parameters(sends, now, horizon) | {"enrolments": enrolments, "activities": activities}
    with connection.cursor() as cursor:
        cursor.execute(statement(sends, these=True), given)
        return {
            (person, subject, lead): (day, json.loads(values), not_after)
            for person, subject, _context, lead, day, values, _not_before, not_after in cursor
        }


def why_not(pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], tuple[bool, bool, str | None]]:
    """By enrolment and activity: whether the one is active, the other shown, and where it stands but for its dates."""
    sql = WHY_NOT.replace("{these}", THESE).replace("{active}", ACTIVE_SQL).replace("{shown}", SHOWN_SQL)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"enrolments": [pair[0] for pair in pairs], "activities": [pair[1] for pair in pairs]})
        return {(enrolment, activity): tuple(found) for enrolment, activity, *found in cursor}


def coming(until: Mapping[int, datetime], now: datetime) -> dict[int, list[dict[str, object]]]:
    """By person, what they have not done that is due to them after `now` and until an instant of their own."""
    studied = Enrolment.objects.active().students().filter(user__in=until).order_by("pk")
    # Of several cohorts of a course, the one that was joined last.
    latest = {(person, course): pk for pk, person, course in studied.values_list("pk", "user", "cohort__course")}
    pairs = [(pk, person) for (person, _), pk in latest.items()]
    found: dict[int, list[dict[str, object]]] = defaultdict(list)
    if not pairs:
        return found
    given = {
        "enrolments": [pk for pk, _ in pairs],
        "people": [person for _, person in pairs],
        "until": [until[person] for _, person in pairs],
        "latest": max(until.values()),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(COMING, given)
        for person, activity, title, due_at, course in cursor:
            found[person].append({"subject": activity, "title": title, "due": due_at, "course": course})
    return found
