"""Steps that are with somebody else: begun and ended by the app that owns the activity."""

from datetime import datetime

from django.utils import timezone

from courses.kinds import Who
from courses.models import Activity, Enrolment
from progress.models import Waiting


def begin_wait(
    enrolment: Enrolment, activity: Activity, *, waits_for: Who, promised_at: datetime | None = None
) -> Waiting:
    """Say that a step is with somebody else, by when an answer was promised; a second call moves the promise."""
    open_wait, created = Waiting.objects.get_or_create(
        enrolment=enrolment,
        activity=activity,
        ended_at=None,
        defaults={"waits_for": waits_for, "promised_at": promised_at},
    )
    if not created and (open_wait.waits_for, open_wait.promised_at) != (waits_for, promised_at):
        open_wait.waits_for, open_wait.promised_at = waits_for, promised_at
        open_wait.save(update_fields=["waits_for", "promised_at"])
    return open_wait


def end_wait(enrolment: Enrolment, activity: Activity) -> bool:
    """It is the student's turn again, or the step is done; False when nobody was waited for."""
    standing = Waiting.objects.filter(enrolment=enrolment, activity=activity, ended_at=None)
    return standing.update(ended_at=timezone.now()) == 1
