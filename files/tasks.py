from celery import shared_task

from files import services


@shared_task
def clear_stale_uploads() -> None:
    services.clear_stale_uploads()
