"""Which share of promises is kept, by week. Of whole courses: no person is ranked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

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
   AND at.settled >= %(since)s AND (%(course)s::bigint IS NULL OR h.course_id = %(course)s)
 GROUP BY week ORDER BY week
"""
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


def weeks(now: datetime, course: int | None = None) -> list[Week]:
    """The last WEEKS, the oldest first and those without any among them; in one query."""
    monday = now.date() - timedelta(days=now.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    with connection.cursor() as cursor:
        cursor.execute(SETTLED, {"now": now, "since": now - timedelta(weeks=WEEKS, days=7), "course": course})
        found = {week: (kept, broken) for week, kept, broken in cursor}
    days = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return [Week(day, *found.get(day, (0, 0))) for day in days]


def courses() -> list[tuple[int, str]]:
    """Those in which anything was handed in."""
    with connection.cursor() as cursor:
        cursor.execute(COURSES, {"most": MOST_COURSES})
        return list(cursor.fetchall())
