"""What `progress.outline.settle` counts, for a whole class at once: the same figures, added up by Postgres.

`tests/progress/test_tallies.py` holds the two together. The rule of "new" (docs/adr/0010) is a fold over the instants
of publication there and two windows here. As long as nothing in a module came late, its base is all that was required
before; the first that comes late closes the module, for what is late never joins, so everything after it is late too.
In the same way the first that comes late in the course, of what its own module did not make late, closes the course.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from courses.querysets import SHOWN_SQL
from progress.querysets import OPEN_SQL, TURN_SQL

TALLIES = (
    """
WITH shown AS MATERIALIZED (
    SELECT a.id, a.module_id, a.required, a.published_at
      FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
     WHERE m.course_id = %(course)s AND {shown}
), done AS MATERIALIZED (
    SELECT c.enrolment_id, c.activity_id, c.completed_at AS at, s.required
      FROM progress_completion c JOIN shown s ON s.id = c.activity_id
     WHERE c.enrolment_id = ANY(%(enrolments)s::bigint[]) AND c.withdrawn_at IS NULL
), waits AS MATERIALIZED (
    SELECT w.enrolment_id, w.activity_id, w.since AS at, s.required, {turn} AS stands
      FROM progress_waiting w JOIN shown s ON s.id = w.activity_id
     WHERE w.enrolment_id = ANY(%(enrolments)s::bigint[]) AND w.ended_at IS NULL
       AND (w.enrolment_id, w.activity_id) NOT IN (SELECT enrolment_id, activity_id FROM done)
), step AS (
    -- Of those alone for whom something was published after their first tick.
    SELECT begun.enrolment_id, s.id, s.module_id, s.required, s.published_at,
           CASE WHEN s.required THEN coalesce(d.at, x.at, 'infinity') END AS ends
      FROM (SELECT enrolment_id FROM done GROUP BY enrolment_id
            HAVING min(at) < (SELECT max(published_at) FROM shown)) AS begun
     CROSS JOIN shown s
      LEFT JOIN done d ON d.enrolment_id = begun.enrolment_id AND d.activity_id = s.id
      LEFT JOIN waits x ON x.enrolment_id = begun.enrolment_id AND x.activity_id = s.id AND x.stands = 'excused'
), of_module AS (
    SELECT *, max(ends) OVER (PARTITION BY enrolment_id, module_id ORDER BY published_at
                              GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS base
      FROM step
), by_module AS (
    SELECT *, coalesce(bool_or(base < published_at) OVER (PARTITION BY enrolment_id, module_id ORDER BY published_at),
                       false) AS late
      FROM of_module
), of_course AS (
    SELECT *, max(ends) FILTER (WHERE NOT late) OVER (PARTITION BY enrolment_id ORDER BY published_at
                                GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS course_base
      FROM by_module
), by_course AS (
    SELECT *, late OR coalesce(bool_or(course_base < published_at)
                               OVER (PARTITION BY enrolment_id ORDER BY published_at), false) AS came_late
      FROM of_course
), new AS (
    SELECT enrolment_id, count(*) AS all, count(*) FILTER (WHERE required) AS required
      FROM by_course
     WHERE came_late
       AND (enrolment_id, id) NOT IN (SELECT enrolment_id, activity_id FROM done)
       AND (enrolment_id, id) NOT IN (SELECT enrolment_id, activity_id FROM waits)
     GROUP BY enrolment_id
), overdue AS (
    SELECT enrolment_id, count(*) AS all
      FROM courses_effective_due
     WHERE enrolment_id = ANY(%(enrolments)s::bigint[])
       AND progress_where_work_stands(false, NULL, due_at, closes_at, %(now)s) = 'late'
       AND activity_id IN (SELECT id FROM shown)
       AND (enrolment_id, activity_id) NOT IN (SELECT enrolment_id, activity_id FROM done)
       AND (enrolment_id, activity_id) NOT IN (SELECT enrolment_id, activity_id FROM waits WHERE stands NOT IN {open})
     GROUP BY enrolment_id
)
SELECT e.id, coalesce(d.count, 0),
       (SELECT count(*) FROM shown WHERE required) - coalesce(n.required, 0) - coalesce(w.excused, 0),
       coalesce(n.all, 0), coalesce(w.count, 0), coalesce(o.all, 0)
  FROM unnest(%(enrolments)s::bigint[]) AS e(id)
  LEFT JOIN (SELECT enrolment_id, count(*) FROM done WHERE required GROUP BY enrolment_id) d ON d.enrolment_id = e.id
  LEFT JOIN (SELECT enrolment_id, count(*) FILTER (WHERE stands = 'with the teacher') AS count,
                    count(*) FILTER (WHERE stands = 'excused' AND required) AS excused
               FROM waits GROUP BY enrolment_id) w ON w.enrolment_id = e.id
  LEFT JOIN new n ON n.enrolment_id = e.id
  LEFT JOIN overdue o ON o.enrolment_id = e.id
""".replace("{shown}", SHOWN_SQL)
    .replace("{turn}", TURN_SQL)
    .replace("{open}", OPEN_SQL)
)


@dataclass(frozen=True)
class Tally:
    """The counts of an `Outline`; `late` is how many of its steps are due, still open and not done."""

    done: int
    total: int
    new: int
    waiting: int
    late: int


def of_class(enrolments: Sequence[int], course: int, now: datetime) -> dict[int, Tally]:
    """By enrolment, all of them of one course: one query, whose answer is a row for each."""
    with connection.cursor() as cursor:
        cursor.execute(TALLIES, {"enrolments": list(enrolments), "course": course, "now": now})
        return {enrolment: Tally(*counts) for enrolment, *counts in cursor}
