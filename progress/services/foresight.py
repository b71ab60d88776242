"""Whom a date would make late, asked of Postgres itself before the date is set."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from courses.models import Activity, Cohort, DueDate, EffectiveDue, Enrolment
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
        cohorts.set_due_date(cohort, activity, due)
        after = _late(cohort, activity)
        transaction.set_rollback(True)
    late = sorted(after - before)
    named = Enrolment.objects.filter(pk__in=late).select_related("user").order_by("user__display_name", "pk")
    return Lateness(len(late), [str(one.user) for one in named[:NAMED]])


def _late(cohort: Cohort, activity: Activity) -> set[int]:
    """Those to whom it is due before now, closed or not, and who have neither done it nor handed it in."""
    mine = {"enrolment": OuterRef("pk"), "activity": activity}
    overdue = EffectiveDue.objects.filter(**mine, due_at__lt=timezone.now())
    found = cohort.enrolments.active().students().filter(Exists(overdue))
    found = found.exclude(Exists(Completion.objects.standing().filter(**mine)))
    return set(found.exclude(Exists(Waiting.objects.filter(**mine, ended_at=None))).values_list("pk", flat=True))
