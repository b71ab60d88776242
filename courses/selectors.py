import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db import connection
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Left

from accounts.models import User
from common.paging import COUNTED
from common.templatetags.ui import HIT_END, HIT_START
from courses.languages import search_config
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
    Passage,
)
from courses.querysets import shown

COUNT = IntegerField()

# Of what is typed into the search box. Postgres refuses a word of more than 2,046 bytes.
MOST_LETTERS = 200
# Postgres has room for 32 operators inside each other, and fails with more.
MOST_NOT = 10
# Of a passage, to look for an excerpt in: Postgres takes time in the square of it. A long paragraph has 2,000 letters.
MOST_EXCERPTED = 5_000


@dataclass(frozen=True)
class Hits:
    """`count` goes up to COUNTED; of more passages than that, those of COUNTED are ranked."""

    count: int
    passages: QuerySet[Passage]


def search_passages(course: Course, words: str, *, drafts: bool) -> Hits:
    """Passages of a course that hold all of `words`, best first; a title counts through its activity's passages.

    `words` is read as people write in search boxes: "a phrase", -without, or; the first MOST_LETTERS of them count.
    """
    config = search_config(course.language)
    query = SearchQuery(_asked(words), config=config, search_type="websearch")
    found = Passage.objects.filter(activity__module__course=course, vector=query)
    if not drafts:
        found = found.filter(shown("activity"))
    some = found.order_by().values("pk")[:COUNTED]
    ranked = (
        Passage.objects.filter(pk__in=some)
        .annotate(
            rank=SearchRank(F("vector"), query),
            excerpt=SearchHeadline(
                Left("text", MOST_EXCERPTED),
                query,
                config=config,
                start_sel=HIT_START,
                stop_sel=HIT_END,
                max_words=35,
                min_words=15,
            ),
        )
        .select_related("activity__module")
        .order_by("-rank", "activity__module__position", "activity__position", "pk")
    )
    return Hits(some.count(), ranked)


def _asked(words: str) -> str:
    parts = re.split(r"(?<!\w)-", words[:MOST_LETTERS].replace("\0", " "))
    return " ".join(["-".join(parts[: MOST_NOT + 1]), *parts[MOST_NOT + 1 :]])


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
