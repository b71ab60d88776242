"""What notices of work are about: whether it stands, and how things are with it for the person of a notice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Value, When

from courses.models import Enrolment
from courses.permissions import MARKING
from courses.querysets import shown
from feedback.models import Remark, Submission
from notifications.kinds import ABOUT
from notifications.models import Notice


def own_work_stands() -> Exists:
    """Work of the notice's person."""
    mine = Q(enrolment__user=OuterRef("person"), enrolment__state="active")
    return Exists(Submission.objects.standing().filter(mine, shown("activity"), pk=OuterRef("subject")))


def marked_work_stands() -> Exists:
    return Exists(Submission.objects.standing().filter(_marks("enrolment__cohort__"), pk=OuterRef("subject")))


def step_has_work() -> Exists:
    """Its subject is the step and its context the cohort."""
    there = Submission.objects.standing().filter(_marks("enrolment__cohort__"), enrolment__cohort=OuterRef("context"))
    return Exists(there.filter(activity=OuterRef("subject")))


def _marks(cohort: str) -> Q:
    mine = f"{cohort}enrolments__"
    active = {f"{mine}user": OuterRef("person"), f"{mine}state": "active", f"{mine}deleted_at": None}
    return Q(**active, **{f"{mine}role__in": MARKING})


ABOUT |= {"own work": own_work_stands, "marked work": marked_work_stands, "step with work": step_has_work}


@dataclass(frozen=True)
class Now:
    """How things stand with one piece of work. `asked` is whether the last word about it is the student's."""

    stands: bool
    active: bool
    shown: bool
    released: bool
    read: bool
    asked: bool
    marker: int | None
    promised: float | None


GONE = Now(False, False, False, False, False, False, None, None)


def works_now(keys: Sequence[int], now: datetime) -> Mapping[int, Now]:
    """By key, in two queries."""
    rows = Submission.objects.filter(pk__in=keys).annotate(
        stands=_whether(
            Q(
                taken_back_at=None,
                enrolment__deleted_at=None,
                activity__deleted_at=None,
                enrolment__cohort__deleted_at=None,
            )
        ),
        active=_whether(Q(enrolment__state="active")),
        shown=_whether(shown("activity")),
        released=_whether(Q(release_at__lte=now)),
        read=_whether(Q(feedback__read_at__isnull=False)),
    )
    last = Remark.objects.filter(submission__in=keys).order_by("submission", "-pk").distinct("submission")
    own = last.values_list("submission", "author", "submission__enrolment__user")
    asked = {key for key, author, student in own if author == student}
    return {
        row.pk: Now(
            row.stands,
            row.active,
            row.shown,
            row.released,
            row.read,
            row.pk in asked,
            row.marker_id,
            row.promised_at.timestamp() if row.promised_at else None,
        )
        for row in rows
    }


def _whether(condition: Q) -> Any:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def markers(notices: Sequence[Notice]) -> set[tuple[int, int]]:
    """Person and cohort of those who still mark there, in one query."""
    people, cohorts = {one.person_id for one in notices}, {one.context for one in notices}
    there = Enrolment.objects.active().filter(user__in=people, cohort__in=cohorts, role__in=MARKING)
    return set(there.values_list(F("user"), F("cohort")))
