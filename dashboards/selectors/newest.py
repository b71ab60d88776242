"""What a site admin's home shows, in one statement: five of each list, and how many people there are."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from common.paging import COUNTED
from courses.models import Cohort, Course, CourseImport
from courses.querysets import ACTIVE_SQL

# Of each list, the latest.
SHOWN = 5
IN_ROLE = f"""(SELECT count(*) FROM (SELECT FROM courses_enrolment e
                 WHERE e.cohort_id = h.id AND e.role = '%s' AND {ACTIVE_SQL} LIMIT %%(counted)s) AS few)"""  # noqa: S608  all of it is ours
NEWEST = """
SELECT (SELECT jsonb_agg(each ORDER BY id DESC) FROM (
        SELECT c.id, c.title,
               (SELECT count(*) FROM (SELECT FROM courses_module m JOIN courses_activity a ON a.module_id = m.id
                 WHERE m.course_id = c.id AND a.deleted_at IS NULL LIMIT %(counted)s) AS few) AS activity_count,
               (SELECT count(*) FROM (SELECT FROM courses_cohort h
                 WHERE h.course_id = c.id AND h.deleted_at IS NULL LIMIT %(counted)s) AS few) AS cohort_count
          FROM courses_course c WHERE c.deleted_at IS NULL ORDER BY c.id DESC LIMIT %(shown)s) AS each),
       (SELECT jsonb_agg(each ORDER BY id DESC) FROM (
        SELECT h.id, h.name, c.title AS course,
               {student} AS student_count, {teacher} AS teacher_count
          FROM courses_cohort h JOIN courses_course c ON c.id = h.course_id
         WHERE h.deleted_at IS NULL ORDER BY h.id DESC LIMIT %(shown)s) AS each),
       (SELECT jsonb_agg(each ORDER BY requested_at DESC, id DESC) FROM (
        SELECT i.id, i.file_name, i.state, i.sentence, date_part('epoch', i.requested_at) AS requested_at
          FROM courses_courseimport i LEFT JOIN courses_course c ON c.id = i.course_id
         WHERE c.deleted_at IS NULL ORDER BY i.requested_at DESC, i.id DESC LIMIT %(shown)s) AS each),
       (SELECT count(*) FROM (SELECT FROM accounts_user WHERE deleted_at IS NULL LIMIT %(counted)s) AS few)
""".replace("{student}", IN_ROLE % "student").replace("{teacher}", IN_ROLE % "teacher")


@dataclass(frozen=True)
class Newest:
    courses: list[Course]
    cohorts: list[Cohort]
    imports: list[CourseImport]
    people: int


def newest() -> Newest:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"shown": SHOWN, "counted": COUNTED})
        *lists, people = cursor.fetchone()
    courses, cohorts, imports = (json.loads(told or "[]") for told in lists)
    return Newest(
        [_counted(Course(pk=one["id"], title=one["title"]), one) for one in courses],
        [_counted(Cohort(pk=one["id"], name=one["name"], course=Course(title=one["course"])), one) for one in cohorts],
        [_import(**one) for one in imports],
        people,
    )


def _counted(row: Any, told: dict[str, Any]) -> Any:
    for name in told:
        if name.endswith("_count"):
            setattr(row, name, told[name])
    return row


def _import(*, requested_at: float, **told: Any) -> CourseImport:
    return CourseImport(**told, requested_at=datetime.fromtimestamp(requested_at, UTC))
