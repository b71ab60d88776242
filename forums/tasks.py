from celery import shared_task

from forums.services import renewing, talk, topics


@shared_task
def clear_deleted() -> int:
    return talk.erase_deleted()


@shared_task
def renew_posts() -> int:
    return renewing.renew_some() or topics.renew_some()


@shared_task
def open_introductions() -> int:
    return topics.open_introductions()
