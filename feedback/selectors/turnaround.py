"""How long feedback takes and which share of promises is kept, by week. Of cohorts and courses: no person is ranked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from courses.models import Cohort
from courses.querysets import WORKS_SQL
from feedback.promises import CLOSES

WEEKS = 26
# A promise is kept in the week in which feedback came, and broken in that of its own day; it breaks once.
SETTLED = """
SELECT date_trunc('week', at.settled AT TIME ZONE h.timezone)::date AS week,
       count(*) FILTER (WHERE at.kept), count(*) FILTER (WHERE NOT at.kept)
  FROM feedback_submission s
  JOIN courses_enrolment e ON e.id = s.enrolment_id AND e.deleted_at IS NULL
  JOIN courses_cohort h ON h.id = e.cohort_id AND h.deleted_at IS NULL
  JOIN courses_activity a ON a.id = s.activity_id AND a.deleted_at IS NULL
 CROSS JOIN LATERAL (
       SELECT s.broken_at IS NULL AND s.release_at <= s.promised_at AS kept,
              CASE WHEN s.broken_at IS NOT NULL THEN s.broken_at
                   WHEN s.release_at > s.promised_at THEN s.promised_at
                   ELSE s.release_at END AS settled) AS at
 WHERE s.taken_back_at IS NULL AND s.promised_at IS NOT NULL
   AND (s.broken_at IS NOT NULL OR s.release_at <= %(now)s)
   AND at.settled >= %(since)s AND {which}
 GROUP BY week ORDER BY week
"""
OF_COURSE = "(%(course)s::bigint IS NULL OR h.course_id = %(course)s)"
# By the ids of enrolments: joined by the cohort, the work of the whole school is read.
OF_COHORT = "s.enrolment_id = ANY(ARRAY(SELECT id FROM courses_enrolment WHERE cohort_id = %(cohort)s))"
# As a promise counts: what came after five, or on a day off, came on the next working day; and so did feedback.
WAITED = """
WITH work AS MATERIALIZED (
    SELECT s.counts_at AT TIME ZONE h.timezone AS came, s.release_at AT TIME ZONE h.timezone AS back
      FROM feedback_submission s
      JOIN courses_enrolment e ON e.id = s.enrolment_id AND e.deleted_at IS NULL
      JOIN courses_cohort h ON h.id = e.cohort_id
      JOIN courses_activity a ON a.id = s.activity_id AND a.deleted_at IS NULL
     WHERE {which} AND s.taken_back_at IS NULL
       AND s.release_at >= %(first)s::date::timestamp AT TIME ZONE h.timezone AND s.release_at <= %(now)s
), calendar AS MATERIALIZED (
    SELECT day, works, count(*) FILTER (WHERE works) OVER (ORDER BY day) AS number
      FROM (SELECT days.day, {works} AS works
              FROM (SELECT generate_series(min(came)::date, max(back)::date, '1 day')::date AS day FROM work) AS days
              JOIN courses_cohort h ON h.id = %(cohort)s
              LEFT JOIN courses_workingcalendar k ON k.cohort_id = h.id) AS told
)
SELECT date_trunc('week', w.back)::date AS week, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(
           t.number + (t.works AND w.back::time > %(closes)s)::int
           - f.number - (NOT f.works OR w.came::time > %(closes)s)::int, 0))
  FROM work w JOIN calendar f ON f.day = w.came::date JOIN calendar t ON t.day = w.back::date
 GROUP BY GROUPING SETS ((week), ())
""".replace("{works}", WORKS_SQL.replace("{day}", "days.day"))
# The week of all of them together is null.
BOTH = f"""
SELECT week, s.kept, s.broken, w.back, w.half
  FROM ({SETTLED}) AS s(week, kept, broken) FULL JOIN ({WAITED}) AS w(week, back, half) USING (week)
""".replace("{which}", OF_COHORT)  # noqa: S608  all of it is ours
# What waits although its day has passed, the longest wait first.
LATE = """
SELECT h.id, h.name, c.title, count(*), min(s.promised_at)
  FROM feedback_submission s
  JOIN courses_enrolment e ON e.id = s.enrolment_id AND e.deleted_at IS NULL
  JOIN courses_cohort h ON h.id = e.cohort_id AND h.deleted_at IS NULL
  JOIN courses_course c ON c.id = h.course_id
  JOIN courses_activity a ON a.id = s.activity_id AND a.deleted_at IS NULL
 WHERE s.taken_back_at IS NULL AND s.release_at IS NULL AND s.promised_at < %(now)s
   AND (%(course)s::bigint IS NULL OR h.course_id = %(course)s)
 GROUP BY h.id, c.id ORDER BY min(s.promised_at), h.id LIMIT %(most)s
"""
MOST_COHORTS = 50
COURSES = """
SELECT c.id, c.title FROM courses_course c
 WHERE c.deleted_at IS NULL AND EXISTS (
       SELECT FROM courses_cohort h
         JOIN courses_enrolment e ON e.cohort_id = h.id
         JOIN feedback_submission s ON s.enrolment_id = e.id
        WHERE h.course_id = c.id AND h.deleted_at IS NULL)
 ORDER BY c.title, c.id LIMIT %(most)s
"""
MOST_COURSES = 200


Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Week:
    first: date
    kept: int
    broken: int

    @property
    def count(self) -> int:
        return self.kept + self.broken

    @property
    def share(self) -> float | None:
        """None where no promise came to its end."""
        return self.kept / self.count if self.count else None


@dataclass(frozen=True)
class Waited:
    """How many pieces of work were given back in a week, and within how many working days half of them were."""

    week: Week
    back: int
    half_within: float | None


def weeks(now: datetime, course: int | None = None) -> list[Week]:
    """The last WEEKS, the oldest first and those without any among them; in one query."""
    monday = now.date() - timedelta(days=now.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    with connection.cursor() as cursor:
        since = now - timedelta(weeks=WEEKS, days=7)
        cursor.execute(SETTLED.replace("{which}", OF_COURSE), {"now": now, "since": since, "course": course})
        found = {week: (kept, broken) for week, kept, broken in cursor}
    days = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return [Week(day, *found.get(day, (0, 0))) for day in days]


def rows_of(cohort: Cohort, days: Sequence[date], now: datetime) -> Rows:
    """What `of_cohort` is made of, in plain values that can be kept; in one query."""
    since = datetime.combine(days[0], time(), cohort.timezone)
    values = {"cohort": cohort.pk, "first": days[0], "since": since, "now": now, "closes": CLOSES}
    with connection.cursor() as cursor:
        cursor.execute(BOTH, values)
        return cursor.fetchall()


def of_cohort(rows: Rows, days: Sequence[date]) -> tuple[list[Waited], float | None]:
    """The weeks that begin on `days`, and within how many working days half of all their feedback came."""
    found = {week: (kept or 0, broken or 0, back or 0, half) for week, kept, broken, back, half in rows}
    nothing = (0, 0, 0, None)
    weeks = [(day, *found.get(day, nothing)) for day in days]
    return [Waited(Week(day, kept, broken), back, half) for day, kept, broken, back, half in weeks], found.get(
        None, nothing
    )[3]


@dataclass(frozen=True)
class Late:
    cohort: int
    name: str
    course: str
    count: int
    since: datetime


def late(now: datetime, course: int | None = None) -> list[Late]:
    """By cohort, how much work waits whose promise is broken already."""
    with connection.cursor() as cursor:
        cursor.execute(LATE, {"now": now, "course": course, "most": MOST_COHORTS})
        return [Late(*row) for row in cursor]


def courses() -> list[tuple[int, str]]:
    """Those in which anything was handed in."""
    with connection.cursor() as cursor:
        cursor.execute(COURSES, {"most": MOST_COURSES})
        return list(cursor.fetchall())
