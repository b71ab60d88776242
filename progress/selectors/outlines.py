"""The outlines of students, read in one query however many there are."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg.pq import Format

from courses.querysets import SHOWN_SQL
from progress.outline import Outline, Part, Step, settle

# A pair's enrolment may be null: that reads the outline for somebody who does not study. What belongs to the
# enrolments is gathered first, by their ids alone: joined directly, the planner works out the dates of everybody.
# Which courses they are is said twice, for an index: where one course of a school has thousands of modules, it expects
# hundreds of each, and would read the modules of all.
ROWS = """
WITH done AS MATERIALIZED (
    SELECT enrolment_id, activity_id, date_part('epoch', completed_at) AS at, activity_revision
      FROM progress_completion WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND withdrawn_at IS NULL
), waits AS MATERIALIZED (
    SELECT enrolment_id, activity_id, date_part('epoch', since) AS at, date_part('epoch', promised_at) AS promised,
           waits_for
      FROM progress_waiting WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND ended_at IS NULL
), opened AS MATERIALIZED (
    SELECT enrolment_id, activity_id, date_part('epoch', last_opened_at) AS at, nullif(block, '') AS block
      FROM progress_visit WHERE enrolment_id = ANY(%(enrolments)s::bigint[])
), due AS MATERIALIZED (
    SELECT enrolment_id, activity_id, zone, extended, due_at, closes_at,
           date_part('epoch', due_at) AS at, date_part('epoch', closes_at) AS closes
      FROM courses_effective_due WHERE enrolment_id = ANY(%(enrolments)s::bigint[])
)
SELECT pair.place, m.id, m.title,
       a.id AS id, a.title AS title, a.heading AS heading, a.kind AS kind, a.minutes AS minutes,
       a.required AS required, date_part('epoch', a.published_at) AS published, a.revision AS revision,
       a.rule AS rule, a.dwell_seconds AS dwell_seconds,
       c.at AS done, c.activity_revision AS done_revision, v.at AS opened, v.block AS block,
       d.at AS due, d.closes AS closes, d.zone AS zone, d.extended AS extended, w.at AS waiting, w.promised AS promised,
       progress_where_work_stands(c.at IS NOT NULL, w.waits_for, d.due_at, d.closes_at, %(now)s) AS stands
  FROM unnest(%(enrolments)s::bigint[], %(courses)s::bigint[])
       WITH ORDINALITY AS pair(enrolment_id, course_id, place)
  JOIN courses_module m ON m.course_id = pair.course_id AND m.course_id = ANY(%(courses)s::bigint[])
  JOIN courses_activity a ON a.module_id = m.id AND {shown}
  LEFT JOIN done c ON c.enrolment_id = pair.enrolment_id AND c.activity_id = a.id
  LEFT JOIN waits w ON w.enrolment_id = pair.enrolment_id AND w.activity_id = a.id
  LEFT JOIN opened v ON v.enrolment_id = pair.enrolment_id AND v.activity_id = a.id
  LEFT JOIN due d ON d.enrolment_id = pair.enrolment_id AND d.activity_id = a.id
 ORDER BY pair.place, m.position, a.position
""".replace("{shown}", SHOWN_SQL)


# What stands before the columns of a step.
BEFORE = 3
FIELDS = [field.name for field in fields(Step) if field.name != "state"]


def in_the_order_of_fields(columns: list[str]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """By name, and once for all rows: to name the values of each takes twice as long as to read them."""
    return itemgetter(*(columns.index(name, BEFORE) for name in FIELDS))


def of_pairs(pairs: Sequence[tuple[int | None, int]], now: datetime | None = None) -> list[Outline]:
    """The outlines of (enrolment, course) pairs in one query, in their order; as they stand at this instant."""
    outlines = [Outline(course, enrolment, []) for enrolment, course in pairs]
    if not outlines:
        return []
    with connection.cursor() as cursor:
        enrolments, courses = zip(*pairs, strict=True)
        # Thousands of numbers: to write each as text and to read it again would take a tenth more.
        cursor.cursor.format = Format.BINARY
        cursor.execute(ROWS, {"enrolments": list(enrolments), "courses": list(courses), "now": now or timezone.now()})
        told = in_the_order_of_fields([column.name for column in cursor.description])
        rows = cursor.fetchall()
    for row in rows:
        parts = outlines[row[0] - 1].parts
        if not parts or parts[-1].id != row[1]:
            parts.append(Part(row[1], row[2]))
        parts[-1].steps.append(Step(*told(row)))
    for outline in outlines:
        settle(outline)
    return outlines


def of_one(enrolment: int | None, course: int) -> Outline:
    """The outline of one course, for a student or (None) for somebody who does not study."""
    return of_pairs([(enrolment, course)])[0]
