"""What a class, or one student, did week by week, how much was due by then, and how soon feedback came.

In statements of our own: minutes are ranges, and a tick that was withdrawn stood for a while. By the ORM every day and
every tick of a class would be read, 100,000 rows to draw 26 weeks.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zlib import crc32

from django.core.cache import cache
from django.db import connection

from courses.models import Cohort, Enrolment
from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from feedback.selectors import turnaround

MOST = 26
# A class is read once in so many seconds: 500 students with half a year behind them take longer than 50 pages.
KEPT_FOR = 5 * 60

OF_CLASS = f"e.cohort_id = %(cohort)s AND e.role = 'student' AND {ACTIVE_SQL}"
OF_ONE = "e.id = %(enrolment)s"
# A week begins on Monday at midnight, by the clocks of the zone; what was before the first is week 0, and what
# came after the last is left out. Spans of the ticks of one step that overlap are one. A step that somebody is excused
# from is none of theirs.
PROGRESS = """
WITH student AS MATERIALIZED (
    SELECT e.id FROM courses_enrolment e WHERE {which}
), shown AS MATERIALIZED (
    SELECT a.id, a.required FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
     WHERE m.course_id = %(course)s AND {shown}
), tick AS MATERIALIZED (
    SELECT enrolment_id, activity_id, completed_at, withdrawn_at
      FROM progress_completion WHERE enrolment_id = ANY(ARRAY(SELECT id FROM student))
), again AS MATERIALIZED (
    SELECT enrolment_id, activity_id, range_agg(tstzrange(completed_at, withdrawn_at)) AS spans
      FROM tick
     WHERE (enrolment_id, activity_id) IN (SELECT enrolment_id, activity_id FROM tick WHERE withdrawn_at IS NOT NULL)
     GROUP BY enrolment_id, activity_id
), excused AS MATERIALIZED (
    SELECT w.enrolment_id, w.activity_id
      FROM progress_waiting w JOIN shown a ON a.id = w.activity_id AND a.required
     WHERE w.enrolment_id = ANY(ARRAY(SELECT id FROM student)) AND w.ended_at IS NULL AND w.waits_for = 'nobody'
       AND (w.enrolment_id, w.activity_id) NOT IN (
           SELECT enrolment_id, activity_id FROM tick WHERE withdrawn_at IS NULL)
), way AS MATERIALIZED (
    SELECT s.id, (SELECT count(*) FROM shown WHERE required) - count(x.activity_id) AS steps
      FROM student s LEFT JOIN excused x ON x.enrolment_id = s.id GROUP BY s.id
), dated AS MATERIALIZED (
    SELECT d.enrolment_id, d.due_at
      FROM courses_effective_due d JOIN shown a ON a.id = d.activity_id AND a.required
     WHERE d.enrolment_id = ANY(ARRAY(SELECT id FROM student))
       AND (d.enrolment_id, d.activity_id) NOT IN (SELECT enrolment_id, activity_id FROM excused)
), bound AS MATERIALIZED (
    SELECT ARRAY(SELECT (%(first)s::date + 7 * n)::timestamp AT TIME ZONE %(zone)s
                   FROM generate_series(0, %(weeks)s) AS n ORDER BY n) AS weeks
), stood AS (
    SELECT enrolment_id, activity_id, completed_at AS since, withdrawn_at AS until FROM tick
     WHERE (enrolment_id, activity_id) NOT IN (SELECT enrolment_id, activity_id FROM again)
     UNION ALL
    SELECT enrolment_id, activity_id, lower(one), upper(one) FROM again CROSS JOIN LATERAL unnest(spans) AS one
), span AS MATERIALIZED (
    SELECT t.enrolment_id, a.required AND (t.enrolment_id, t.activity_id) NOT IN (
               SELECT enrolment_id, activity_id FROM excused) AS counts,
           width_bucket(t.since, (SELECT weeks FROM bound)) AS began,
           width_bucket(t.until, (SELECT weeks FROM bound)) AS ended
      FROM stood t JOIN shown a ON a.id = t.activity_id
     WHERE t.since <= %(now)s
), moved AS (
    SELECT s.began AS week, sum(1.0::float8 / nullif(w.steps, 0)) FILTER (WHERE s.counts) AS done, 0::float8 AS due,
           count(*) FILTER (WHERE s.began IS DISTINCT FROM s.ended) AS steps
      FROM span s JOIN way w ON w.id = s.enrolment_id GROUP BY 1
     UNION ALL
    SELECT s.ended, -sum(1.0::float8 / nullif(w.steps, 0)) FILTER (WHERE s.counts), 0, 0
      FROM span s JOIN way w ON w.id = s.enrolment_id WHERE s.ended IS NOT NULL GROUP BY 1
     UNION ALL
    SELECT width_bucket(d.due_at, (SELECT weeks FROM bound)), 0, sum(1.0::float8 / nullif(w.steps, 0)), 0
      FROM dated d JOIN way w ON w.id = d.enrolment_id WHERE d.due_at <= %(now)s GROUP BY 1
)
SELECT coalesce(sum(m.done), 0), coalesce(sum(m.due), 0), coalesce(sum(m.steps), 0)::int,
       (SELECT count(*) FROM way), (SELECT count(*) FROM way WHERE steps > 0), (SELECT max(steps) FROM way),
       EXISTS (SELECT FROM dated)
  FROM generate_series(0, %(weeks)s) AS week LEFT JOIN moved m USING (week)
 GROUP BY week ORDER BY week
"""
# Days are those of each student's own calendar, as they were kept.
PRESENCE = """
SELECT week, count(*), sum(minutes)::int
  FROM (SELECT (p.day - %(first)s::date) / 7 AS week,
               sum((SELECT sum(upper(part) - lower(part)) FROM unnest(p.minutes) AS part)) AS minutes
          FROM progress_presence p
         WHERE p.enrolment_id = ANY(ARRAY(SELECT e.id FROM courses_enrolment e WHERE {which}))
           AND p.day >= %(first)s AND p.day < %(first)s::date + 7 * %(weeks)s
         GROUP BY p.enrolment_id, week) AS theirs
 WHERE minutes > 0 GROUP BY week
"""


# What is kept of one release is not for another.
STATEMENTS = crc32((PROGRESS + PRESENCE + turnaround.BOTH).encode())
# What the first two of them answered.
Rows = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Span:
    """Weeks in a row, by the calendar of `zone`; `count` is 0 before the first day."""

    first: date
    count: int
    zone: tzinfo
    # Whether there were more before, and whether the last is this week, which is not over.
    is_cut: bool = False
    is_open: bool = True

    def days(self) -> list[date]:
        return [self.first + timedelta(weeks=number) for number in range(self.count)]


@dataclass(frozen=True)
class Week:
    """`done` and `due` are mean shares of the required steps at its end, or now; `steps` are all that it brought."""

    first: date
    done: float
    due: float
    steps: int
    active: int
    minutes: int


@dataclass(frozen=True)
class Way:
    """`steps` is the most that is required of any student; those of whom nothing is are no part of the mean."""

    weeks: list[Week]
    students: int
    steps: int
    has_dates: bool


@dataclass(frozen=True)
class Class:
    """Its way, its feedback by week, and within how many working days half of that came."""

    way: Way
    waited: list[turnaround.Waited]
    half_within: float | None
    read_at: datetime


def span(starts_on: date, ends_on: date | None, zone: tzinfo, now: datetime) -> Span:
    """From the first day to today, or to the last day: the last MOST weeks. Who starts after it has no last day."""
    today = now.astimezone(zone).date()
    last = _monday(min(today, ends_on) if ends_on and ends_on >= starts_on else today)
    count = (last - _monday(starts_on)).days // 7 + 1 if starts_on <= today else 0
    drawn = min(count, MOST)
    first = last - timedelta(weeks=max(drawn - 1, 0))
    return Span(first, drawn, zone, is_cut=count > drawn, is_open=last == _monday(today))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def of_class(cohort: Cohort, asked: Span, now: datetime) -> Class:
    """Of those who are in it today, and of all its feedback: as it was at `read_at`, a few minutes ago at most."""
    key = f"weeks-{STATEMENTS}-{cohort.pk}-{asked.first}-{asked.count}-{asked.zone}"
    kept = cache.get(key)
    if kept is None:
        kept = _class(cohort, asked, now)
        cache.set(key, kept, KEPT_FOR)
    read_at, rows, feedback = kept
    return Class(_way(asked, rows), *turnaround.of_cohort(feedback, asked.days()), read_at)


def _class(cohort: Cohort, asked: Span, now: datetime) -> tuple[datetime, Rows, turnaround.Rows]:
    """Plain values, as they are kept."""
    rows = _rows(OF_CLASS, asked, now, {"cohort": cohort.pk, "course": cohort.course_id})
    return now, rows, turnaround.rows_of(cohort, asked.days(), now)


def of_student(enrolment: Enrolment, asked: Span, now: datetime) -> Way:
    values = {"enrolment": enrolment.pk, "course": enrolment.cohort.course_id}
    return _way(asked, _rows(OF_ONE, asked, now, values))


def _rows(which: str, asked: Span, now: datetime, values: dict[str, Any]) -> Rows:
    given = values | {"first": asked.first, "weeks": asked.count, "zone": str(asked.zone), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS.replace("{which}", which).replace("{shown}", SHOWN_SQL), given)
        moved = cursor.fetchall()
        cursor.execute(PRESENCE.replace("{which}", which), given)
        return moved, cursor.fetchall()


def _way(asked: Span, rows: Rows) -> Way:
    moved, presence = rows
    present = {week: (active, minutes) for week, active, minutes in presence}
    # The same in every row.
    students, counted, steps, has_dates = moved[0][3:]
    done = due = 0.0
    shares = []
    for more_done, more_due, new, *_ in moved:
        done, due = done + more_done, due + more_due
        shares.append((_share(done / max(counted, 1)), _share(due / max(counted, 1)), new))
    weeks = [Week(day, *shares[place + 1], *present.get(place, (0, 0))) for place, day in enumerate(asked.days())]
    return Way(weeks, students, steps or 0, has_dates)


def _share(value: float) -> float:
    """Thirds that are added and taken away leave a trace in the last digits."""
    return min(max(round(value, 9), 0.0), 1.0)
