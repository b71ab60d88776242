import time

from celery import shared_task
from django.utils import timezone

from common.turns import turn
from progress.services import notes, signals

# Below the time limit of a task; what is left over is first in the next run.
BREAK_AFTER_SECONDS = 120


@shared_task
def clear_deleted_notes() -> int:
    return notes.clear_deleted()


@shared_task
def reckon_signals() -> int:
    """One at a time, by all workers together."""
    with turn("signals") as mine:
        return signals.refresh(timezone.now(), time.monotonic() + BREAK_AFTER_SECONDS) if mine else 0
