from celery import shared_task

from progress.services import notes


@shared_task
def clear_deleted_notes() -> int:
    return notes.clear_deleted()
