"""Who was alive when: the worker, the scheduler. Kept in Postgres, so that a lost Redis does not blind us."""

from datetime import datetime, timedelta

from django.core.cache import caches
from django.utils import timezone

WORKER, SCHEDULER = "worker", "scheduler"
# Three missed beats of 20 s and a margin; above 180 s nobody is at work.
STALE_AFTER = timedelta(seconds=180)


def beat(name: str) -> None:
    caches["pulse"].set(name, timezone.now())


def last(name: str) -> datetime | None:
    return caches["pulse"].get(name)


def is_fresh(name: str) -> bool:
    seen = last(name)
    return seen is not None and timezone.now() - seen < STALE_AFTER
