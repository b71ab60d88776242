"""Waking a worker after the commit, without ever making a page wait for Redis."""

import logging
from collections.abc import Callable

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task: Task, *args: object) -> None:
    """Publish `task` once this transaction commits.

    A wake-up may be lost: the work it announces must be a row that a periodic task finds too (DESIGN.md §4.3).
    """
    transaction.on_commit(lambda: _publish(task.apply_async, args))


def _publish(apply_async: Callable[..., object], args: tuple[object, ...]) -> None:
    try:
        apply_async(args, retry=False)
    except (OperationalError, OSError):
        logger.warning("Redis did not take a wake-up; the periodic task will find the work.")
