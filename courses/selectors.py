from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from accounts.models import User
from common.templatetags.ui import HIT_END, HIT_START
from courses.languages import search_config
from courses.models import Activity, CaptionTrack, Cohort, Course, DueDate, Enrolment, Module, Passage


def search_passages(course: Course, words: str, *, drafts: bool) -> QuerySet[Passage]:
    """Passages of a course that hold all of `words`, best first; a title counts through its activity's passages.

    `words` is read as people write in search boxes: "a phrase", -without, or.
    """
    config = search_config(course.language)
    query = SearchQuery(words.replace("\0", " "), config=config, search_type="websearch")
    found = Passage.objects.filter(activity__module__course=course, vector=query)
    if not drafts:
        found = found.filter(activity__published=True, activity__module__published=True)
    return (
        found.annotate(
            rank=SearchRank(F("vector"), query),
            excerpt=SearchHeadline(
                "text", query, config=config, start_sel=HIT_START, stop_sel=HIT_END, max_words=35, min_words=15
            ),
        )
        .select_related("activity__module")
        .order_by("-rank", "activity__module__position", "activity__position", "pk")
    )


def _lacks_captions() -> Q:
    """A lecture that nobody can read: what its author should do next."""
    spoken = CaptionTrack.objects.captions().filter(recording__used_as_activity=OuterRef("pk"))
    return Q(kind="lecture") & ~Q(Exists(spoken))


def authoring_modules(course: Course) -> QuerySet[Module]:
    """The whole course as its author sees it, drafts and kept items included: three queries."""
    return course.modules.order_by("position").prefetch_related(
        Prefetch("activities", Activity.objects.annotate(lacks_captions=_lacks_captions()).order_by("position")),
        Prefetch("kept_items", to_attr="kept"),
    )


def courses_overview(viewer: User) -> QuerySet[Course]:
    return Course.objects.editable_by(viewer).annotate(
        activity_count=Count("modules__activities", distinct=True), cohort_count=Count("cohorts", distinct=True)
    )


def cohorts_overview(viewer: User) -> QuerySet[Cohort]:
    active = Q(enrolments__state=Enrolment.State.ACTIVE)
    return (
        Cohort.objects.taught_by(viewer)
        .select_related("course")
        .annotate(
            student_count=Count("enrolments", filter=active & Q(enrolments__role=Enrolment.Role.STUDENT)),
            teacher_count=Count("enrolments", filter=active & Q(enrolments__role=Enrolment.Role.TEACHER)),
        )
    )


@dataclass(frozen=True)
class DatedActivity:
    activity: Activity
    due: DueDate | None


def dated_activities(cohort: Cohort) -> list[DatedActivity]:
    due = {row.activity_id: row for row in DueDate.objects.filter(cohort=cohort)}
    activities = Activity.objects.filter(module__course=cohort.course_id).shown().select_related("module")
    ordered = activities.order_by("module__position", "position")
    return [DatedActivity(activity, due.get(activity.pk)) for activity in ordered]


def members(cohort: Cohort) -> dict[str, list[Any]]:
    everybody = cohort.enrolments.select_related("user").order_by("role", "user__display_name")
    staff = [one for one in everybody if not one.is_student]
    return {"students": [one for one in everybody if one.is_student], "staff": staff}
