"""Waking a worker after the commit, without ever making a page wait for Redis."""

import logging

from celery import current_app
from django.db import transaction
from kombu import Connection
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
# For a Redis that is gone, and for one that takes the connection and then says nothing.
PATIENCE_SECONDS = 0.1


def wake(task: str) -> None:
    """Publish the task of that name once this transaction commits.

    A wake-up may be lost: the work it announces must be a row that a periodic task finds too (docs/adr/0004).
    """
    transaction.on_commit(lambda: _publish(task))


def impatient_connection() -> Connection:
    """For callers that keep someone waiting; the worker's own connections have more time."""
    at_most = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    return current_app.connection_for_write(connect_timeout=PATIENCE_SECONDS, transport_options=at_most)


def _publish(task: str) -> None:
    try:
        with impatient_connection() as connection:
            connection.ensure_connection(max_retries=0, timeout=PATIENCE_SECONDS)
            current_app.send_task(task, retry=False, connection=connection)
    except (OperationalError, OSError):
        logger.warning("Redis did not take a wake-up for %s; the periodic task will find the work.", task)
