"""A class beside its activities: where the work of each student stands, and the marks that may be seen."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from psycopg.pq import Format

from common.paging import Sliced
from common.parts import holds_sql
from common.rows import limited
from courses.models import Cohort
from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from dashboards.selectors import class_list
from progress.querysets import OPEN_SQL, TURN_SQL

# Columns beside each other; more are on further pages.
COLUMNS = 60


class Column(NamedTuple):
    """An activity; `scale` and what follows are of an assignment, and "" or None of any other."""

    pk: int
    title: str
    scale: str
    most: Decimal | None
    nameless: bool
    # Whether it asks for "good enough" or "not yet", by its scale or its rule.
    judged: bool


@dataclass(frozen=True)
class Columns:
    """The activities that students are shown, in the order of the course; reads only the part it is asked for.

    `module` is one module's; else `everything`, or what is marked or has a date in the cohort.
    """

    cohort: Cohort
    everything: bool = False
    module: int = 0

    def __getitem__(self, part: slice) -> list[Column]:
        which = "m.id = %(module)s" if self.module else "true" if self.everything else _MARKED_OR_DATED
        sql = limited(_COLUMNS.replace("{which}", which), part)
        values = {"course": self.cohort.course_id, "cohort": self.cohort.pk, "module": self.module}
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [Column._make(row) for row in cursor.fetchall()]


_MARKED_OR_DATED = """
(g.activity_id IS NOT NULL
 OR EXISTS (SELECT FROM courses_duedate d WHERE d.cohort_id = %(cohort)s AND d.activity_id = a.id))"""
_COLUMNS = """
SELECT a.id, a.title, coalesce(g.scale, ''), g.most_points, coalesce(g.nameless, false),
       coalesce(g.scale = 'enough' OR a.rule = 'enough', false)
  FROM courses_module m
  JOIN courses_activity a ON a.module_id = m.id AND {shown}
  LEFT JOIN feedback_assignment g ON g.activity_id = a.id AND a.kind = 'assignment'
 WHERE m.course_id = %(course)s AND {which}
 ORDER BY m.position, a.position, a.id
""".replace("{shown}", SHOWN_SQL)


def modules(cohort: Cohort) -> list[tuple[int, str]]:
    """By key and title, those that students are shown."""
    with connection.cursor() as cursor:
        cursor.execute(_MODULES, [cohort.course_id])
        return cursor.fetchall()


_MODULES = """
SELECT id, title FROM courses_module WHERE course_id = %s AND published AND deleted_at IS NULL ORDER BY position"""


class Listed(NamedTuple):
    enrolment: int
    name: str


class ByName:
    """The active students of a cohort, by name."""

    def __init__(self, cohort: Cohort, words: str) -> None:
        keys = class_list.BY_NAME.keys(found=bool(words))
        self._sql, self._values = _BY_NAME.replace("{keys}", keys), {"cohort": cohort.pk, "words": words}

    def __getitem__(self, part: slice) -> list[Listed]:
        return _listed(self._sql.format(start=part.start, stop=part.stop), self._values)


_BY_NAME = """
SELECT e.id, u.display_name FROM courses_enrolment e JOIN accounts_user u ON u.id = e.user_id
 WHERE e.id = ANY(ARRAY({keys})) ORDER BY u.display_name, u.id
"""


class Sorted:
    """The same in another order, over the whole cohort."""

    def __init__(self, statement: str, cohort: Cohort, words: str, **values: Any) -> None:
        self._sql = statement.replace("{found}", f"AND {holds_sql('u.display_name')}" if words else "")
        self._values = {"cohort": cohort.pk, "words": words, **values}

    def __getitem__(self, part: slice) -> list[Listed]:
        return _listed(limited(self._sql, part), self._values)


# By what the worker keeps of each (`progress.models.Signals`): to reckon the steps of all takes longer than the page.
_BEHIND = f"""
SELECT e.id, u.display_name
  FROM courses_enrolment e
  JOIN accounts_user u ON u.id = e.user_id
  LEFT JOIN progress_signals s ON s.enrolment_id = e.id
 WHERE e.cohort_id = %(cohort)s AND e.role = 'student' AND {ACTIVE_SQL} {{found}}
 ORDER BY s.missing DESC NULLS LAST, s.share_done, u.display_name, u.id
"""  # noqa: S608  all of it is ours
# Whoever has no mark that may be seen comes last.
_BY_MARK = f"""
SELECT e.id, u.display_name
  FROM courses_enrolment e
  JOIN accounts_user u ON u.id = e.user_id
  LEFT JOIN LATERAL (
       SELECT CASE WHEN g.nameless AND (s.release_at IS NULL OR s.release_at > %(now)s) THEN NULL
                   WHEN g.scale = 'points' THEN f.points
                   WHEN g.scale = 'levels' THEN -array_position(g.levels, f.level)
                   ELSE f.good_enough::int END AS mark
         FROM feedback_submission s
         JOIN feedback_assignment g ON g.activity_id = s.activity_id
         LEFT JOIN feedback_feedback f ON f.submission_id = s.id
        WHERE s.enrolment_id = e.id AND s.activity_id = %(activity)s AND s.taken_back_at IS NULL
        ORDER BY s.attempt DESC LIMIT 1) AS given ON true
 WHERE e.cohort_id = %(cohort)s AND e.role = 'student' AND {ACTIVE_SQL} {{found}}
 ORDER BY given.mark {{way}} NULLS LAST, u.display_name, u.id
"""  # noqa: S608  all of it is ours


def in_order(cohort: Cohort, words: str, order: str, now: datetime) -> Sliced:
    """The active students: by name, whoever is furthest behind first ("late"), or by a mark ("high-12", "low-12")."""
    way, _, activity = order.partition("-")
    if activity:
        statement = _BY_MARK.replace("{way}", "ASC" if way == "low" else "DESC")
        return Sorted(statement, cohort, words, activity=int(activity), now=now)
    return Sorted(_BEHIND, cohort, words) if order else ByName(cohort, words)


def _listed(sql: str, values: dict[str, Any]) -> list[Listed]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Listed(*row) for row in cursor.fetchall()]


# As `feedback.pages.cells.teller` takes it.
_MARK = """coalesce(CASE g.scale WHEN 'points' THEN trim_scale(f.points)::text WHEN 'levels' THEN f.level
                              ELSE f.good_enough::int::text END, '')"""
# In the order of `columns`. What belongs to the enrolments is gathered first, for the reason that
# `progress.selectors.outlines` gives, and a date is reckoned where something hangs on it. Beside LATERAL the feedback
# of what stands on the page is looked up; joined, Postgres reads that of everybody.
_CELLS = (
    """
WITH done AS MATERIALIZED (
    SELECT enrolment_id, activity_id FROM progress_completion
     WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND withdrawn_at IS NULL
), waits AS MATERIALIZED (
    SELECT enrolment_id, activity_id, waits_for FROM progress_waiting
     WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND ended_at IS NULL
), dates AS MATERIALIZED (
    SELECT enrolment_id, activity_id, due_at, closes_at FROM courses_effective_due
     WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND activity_id = ANY(%(columns)s::bigint[])
       AND (enrolment_id, activity_id) NOT IN (SELECT enrolment_id, activity_id FROM done)
       AND (enrolment_id, activity_id) NOT IN (
           SELECT enrolment_id, activity_id FROM waits WHERE {turn} NOT IN {open})
), work AS MATERIALIZED (
    SELECT DISTINCT ON (s.enrolment_id, s.activity_id) s.enrolment_id, s.activity_id,
           CASE WHEN NOT g.nameless OR s.release_at <= %(now)s THEN s.id END AS key,
           CASE WHEN s.release_at <= %(now)s THEN '/1/' ELSE '/0/' END || f.mark AS mark
      FROM feedback_submission s
      JOIN feedback_assignment g ON g.activity_id = s.activity_id
     CROSS JOIN LATERAL (
           SELECT {mark} AS mark FROM (SELECT) one LEFT JOIN feedback_feedback f ON f.submission_id = s.id LIMIT 1) AS f
     WHERE s.enrolment_id = ANY(%(enrolments)s::bigint[]) AND s.activity_id = ANY(%(columns)s::bigint[])
       AND s.taken_back_at IS NULL
     ORDER BY s.enrolment_id, s.activity_id, s.attempt DESC
)
SELECT e.id, array_agg(w.key ORDER BY a.place), array_agg(
         CASE WHEN w.activity_id IS NOT NULL AND w.key IS NULL THEN 'hidden'
              ELSE progress_where_work_stands(c.activity_id IS NOT NULL, t.waits_for, d.due_at, d.closes_at, %(now)s)
                   || coalesce(w.mark, '') END
         ORDER BY a.place)
  FROM unnest(%(enrolments)s::bigint[]) AS e(id)
 CROSS JOIN unnest(%(columns)s::bigint[]) WITH ORDINALITY AS a(id, place)
  LEFT JOIN done c ON c.enrolment_id = e.id AND c.activity_id = a.id
  LEFT JOIN waits t ON t.enrolment_id = e.id AND t.activity_id = a.id
  LEFT JOIN dates d ON d.enrolment_id = e.id AND d.activity_id = a.id
  LEFT JOIN work w ON w.enrolment_id = e.id AND w.activity_id = a.id
 GROUP BY e.id
""".replace("{mark}", _MARK)
    .replace("{turn}", TURN_SQL)
    .replace("{open}", OPEN_SQL)
)


class Cells(NamedTuple):
    """Of one student, in the order of the columns."""

    # Of the work that was handed in last; None where there is none, or its student may not be known yet.
    keys: list[int | None]
    # Where it stands, in the words of `progress.outline.Stands`, and with work "/1/" or "/0/", whether its feedback is
    # released, and the mark as it is stored. "hidden" alone for work that is marked without names.
    codes: list[str]


def cells(enrolments: Sequence[int], columns: Sequence[int], now: datetime) -> dict[int, Cells]:
    """By enrolment; one query."""
    if not columns:
        return {enrolment: Cells([], []) for enrolment in enrolments}
    with connection.cursor() as cursor:
        # Thousands of numbers, as in `progress.selectors.outlines`.
        cursor.cursor.format = Format.BINARY
        cursor.execute(_CELLS, {"enrolments": list(enrolments), "columns": list(columns), "now": now})
        return {enrolment: Cells(keys, codes) for enrolment, keys, codes in cursor.fetchall()}


class Marked(NamedTuple):
    """A student with the marks that they can read, by the key of the activity as text."""

    enrolment: int
    name: str
    username: str
    email: str | None
    minor: bool
    marks: dict[str, str]


# Of each assignment the last attempt whose feedback its student can read.
_MARKED = f"""
SELECT e.id, u.display_name, u.username, u.email, u.minor, given.marks
  FROM courses_enrolment e
  JOIN accounts_user u ON u.id = e.user_id
 CROSS JOIN LATERAL (
       SELECT jsonb_object_agg(last.activity_id, last.mark) AS marks
         FROM (SELECT DISTINCT ON (s.activity_id) s.activity_id,
                      {_MARK} AS mark
                 FROM feedback_submission s
                 JOIN feedback_assignment g ON g.activity_id = s.activity_id
                 JOIN feedback_feedback f ON f.submission_id = s.id
                WHERE s.enrolment_id = e.id AND s.taken_back_at IS NULL AND s.release_at <= %(now)s
                ORDER BY s.activity_id, s.attempt DESC) AS last) AS given
 WHERE e.cohort_id = %(cohort)s AND e.role = 'student' AND {ACTIVE_SQL}
 ORDER BY u.display_name, u.id
"""  # noqa: S608  all of it is ours


def marked(cohort: Cohort, now: datetime) -> Iterator[Marked]:
    """The active students by name, read as they are asked for; one query."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_MARKED, {"cohort": cohort.pk, "now": now})
        for *told, marks in cursor:
            yield Marked._make([*told, json.loads(marks) if marks else {}])
