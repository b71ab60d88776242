"""Postgres and Redis that go away in the middle of the work, and come back: everything due arrives once."""

import contextlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, InterfaceError, connection, connections
from django.utils import timezone

from accounts.models import OutgoingMail
from accounts.services import letters, outgoing
from accounts.tasks import send_waiting_mail
from courses.models import Cohort
from notifications.models import Notice
from notifications.services import mailing, planning, telling
from notifications.tasks import deliver
from tests.conftest import SOAK
from tests.factories.announcements import announcement
from tests.factories.courses import EnrolmentFactory
from tests.factories.redis import OwnRedis
from tests.factories.smtp import Inbox
from tests.notifications.school import STUDENTS, deliver_all, everybody_was_told_once, unmailed
from tests.supervisor.clone import Started, until

pytestmark = pytest.mark.django_db(transaction=True)
# How often Redis is emptied, stopped and started again.
OUTAGES = 5 if SOAK else 1
# Where Postgres cuts the connection: before or behind a function.
POINTS = {
    "before a batch is told": (telling, "_settle", "before"),
    "told and not committed": (telling, "count_unread", "behind"),
    "mails made and not committed": (mailing, "_post", "behind"),
    "before a mail is made": (letters, "letter", "before"),
    "taken by the mail server and not written down": (outgoing, "_write_down", "before"),
    "written down and not yet of its notices": (outgoing, "_write_down", "behind"),
}


def test_redis_that_is_emptied_and_stopped_in_the_middle_loses_and_doubles_nothing(
    school: Cohort, redis: OwnRedis, worker: Callable[[], Started], server: Inbox
) -> None:
    teacher = EnrolmentFactory(cohort=school, role="teacher").user
    planning.plan(timezone.now())
    running = worker()
    until(lambda: server.letters or running.has_ended())
    assert not running.has_ended(), running.err
    for number in range(OUTAGES):
        redis.flush()
        redis.stop()
        # Nobody is woken for it.
        announcement(teacher, school, title=f"News {number}")
        redis.start()
        told = STUDENTS * (number + 1)
        until(lambda told=told: announced() == told, 120)
    until(lambda: not unmailed().exists(), 120)
    running.stop()
    everybody_was_told_once()
    got = Counter((letter["To"], letter["Message-ID"]) for letter in server.letters)
    assert set(got.values()) == {1}
    mails = Counter(to for to, _ in got if to != teacher.email)
    # Of the day's three: one of the dates, and one of each announcement or of several together.
    assert set(mails) == {f"pupil{number}@example.org" for number in range(STUDENTS)}
    assert set(mails.values()) <= ({2, 3} if OUTAGES > 1 else {2})


def announced() -> int:
    return Notice.objects.filter(kind="announcement", state="told").count()


@pytest.mark.parametrize("point", POINTS)
def test_connection_that_postgres_cuts_loses_nothing_and_repeats_at_most_one_mail(
    school: Cohort, server: Inbox, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    planning.plan(timezone.now())
    module, name, when = POINTS[point]
    whole, cuts = getattr(module, name), []

    def cut_short(*values: object, **named: object) -> object:
        done = whole(*values, **named) if when == "behind" else None
        if not cuts:
            cuts.append(point)
            cut()
        return done if when == "behind" else whole(*values, **named)

    monkeypatch.setattr(module, name, cut_short)
    with contextlib.suppress(DatabaseError, InterfaceError):
        deliver()
        send_waiting_mail()
    assert cuts
    monkeypatch.undo()
    # As Celery does after each task.
    connections.close_all()
    with time_machine.travel(timezone.now() + outgoing.CLAIMS.lease + timedelta(minutes=1), tick=True):
        deliver_all()
        while OutgoingMail.objects.filter(sent_at=None, failed_at=None).exists():
            send_waiting_mail()
            OutgoingMail.objects.update(lease_until=None, next_try_at=None)
    everybody_was_told_once()
    got = Counter((letter["To"], letter["Message-ID"]) for letter in server.letters)
    assert len(got) == STUDENTS
    assert sum(got.values()) - STUDENTS <= 1
    assert not unmailed().exists()


def cut() -> None:
    """As an administrator or a restart does, from another connection."""
    [(pid,)] = _ask(connection, "SELECT pg_backend_pid()")
    other = connection.copy()
    try:
        _ask(other, f"SELECT pg_terminate_backend({pid}, 5000)")
    finally:
        other.close()


def _ask(of: object, statement: str) -> list[tuple]:
    with of.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
