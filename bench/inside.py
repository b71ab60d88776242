"""What is measured in this process, without a server: rows that do not stay, and pages asked of a test client."""

import statistics
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

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


@dataclass
class Turns:
    """Seconds of a page in each round, of the clock and of this process, and the most queries of any visit."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    queries: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.wall)


def by_turns(
    asked: Mapping[str, tuple[str, User]], rounds: int, *, fragments: Collection[str] = ()
) -> dict[str, Turns]:
    """Pages with who asks for each, in turn, so that all meet the same machine; `fragments` are asked as htmx does."""
    clients = {person: signed_in(person) for _, person in asked.values()}
    found = {name: Turns() for name in asked}
    for number in range(rounds + 2):
        for name, (path, person) in asked.items():
            headers = {"HX-Request": "true"} if name in fragments else {}
            queries, wall, cpu = _counted(clients[person], path, headers)
            found[name].queries = max(found[name].queries, queries)
            # The first visit writes that somebody was there; plans are made at the second use.
            if number >= 2:
                found[name].wall.append(wall)
                found[name].cpu.append(cpu)
    return found


def _counted(client: Client, path: str, headers: dict[str, str]) -> tuple[int, float, float]:
    count = 0

    def counting(execute: Any, *what: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*what)

    with connection.execute_wrapper(counting):
        started, worked = time.perf_counter(), time.process_time()
        answer = client.get(path, headers=headers)
        took, worked = time.perf_counter() - started, time.process_time() - worked
    if answer.status_code != 200:
        raise SystemExit(f"{path} was answered with {answer.status_code}.")
    return count, took, worked
