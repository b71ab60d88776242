from celery import shared_task
from django.utils import timezone

from feedback.services import assignments, promises, releasing


@shared_task
def settle_releases() -> int:
    return releasing.settle_due(timezone.now())


@shared_task
def break_promises() -> int:
    return promises.break_due(timezone.now())


@shared_task
def renew_texts() -> int:
    return assignments.renew_some()
