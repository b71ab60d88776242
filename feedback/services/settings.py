"""How the work of a cohort is marked, as its teachers set it."""

from django.db import transaction

from courses.models import Cohort
from feedback.models import Marking, PromiseMove
from feedback.services import promises


@transaction.atomic
def save(cohort: Cohort, counted_from: str, *, assistants_release: bool) -> Marking:
    """Promises of waiting work move where they are counted from something else now."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    before = promises.counts_from(cohort)
    values = {"counted_from": counted_from, "assistants_release": assistants_release}
    made, _ = Marking.objects.update_or_create(cohort=cohort, defaults=values)
    if promises.counts_from(cohort) != before:
        promises.move(cohort, PromiseMove.Why.CALENDAR)
    return made
