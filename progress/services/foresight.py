"""Whom a date would reach, and make late, asked of Postgres itself before the date is set."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from courses.kinds import Who
from courses.models import Accommodation, Activity, Cohort, DueDate, EffectiveDue, Enrolment
from courses.services import cohorts
from progress.models import Completion, Waiting

NAMED = 5


@dataclass(frozen=True)
class Lateness:
    """`earlier` are those with it still to do who lose time by the date, `keep` those whose agreed one stays."""

    count: int
    names: list[str]
    earlier: int = 0
    keep: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.names)


@dataclass(frozen=True)
class Reach:
    """The students of a cohort, those who have done a step of it, and those with a date of their own for it."""

    students: int
    done: int
    agreed: int


def made_late(cohort: Cohort, activity: Activity, due: DueDate) -> Lateness:
    """The students who are not late now and would be with `due`: it is set, looked at, and taken back again."""
    with transaction.atomic():
        was, before = _dates(cohort, activity), _late(cohort, activity)
        cohorts.put_due_date(cohort, activity, due)
        becomes, after = _dates(cohort, activity), _late(cohort, activity)
        transaction.set_rollback(True)
    late = sorted(after - before)
    named = Enrolment.objects.filter(pk__in=late).select_related("user").order_by("user__display_name", "pk")
    both = [(was[one], becomes[one]) for one in was if one in becomes]
    earlier = sum(1 for old, new in both if new < old)
    keep = sum(1 for old, new in both if new == old) if earlier else 0
    return Lateness(len(late), [str(one.user) for one in named[:NAMED]], earlier, keep)


def reach(cohort: Cohort, activity: Activity) -> Reach:
    """Whom the date of a step concerns, before another one is set."""
    mine = {"enrolment": OuterRef("pk"), "activity": activity}
    found = cohort.enrolments.active().students()
    counted = found.aggregate(
        students=Count("pk"),
        done=Count("pk", filter=Exists(Completion.objects.standing().filter(**mine))),
        agreed=Count("pk", filter=Exists(EffectiveDue.objects.filter(**mine, extended=True))),
    )
    return Reach(**counted)


def _dates(cohort: Cohort, activity: Activity) -> dict[int, datetime]:
    """By enrolment, when it is due to those who have it still to do."""
    mine = {"enrolment": OuterRef("pk"), "activity": activity}
    left = _neither_done_nor_waiting(cohort.enrolments.active().students(), mine)
    found = EffectiveDue.objects.filter(enrolment__in=left, activity=activity)
    return dict(found.values_list("enrolment_id", "due_at"))


def late_without_days(enrolment: Enrolment, extra_days: int, *, by: User) -> list[str]:
    """What this student would be late with if dates were moved by so many days and no more: the titles, in order."""
    with transaction.atomic():
        before = _late_with(enrolment)
        standing = Accommodation.objects.filter(enrolment=enrolment).first()
        note = standing.note if standing else ""
        cohorts.accommodate(enrolment, extra_days=extra_days, note=note, by=by)
        after = _late_with(enrolment)
        transaction.set_rollback(True)
    late = Activity.objects.filter(pk__in=after - before).in_order()
    return [activity.title for activity in late]


def dates_of(enrolment: Enrolment) -> dict[int, datetime]:
    """When each step is due to a student, to be held against what a change makes of it."""
    return dict(EffectiveDue.objects.filter(enrolment=enrolment).values_list("activity_id", "due_at"))


def late_now(enrolment: Enrolment) -> list[str]:
    """The titles of what a student is late with, in order."""
    return [activity.title for activity in Activity.objects.filter(pk__in=_late_with(enrolment)).in_order()]


def _late_with(enrolment: Enrolment) -> set[int]:
    mine = {"enrolment": enrolment, "activity": OuterRef("pk")}
    overdue = EffectiveDue.objects.filter(**mine, due_at__lt=timezone.now())
    found = Activity.objects.filter(module__course=enrolment.cohort.course_id).shown().filter(Exists(overdue))
    return _neither_done_nor_waiting(found, mine)


def _late(cohort: Cohort, activity: Activity) -> set[int]:
    """Those to whom it is due before now, closed or not, and who have neither done it nor handed it in."""
    mine = {"enrolment": OuterRef("pk"), "activity": activity}
    overdue = EffectiveDue.objects.filter(**mine, due_at__lt=timezone.now())
    found = cohort.enrolments.active().students().filter(Exists(overdue))
    return _neither_done_nor_waiting(found, mine)


def _neither_done_nor_waiting(found: QuerySet[Any], mine: dict[str, Any]) -> set[int]:
    found = found.exclude(Exists(Completion.objects.standing().filter(**mine)))
    held = Waiting.objects.filter(**mine, ended_at=None).exclude(waits_for=Who.STUDENT)
    return set(found.exclude(Exists(held)).values_list("pk", flat=True))
