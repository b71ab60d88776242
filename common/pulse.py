"""Who was alive when: the worker, the scheduler. Kept in Postgres, so that a lost Redis does not blind us."""

from datetime import datetime, timedelta

from django.core.cache import caches
from django.utils import timezone

WORKER, SCHEDULER = "worker", "scheduler"
# What tells people things: the hourly plan, and the tick of every minute.
PLANNING, DELIVERY = "notices-plan", "notices-deliver"
# Three missed beats of 20 s and a margin; above 180 s nobody is at work.
STALE_AFTER = timedelta(seconds=180)


def beat(name: str) -> None:
    caches["pulse"].set(name, timezone.now())


def last(name: str) -> datetime | None:
    return caches["pulse"].get(name)


def last_of(*names: str) -> dict[str, datetime]:
    """Those that ever beat, in one query."""
    return caches["pulse"].get_many(names)


def is_fresh(name: str) -> bool:
    seen = last(name)
    return seen is not None and timezone.now() - seen < STALE_AFTER
