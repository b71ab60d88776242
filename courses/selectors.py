import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, Func, IntegerField, OuterRef, Prefetch, Q, QuerySet

from accounts.models import User
from common.paging import COUNTED
from common.rows import Select
from courses.models import (
    Activity,
    CaptionTrack,
    Cohort,
    Course,
    CourseEditor,
    CourseImport,
    DueDate,
    Enrolment,
    Module,
)
from courses.permissions import SEEING_DRAFTS, TEACHING

COUNT = IntegerField()


def _lacks_captions() -> Q:
    """A lecture that nobody can read: what its author should do next."""
    spoken = CaptionTrack.objects.captions().filter(recording__used_as_activity=OuterRef("pk"))
    return Q(kind="lecture") & ~Q(Exists(spoken))


def authoring_modules(course: Course) -> QuerySet[Module]:
    """The modules as their author sees them, drafts and kept items included: three queries."""
    return course.modules.order_by("position").prefetch_related(
        Prefetch("activities", Activity.objects.annotate(lacks_captions=_lacks_captions()).order_by("position")),
        Prefetch("kept_items", to_attr="kept"),
    )


def _counted(rows: QuerySet[Any]) -> Func:
    """How many of `rows` belong to the row outside, counted up to COUNTED: a list of large cohorts stays quick."""
    return Func(ArraySubquery(rows.order_by().values("pk")[:COUNTED]), function="cardinality", output_field=COUNT)


def courses_overview(viewer: User, words: str = "") -> QuerySet[Course]:
    """The courses that `viewer` may write, by title; with `words`, those whose title holds them."""
    return (
        Course.objects.editable_by(viewer)
        .titled_like(words)
        .annotate(
            activity_count=_counted(Activity.objects.filter(module__course=OuterRef("pk"))),
            cohort_count=_counted(Cohort.objects.filter(course=OuterRef("pk"))),
        )
    )


def cohorts_overview(viewer: User, words: str = "") -> QuerySet[Cohort]:
    """The cohorts that `viewer` teaches, by name; with `words`, those whose name or course holds them."""
    members = Enrolment.objects.active().filter(cohort=OuterRef("pk"))
    return (
        Cohort.objects.taught_by(viewer)
        .named_like(words)
        .select_related("course")
        .annotate(
            student_count=_counted(members.students()),
            teacher_count=_counted(members.filter(role=Enrolment.Role.TEACHER)),
        )
    )


def imports_overview(viewer: User, words: str = "") -> QuerySet[CourseImport]:
    """Imports without their reports, the latest first; with `words`, those of files whose name holds them."""
    found = CourseImport.objects.visible_to(viewer).defer("lines", "faults")
    return found.filter(file_name__icontains=words) if words else found


def dated_activities(cohort: Cohort, words: str = "") -> QuerySet[Activity]:
    """What the students of a cohort are shown, in its order; with `words`, what has them in its title."""
    return Activity.objects.filter(module__course=cohort.course_id).shown().titled_like(words).in_order()


@dataclass(frozen=True)
class DatedActivity:
    activity: Activity
    due: DueDate | None


def with_dates(cohort: Cohort, activities: Sequence[Activity]) -> list[DatedActivity]:
    due = {row.activity_id: row for row in DueDate.objects.filter(cohort=cohort, activity__in=activities)}
    return [DatedActivity(activity, due.get(activity.pk)) for activity in activities]


def due_date_of(cohort: Cohort, activity: Activity) -> DueDate | None:
    return DueDate.objects.filter(cohort=cohort, activity=activity).first()


def members(cohort: Cohort, words: str = "") -> QuerySet[Enrolment]:
    """Everybody in a cohort by name; with `words`, whose name, username or address holds them."""
    found = cohort.enrolments.select_related("user").order_by("user__display_name", "user_id")
    return found.filter(user__in=User.objects.named_like(words)) if words else found


def siblings(cohort: Cohort, words: str = "") -> QuerySet[Cohort]:
    """The other cohorts of its course, to which somebody can move."""
    found = Cohort.objects.filter(course=cohort.course_id).exclude(pk=cohort.pk)
    return found.filter(name__icontains=words) if words else found


def editors(course: Course, words: str = "") -> QuerySet[CourseEditor]:
    found = course.editors.select_related("user").order_by("user__display_name", "user_id")
    return found.filter(user__in=User.objects.named_like(words)) if words else found


@dataclass(frozen=True)
class Company:
    """Who teaches a student, and how many study beside them. Classmates are counted and not named (privacy page).

    A teacher or assistant under 18 has the name that classmates would see.
    """

    teachers: list[str]
    assistants: list[str]
    others: int


COMPANY = """
SELECT u.display_name, u.username, u.minor, e.role,
       (SELECT count(*) FROM (SELECT FROM courses_enrolment s
                               WHERE s.cohort_id = %(cohort)s AND s.state = 'active' AND s.role = 'student'
                               LIMIT %(counted)s) AS counted)
  FROM courses_enrolment e JOIN accounts_user u ON u.id = e.user_id
 WHERE e.cohort_id = %(cohort)s AND e.state = 'active' AND e.role = ANY(%(teaching)s) AND u.is_active
 ORDER BY u.display_name, u.id LIMIT %(most)s
"""
# More than teach anybody.
MOST_TEACHERS = 20


def company_of(student: Enrolment) -> Company:
    values = {"cohort": student.cohort_id, "teaching": list(TEACHING), "most": MOST_TEACHERS, "counted": COUNTED}
    with connection.cursor() as cursor:
        cursor.execute(COMPANY, values)
        found = cursor.fetchall()
    company = Company([], [], found[0][-1] - 1 if found else 0)
    for name, username, minor, role, _ in found:
        shown = User(display_name=name, username=username, minor=minor).peer_name
        (company.teachers if role == Enrolment.Role.TEACHER else company.assistants).append(shown)
    return company


class Report:
    """A list in the report of an import, of which a page is read at a time: it may hold ten thousand lines."""

    PART = """
SELECT line FROM courses_courseimport,
       jsonb_array_elements(jsonb_path_query_array({column}, %(part)s::jsonpath)) WITH ORDINALITY AS each(line, place)
 WHERE id = %(run)s ORDER BY place
"""
    FOUND = """
SELECT line FROM courses_courseimport, jsonb_array_elements({column}) WITH ORDINALITY AS each(line, place)
 WHERE id = %(run)s AND strpos(lower(line ->> 'title'), lower(%(words)s)) > 0
 ORDER BY place OFFSET %(start)s LIMIT %(count)s
"""

    def __init__(self, run: CourseImport, column: Literal["lines", "faults"], words: str = "") -> None:
        self._run, self._column, self._words = run.pk, column, words

    def __getitem__(self, part: slice) -> list[dict[str, str]]:
        values = {"run": self._run, "words": self._words, "start": part.start, "count": part.stop - part.start}
        values["part"] = f"$[{part.start} to {part.stop - 1}]"
        with connection.cursor() as cursor:
            cursor.execute((self.FOUND if self._words else self.PART).format(column=self._column), values)
            return [json.loads(line) if isinstance(line, str) else line for (line,) in cursor]


# By hand, as docs/adr/0011 allows: it was a seventh of the page of a search.
SEARCHED = Select(
    {"c": Course},
    """
  FROM courses_course c
  JOIN (SELECT course_id, bool_or(drafts) AS drafts
          FROM (SELECT h.course_id, e.role = ANY(%(seeing_drafts)s::text[]) AS drafts
                  FROM courses_enrolment e JOIN courses_cohort h ON h.id = e.cohort_id
                 WHERE e.user_id = %(viewer)s AND e.state = 'active'
                 UNION ALL
                SELECT course_id, true FROM courses_courseeditor WHERE user_id = %(viewer)s) place
         GROUP BY course_id) mine ON mine.course_id = c.id
 ORDER BY c.id
""",
    also=("mine.drafts",),
)


def searched_by(viewer: User) -> list[tuple[Course, bool]]:
    """What `readable_by` and `with_drafts` say together: the courses of `viewer`, and whether drafts are shown."""
    if viewer.is_staff:
        return [(course, True) for course in Course.objects.only("title", "language")]
    return [(course, drafts) for course, drafts in SEARCHED.all(viewer=viewer.pk, seeing_drafts=list(SEEING_DRAFTS))]
