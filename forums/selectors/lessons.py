"""What was said about a lesson and at the seconds of a lecture, and where students were lost in one."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from accounts.models import User
from common.paging import Page
from courses.models import Activity, Cohort, Enrolment
from courses.permissions import TEACHING
from forums.models import LostHere, Post, Thread
from forums.selectors.threads import listed

# On the page of a lesson, and on a page of all that was said about it.
MOST = 40
# In the drawing of a lecture.
MOST_DRAWN = 500


def about(viewer: User, activity: Activity, cohorts: Iterable[Cohort]) -> QuerySet[Thread]:
    """What stands at a moment of a lecture in the order of the lecture, then the rest, the latest first."""
    found = listed(viewer).filter(activity=activity, cohort__in=list(cohorts)).select_related("cohort")
    found = found.annotate(duration_ms=F("activity__lecture__recording__duration_ms"))
    return found.order_by(F("at_ms").asc(nulls_last=True), "-last_post_at", "-pk")


def latest(found: QuerySet[Thread]) -> Page:
    """Where there is no room for all: those with the latest posts, in the order of `about`."""
    rows = list(found.order_by("-last_post_at", "-pk")[: MOST + 1])
    shown = sorted(rows[:MOST], key=lambda one: (one.at_ms is None, one.at_ms or 0))
    return Page(shown, 1, after="?page=2" if len(rows) > MOST else "")


def answers(viewer: User, threads: Sequence[Any]) -> dict[int, Post]:
    """By question the answer that is read in place.

    That is the one which helped its asker; else one that a teacher vouches for; else the first reply of a teacher.
    """
    accepted = [one.accepted_id for one in threads if one.is_question and one.accepted_id]
    taught = Enrolment.objects.active().filter(
        cohort=OuterRef("thread__cohort"), user=OuterRef("author"), role__in=TEACHING
    )
    replies = Post.objects.readable_by(viewer).filter(
        thread__in=[one.pk for one in threads if one.is_question], number__gt=1, hidden_at=None
    )
    good = replies.annotate(by_teacher=Exists(taught)).filter(
        Q(pk__in=accepted) | Q(endorsed_at__isnull=False) | Q(by_teacher=True)
    )
    best_first = Case(When(pk__in=accepted, then=0), When(endorsed_at__isnull=False, then=1), default=2)
    ranked = good.order_by("thread", best_first, "number").distinct("thread")
    shown = ranked.select_related("author", "endorsed_by").defer("vector", "text", "source")
    return {post.thread_id: post for post in shown}


def pinned(viewer: User, cohort: Cohort, activity: Activity) -> QuerySet[Thread]:
    """Of one cohort what stands at a moment of the lecture, in its order."""
    found = Thread.objects.readable_by(viewer).filter(cohort=cohort, activity=activity, at_ms__isnull=False)
    return found.order_by("at_ms", "pk")[:MOST_DRAWN]


def taps(cohort: Cohort, activity: Activity) -> list[tuple[int, int]]:
    """Whose and at which second, of its students: to be counted, and never shown."""
    students = cohort.enrolments.active().students()
    return list(LostHere.objects.filter(activity=activity, enrolment__in=students).values_list("enrolment", "second"))
