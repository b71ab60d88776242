from celery import shared_task
from django.utils import timezone

from common.turns import turn
from feedback.services import answering, assignments, checkins, drawing, promises, releasing, renewing


@shared_task
def settle_releases() -> int:
    return releasing.settle_due(timezone.now())


@shared_task
def break_promises() -> int:
    now = timezone.now()
    return promises.break_due(now) + answering.break_due(now)


@shared_task
def ask_in_turn() -> int:
    now = timezone.now()
    return checkins.send_regular(now) + checkins.open_waiting(now)


@shared_task
def renew_texts() -> int:
    return assignments.renew_some() or renewing.renew_some()


@shared_task
def draw_work() -> int:
    """Woken by an upload, and once a minute for those whose wake-up was lost. One at a time: each may take a gigabyte
    of memory."""
    with turn("drawing") as mine:
        return drawing.draw_some() if mine else 0
