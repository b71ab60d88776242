from celery import shared_task

from progress import notes


@shared_task
def clear_deleted_notes() -> int:
    return notes.clear_deleted()
