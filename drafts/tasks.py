from celery import shared_task

from drafts import services


@shared_task
def clear_old_drafts() -> None:
    services.clear_old()
