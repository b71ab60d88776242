"""What is measured in this process, without a server: rows that do not stay, and pages asked of a test client."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.test import Client

from accounts.models import User


class _Undone(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """One transaction, which is taken back: nothing of what happens inside stays."""
    try:
        with transaction.atomic():
            yield
            raise _Undone
    except _Undone:
        pass


@contextmanager
def without_triggers() -> Iterator[None]:
    """In a transaction. They look at each row, which takes longer than all that is measured."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def analyse() -> None:
    """What autovacuum does within a minute: without it the planner believes that tables are as small as before.

    A bare ANALYZE takes the catalogues that all databases share as well, and waits there for other processes.
    """
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        cursor.execute(f"ANALYZE {', '.join(connection.ops.quote_name(table) for table in tables)}")


def signed_in(person: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person, backend="accounts.sign_in.backends.OneHashBackend")
    return client


def seconds(client: Client, path: str) -> float:
    """Of one page, which has to be there."""
    started = time.perf_counter()
    answer = client.get(path)
    took = time.perf_counter() - started
    if answer.status_code != 200:
        raise SystemExit(f"{path} was answered with {answer.status_code}.")
    return took
