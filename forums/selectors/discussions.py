"""A discussion of the course as its lesson page shows it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from courses.models import Activity, Cohort
from forums.models import Discussion, Post, Reading, Thread
from forums.querysets import to_another


@dataclass(frozen=True)
class OfLesson:
    """`cohorts` are those of the viewer, each with its thread (None before anybody came) and what the viewer wrote."""

    discussion: Discussion
    cohorts: list[Any]


def of_lesson(viewer: User, activity: Activity) -> OfLesson:
    """In two queries."""
    topic = Thread.objects.filter(activity=activity, cohort=OuterRef("pk"), kind="topic")
    mine = Post.objects.standing().filter(
        thread__activity=activity, thread__cohort=OuterRef("pk"), thread__kind="topic", author=viewer
    )
    counted = mine.order_by().values("thread")
    cohorts = Cohort.objects.known_to(viewer).filter(course=activity.module.course_id)
    read = Reading.objects.filter(thread=OuterRef("thread"), person=viewer).values("numbers")
    found = cohorts.annotate(
        thread=Subquery(topic.values("pk")[:1]),
        last_number=Subquery(topic.values("last_number")[:1]),
        posts=Coalesce(Subquery(counted.annotate(n=Count("pk", filter=Q(parent=None))).values("n")), 0),
        replies=Coalesce(Subquery(counted.annotate(n=Count("pk", filter=to_another())).values("n")), 0),
    ).annotate(read=Subquery(read))
    return OfLesson(Discussion.objects.get(activity=activity), list(found.order_by("name", "pk")[:20]))
