"""Every list with ten rows, with a full page and with ten thousand: what a page costs must not hang on the rest."""

import statistics
import time
from dataclasses import dataclass

from django.db import connection, transaction
from django.test import Client, override_settings

from bench import fill_lists

# A page of fifty and one more; ten rows are written sooner than fifty, which is no matter of how many lie behind.
FEW, FULL, MANY = 10, 60, 10_000
MOST_TIMES = 1.3
ROUNDS = 15
# Below this a ratio is one of noise.
NOTICED_SECONDS = 0.002


@dataclass(frozen=True)
class Times:
    """Seconds: the median of ROUNDS at each length."""

    name: str
    few: float
    full: float
    many: float

    @property
    def ratio(self) -> float:
        return self.many / self.full

    @property
    def is_over(self) -> bool:
        return self.ratio > MOST_TIMES and self.many - self.full > NOTICED_SECONDS


@dataclass(frozen=True)
class Figures:
    times: list[Times]
    name: str = "lists"

    @property
    def words(self) -> str:
        worst = sorted(self.times, key=lambda one: one.ratio, reverse=True)[:5]
        told = "; ".join(
            f"{one.name} {one.few * 1000:.1f}, {one.full * 1000:.1f}, {one.many * 1000:.1f} ms ({one.ratio:.2f} times)"
            for one in worst
        )
        return (
            f"Lists at {FEW}, {FULL} and {MANY} rows, fifty of them shown; {MANY} may take {MOST_TIMES} times what "
            f"{FULL} take. The worst of {len(self.times)}: {told}."
        )

    @property
    def over(self) -> list[str]:
        return [f"{one.name}: {one.ratio:.2f} times of {MOST_TIMES}" for one in self.times if one.is_over]


class _Undone(Exception):
    pass


def measured() -> Figures:
    """In this process and in one transaction, which is taken back: nothing of the ten thousand stays."""
    found: list[dict[str, float]] = []
    names: list[str] = []
    try:
        # Of a session with a second step, which is a query more at every length.
        with transaction.atomic(), override_settings(REQUIRE_STAFF_SECOND_FACTOR=False):
            lists = fill_lists.begin()
            grown = 0
            for length in (FEW, FULL, MANY):
                _grow(lists, grown, length)
                grown = length
                _analyse()
                found.append({one.name: _seconds(lists, one) for one in fill_lists.every_list(lists)})
            names = [one.name for one in fill_lists.every_list(lists)]
            raise _Undone
    except _Undone:
        pass
    few, full, many = found
    return Figures([Times(name, few[name], full[name], many[name]) for name in names])


def _grow(lists: fill_lists.Lists, start: int, stop: int) -> None:
    """Without the triggers that look at each row: they take longer than all the measuring."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        fill_lists.grow(lists, start, stop)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _analyse() -> None:
    """What autovacuum does within a minute."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _seconds(lists: fill_lists.Lists, one: fill_lists.List) -> float:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(getattr(lists, one.who), backend="accounts.sign_in.backends.OneHashBackend")
    took = []
    for _ in range(ROUNDS + 2):
        started = time.perf_counter()
        answer = client.get(one.path)
        took.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise SystemExit(f"{one.name} ({one.path}) was answered with {answer.status_code}.")
    return statistics.median(took[2:])
