"""Turns: at most so many processes do one kind of work at a time, whichever machine they run on."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def turn(name: str, most: int = 1) -> Iterator[bool]:
    """Take one of `most` turns, or yield False where all are taken. A process that dies has given its turn back."""
    with connection.cursor() as cursor:
        for number in range(most):
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", [name, number])
            if cursor.fetchone()[0]:
                break
        else:
            yield False
            return
    try:
        yield True
    finally:
        # Where the connection was lost meanwhile, so was the lock.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", [name, number])
