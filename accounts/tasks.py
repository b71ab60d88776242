from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from accounts.services import outgoing


@shared_task
def clear_expired_sessions() -> None:
    SessionStore.clear_expired()


@shared_task
def send_waiting_mail() -> None:
    """Woken by every mail that is asked for, and once a minute for those put off and for lost wake-ups."""
    outgoing.send_waiting()


@shared_task
def clear_old_mail() -> None:
    outgoing.clear()
