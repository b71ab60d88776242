"""Whom a date would make late, asked of Postgres itself before the date is set."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from courses.kinds import Who
from courses.models import Accommodation, Activity, Cohort, DueDate, EffectiveDue, Enrolment
from courses.services import cohorts
from progress.models import Completion, Waiting

NAMED = 5


@dataclass(frozen=True)
class Lateness:
    count: int
    names: list[str]

    @property
    def more(self) -> int:
        return self.count - len(self.names)


def made_late(cohort: Cohort, activity: Activity, due: DueDate) -> Lateness:
    """The students who are not late now and would be with `due`: it is set, looked at, and taken back again."""
    with transaction.atomic():
        before = _late(cohort, activity)
        cohorts.put_due_date(cohort, activity, due)
        after = _late(cohort, activity)
        transaction.set_rollback(True)
    late = sorted(after - before)
    named = Enrolment.objects.filter(pk__in=late).select_related("user").order_by("user__display_name", "pk")
    return Lateness(len(late), [str(one.user) for one in named[:NAMED]])


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
