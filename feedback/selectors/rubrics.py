"""Rubrics as their authors see them: who keeps which version, and where there are others to copy."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import User
from courses.models import Activity
from feedback import criteria
from feedback.criteria import Criteria
from feedback.models import Assignment, Feedback, Rubric, Submission

MOST_OFFERED = 300


@dataclass(frozen=True)
class Offer:
    """A rubric that can be copied."""

    activity: int
    title: str
    course: str


def version_of(standing: Rubric | None) -> str:
    """What an editor was opened over, in short."""
    if standing is None:
        return ""
    shown = json.dumps([standing.version, standing.plain], sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def keep(rubric: Rubric) -> int:
    """How many pieces of work have this version, and keep it."""
    marked = Feedback.objects.filter(submission=OuterRef("pk"), rubric=rubric)
    standing = Submission.objects.filter(Q(rubric=rubric) | Q(Exists(marked)), activity=rubric.assignment_id)
    return standing.filter(taken_back_at=None).count()


def _latest() -> Subquery:
    return Subquery(Rubric.objects.filter(assignment=OuterRef("pk")).order_by("-version").values("plain")[:1])


def offered_to(viewer: User, beside: Activity) -> list[Offer]:
    """Those of other assignments that `viewer` may write, of the same course first."""
    mine = Activity.objects.editable_by(viewer).filter(kind="assignment", deleted_at=None).exclude(pk=beside.pk)
    found = Assignment.objects.annotate(plain=_latest()).filter(activity__in=mine.values("pk"))
    found = found.exclude(plain__isnull=True).exclude(plain=[])
    rows = found.order_by("activity__module__course__title", "activity__module__position", "activity__position")
    named = rows.values_list("pk", "activity__title", "activity__module__course__title")
    offers = [Offer(*row) for row in named[:MOST_OFFERED]]
    own = beside.module.course.title
    return sorted(offers, key=lambda one: one.course != own)


def to_copy(viewer: User, activity: int) -> Criteria | None:
    """The rubric of an assignment that `viewer` may write."""
    mine = Activity.objects.editable_by(viewer).filter(pk=activity, kind="assignment")
    found = Rubric.objects.filter(assignment__activity__in=mine.values("pk")).order_by("-version").first()
    return found.criteria if found and found.plain else None


def without(keys: Sequence[int]) -> set[int]:
    """Of these assignments, those that have none; in one query."""
    found = Assignment.objects.annotate(plain=_latest()).filter(pk__in=keys).exclude(scale=Assignment.Scale.NONE)
    return set(found.filter(Q(plain__isnull=True) | Q(plain=[])).values_list("pk", flat=True))


def standing_criteria(rubric: Rubric | None) -> Criteria:
    return criteria.from_plain(rubric.plain) if rubric else Criteria()
