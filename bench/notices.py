"""A large school's reminders: planned, planned again, delivered into a mail server, and read."""

import logging
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from subprocess import PIPE

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection, transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from bench import floors, inside, school
from bench.server import free_port
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.services import events, mailing, planning, telling

STUDENTS, DATES, IN_INBOX, MAILED, WORKERS = 100_000, 10, 5_000, 1_000, 2
REMINDERS = ("due_soon", "due_today", "due_passed")
MOST_PLANNING, MOST_AGAIN, MOST_IDLE, LEAST_A_SECOND, MOST_FLOORS = 20.0, 6.0, 0.1, 100.0, 2.5
ROUNDS = 40
LONGEST = 120.0


@dataclass(frozen=True)
class Figures:
    """Seconds, but for what is told a second, in floors, and in MB that this process grew by."""

    planned: int
    planning: float
    again: float
    others: float
    grown: float
    idle: float
    told_a_second: float
    floors: float
    name: str = "notices"

    @property
    def words(self) -> str:
        return (
            f"{self.planned} reminders of {STUDENTS * DATES} dates of {STUDENTS} students are planned in "
            f"{self.planning:.1f} s (at most {MOST_PLANNING:g}), and once more, with nothing to plan, in "
            f"{self.again:.1f} s (at most {MOST_AGAIN:g}); all other kinds take {self.others:.1f} s, and this process "
            f"grew by {self.grown:.0f} MB. A minute with nothing to do takes {self.idle * 1000:.0f} ms (at most "
            f"{MOST_IDLE * 1000:.0f}). {MAILED} reminders reach a mail server at {self.told_a_second:.0f} a second "
            f"by {WORKERS} workers (at least {LEAST_A_SECOND:g}). An inbox of {IN_INBOX} takes {self.floors:.2f} "
            f"signed-in floors (at most {MOST_FLOORS:g})."
        )

    @property
    def over(self) -> list[str]:
        found = [
            (f"planning in {self.planning:.1f} s", self.planning > MOST_PLANNING),
            (f"planning again in {self.again:.1f} s", self.again > MOST_AGAIN),
            (f"idle in {self.idle * 1000:.0f} ms", self.idle > MOST_IDLE),
            (f"{self.told_a_second:.0f} mails a second", self.told_a_second < LEAST_A_SECOND),
            (f"inbox in {self.floors:.2f} floors", self.floors > MOST_FLOORS),
        ]
        return [words for words, is_over in found if is_over]


def measured() -> Figures:
    with connection.cursor() as cursor:
        # A hundred thousand students are not written within the time of a page.
        cursor.execute("SET statement_timeout = 0")
    # First, while the table holds no rows that were taken back.
    with inside.undone():
        in_floors = _inbox()
    told_a_second = _delivered()
    with inside.undone():
        now = timezone.now()
        school.fill(STUDENTS, DATES, at=datetime(now.year, now.month, now.day, 12, tzinfo=UTC) + timedelta(days=3))
        before = _peak()
        planning = _seconds(lambda: _plan(REMINDERS, now))
        planned = Notice.objects.filter(kind__in=REMINDERS).count()
        inside.analyse()
        again = _seconds(lambda: _plan(REMINDERS, now))
        others = _seconds(lambda: _plan([name for name in KINDS if name not in REMINDERS], now))
        grown = _peak() - before
        # Every minute but the few at which something falls due.
        early = Notice.objects.order_by("not_before").values_list("not_before", flat=True)[0] - timedelta(minutes=1)
        idle = statistics.median(_seconds(lambda: _minute(early)) for _ in range(5))
    return Figures(planned, planning, again, others, grown, idle, told_a_second, in_floors)


def _plan(names: "tuple[str, ...] | list[str]", now: datetime) -> None:
    for name in names:
        KINDS[name].plan(now)


def _minute(now: datetime) -> None:
    for step in (events.spread_some, telling.tell_some, mailing.mail_some):
        step(now)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _peak() -> float:
    """MB that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _inbox() -> float:
    """In floors, both asked of the same process by turns."""
    reader = school.reader(IN_INBOX)
    inside.analyse()
    client = inside.signed_in(reader)
    took: dict[str, list[float]] = {"/bench/signed-in/": [], reverse("notifications:inbox"): []}
    with override_settings(REQUIRE_STAFF_SECOND_FACTOR=False):
        for _ in range(ROUNDS + 2):
            for path, seconds in took.items():
                seconds.append(inside.seconds(client, path))
    floor, inbox = (statistics.median(seconds[2:]) for seconds in took.values())
    return inbox / (floor + floors.spared())


class Sink:
    """A mail server that takes everything and keeps a count."""

    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd calls it so
        self.taken += 1
        return "250 OK"


def _delivered() -> float:
    """From planned reminders to a mail server, by processes of their own; what they leave behind is deleted again."""
    school.take_back()
    school.due_now(MAILED)
    try:
        with transaction.atomic():
            planned = planning.plan_all(timezone.now())
        if planned < MAILED:
            raise SystemExit(f"{planned} of {MAILED} reminders were planned.")
        with _sink() as (sink, port):
            environment = {**os.environ, "MAIL_URL": f"smtp://127.0.0.1:{port}"}
            command = [sys.executable, "-m", "bench.delivering"]
            workers = [subprocess.Popen(command, env=environment, stdin=PIPE, stdout=PIPE) for _ in range(WORKERS)]
            # Loaded, and waiting for the word to begin.
            for out in [worker.stdout for worker in workers if worker.stdout]:
                out.readline()
            started = time.perf_counter()
            for word in [worker.stdin for worker in workers if worker.stdin]:
                word.close()
            while sink.taken < MAILED and time.perf_counter() - started < LONGEST:
                time.sleep(0.02)
            took = time.perf_counter() - started
            for worker in workers:
                worker.terminate()
                worker.wait()
        return sink.taken / took
    finally:
        school.take_back()


@contextmanager
def _sink() -> Iterator[tuple[Sink, int]]:
    # It writes a line for every command.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink, port
    finally:
        controller.stop(no_assert=True)
