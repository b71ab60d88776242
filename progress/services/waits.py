"""Whose turn it is at a step: said by the app that owns the activity."""

from datetime import datetime

from django.utils import timezone

from courses.kinds import Who
from courses.models import Activity, Enrolment
from progress.models import Waiting


def begin_wait(
    enrolment: Enrolment, activity: Activity, *, waits_for: Who, promised_at: datetime | None = None
) -> Waiting:
    """Say whose turn it is at a step, and by when an answer was promised; a second call moves the promise.

    With `Who.STUDENT` it was handed back, and counts as left to do; with `Who.NOBODY` the student is excused.
    """
    open_wait, created = Waiting.objects.get_or_create(
        enrolment=enrolment,
        activity=activity,
        ended_at=None,
        defaults={"waits_for": waits_for, "promised_at": promised_at},
    )
    if not created and (open_wait.waits_for, open_wait.promised_at) != (waits_for, promised_at):
        if open_wait.waits_for != waits_for:
            open_wait.since = timezone.now()
        open_wait.waits_for, open_wait.promised_at = waits_for, promised_at
        open_wait.save(update_fields=["waits_for", "promised_at", "since"])
    return open_wait


def end_wait(enrolment: Enrolment, activity: Activity) -> bool:
    """It is the student's turn again, or the step is done; False when nobody was waited for."""
    standing = Waiting.objects.filter(enrolment=enrolment, activity=activity, ended_at=None)
    return standing.update(ended_at=timezone.now()) == 1
