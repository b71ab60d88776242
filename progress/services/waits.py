"""Whose turn it is at a step: said by the app that owns the activity."""

from datetime import datetime

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
    reason: str = "",
) -> Waiting:
    """Say whose turn it is at a step, and by when an answer was promised; a second call moves the promise.

    With `Who.STUDENT` it was handed back, and counts as left to do; with `Who.NOBODY` the student is excused, for a
    `reason` that they read.
    """
    open_wait, created = Waiting.objects.get_or_create(
        enrolment=enrolment,
        activity=activity,
        ended_at=None,
        defaults={"waits_for": waits_for, "promised_at": promised_at, "reason": reason},
    )
    known = (open_wait.waits_for, open_wait.promised_at, open_wait.reason)
    if not created and known != (waits_for, promised_at, reason):
        if open_wait.waits_for != waits_for:
            open_wait.since = timezone.now()
        open_wait.waits_for, open_wait.promised_at, open_wait.reason = waits_for, promised_at, reason
        open_wait.save(update_fields=["waits_for", "promised_at", "reason", "since"])
    return open_wait


def end_wait(enrolment: Enrolment, activity: Activity) -> bool:
    """It is the student's turn again, or the step is done; False when nobody was waited for."""
    standing = Waiting.objects.filter(enrolment=enrolment, activity=activity, ended_at=None)
    return standing.update(ended_at=timezone.now()) == 1


def excuse(enrolment: Enrolment, activity: Activity, reason: str) -> Waiting | None:
    """Nobody's turn any more; what stood before, for whoever wants it back. A second time only the reason changes."""
    before = Waiting.objects.filter(enrolment=enrolment, activity=activity, ended_at=None).first()
    begin_wait(enrolment, activity, waits_for=Who.NOBODY, reason=reason)
    return before


def no_longer_excused(
    enrolment: Enrolment, activity: Activity, *, waits_for: str = "", promised_at: datetime | None = None
) -> bool:
    """As before, with what stood then; False where they are not excused."""
    excused = Waiting.objects.filter(enrolment=enrolment, activity=activity, ended_at=None, waits_for=Who.NOBODY)
    if not excused.exists():
        return False
    if waits_for:
        begin_wait(enrolment, activity, waits_for=Who(waits_for), promised_at=promised_at)
        return True
    return end_wait(enrolment, activity)
