"""Whose turn it is at a step: said by the app that owns the activity."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courses.kinds import Who
from courses.models import Activity, Enrolment
from progress.models import Waiting


def begin_wait(
    enrolment: Enrolment,
    activity: Activity,
    *,
    waits_for: Who,
    promised_at: datetime | None = None,
    since: datetime | None = None,
) -> Waiting:
    """Say whose turn it is at a step, and by when an answer was promised; a second call moves the promise.

    `since` is when the student did their part, which a date is held against; now, or what it was, where it is left out.
    With `Who.STUDENT` it was handed back, and counts as left to do. Whoever was excused is no longer.
    """
    open_wait, created = Waiting.objects.get_or_create(
        enrolment=enrolment,
        activity=activity,
        ended_at=None,
        defaults={"waits_for": waits_for, "promised_at": promised_at, "since": since or timezone.now()},
    )
    if not created and (open_wait.waits_for, open_wait.promised_at, since) != (waits_for, promised_at, None):
        if since or open_wait.waits_for != waits_for:
            open_wait.since = since or timezone.now()
        open_wait.waits_for, open_wait.promised_at, open_wait.reason = waits_for, promised_at, ""
        open_wait.save(update_fields=["waits_for", "promised_at", "reason", "since"])
    return open_wait


def end_wait(enrolment: Enrolment, activity: Activity) -> bool:
    """It is the student's turn again, or the step is done; False when nobody was waited for."""
    standing = Waiting.objects.filter(enrolment=enrolment, activity=activity, ended_at=None)
    return standing.update(ended_at=timezone.now()) == 1


@transaction.atomic
def excuse(enrolment: Enrolment, activity: Activity, reason: str) -> None:
    """Nobody's turn any more, for a `reason` that the student reads; a second time only the reason changes.

    What stood before ends at the instant at which this begins: by that it is found again.
    """
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    standing = Waiting.objects.filter(enrolment=enrolment, activity=activity, ended_at=None)
    if not standing.filter(waits_for=Who.NOBODY).update(reason=reason):
        now = timezone.now()
        standing.update(ended_at=now)
        Waiting.objects.create(enrolment=enrolment, activity=activity, waits_for=Who.NOBODY, reason=reason, since=now)


@transaction.atomic
def no_longer_excused(enrolment: Enrolment, activity: Activity) -> bool:
    """As it stood before the excuse; False where they are not excused."""
    mine = Waiting.objects.filter(enrolment=enrolment, activity=activity)
    excused = mine.filter(ended_at=None, waits_for=Who.NOBODY).select_for_update().first()
    if excused is None:
        return False
    mine.filter(pk=excused.pk).update(ended_at=timezone.now())
    mine.filter(ended_at=excused.since).exclude(waits_for=Who.NOBODY).update(ended_at=None)
    return True
