"""How the work of a cohort is marked, as its teachers set it."""

from django.db import transaction

from courses.models import Cohort
from feedback.models import Marking, PromiseMove
from feedback.services import promises


@transaction.atomic
def save(cohort: Cohort, *, feedback_days: int, counted_from: str, assistants_release: bool) -> int:
    """How many promises of waiting work moved."""
    held = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    before = (held.feedback_days, promises.counts_from(held))
    values = {"counted_from": counted_from, "assistants_release": assistants_release}
    Marking.objects.update_or_create(cohort=cohort, defaults=values)
    Cohort.objects.filter(pk=cohort.pk).update(feedback_days=feedback_days)
    held.feedback_days = feedback_days
    if (held.feedback_days, promises.counts_from(held)) == before:
        return 0
    return promises.move(held, PromiseMove.Why.CALENDAR)
