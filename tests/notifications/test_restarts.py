"""Postgres itself, stopped in the middle of telling and of mailing, and started again: everything due arrives once."""

import math
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import OutgoingMail, User
from courses.models import Cohort
from notifications.models import Mailbox, Notice
from notifications.services import planning
from tests.conftest import SOAK
from tests.factories.notices import notice
from tests.factories.postgres import CRASH, FAST, OwnPostgres, own_postgres
from tests.factories.smtp import Inbox
from tests.notifications.school import DUE_DATES, STUDENTS, everybody_was_told_once
from tests.supervisor.clone import Started, until

pytestmark = pytest.mark.django_db(transaction=True)
# How often it is stopped while people are told, and again while mail leaves.
RESTARTS = 6 if SOAK else 1


@pytest.fixture(autouse=True)
def postgres(transactional_db: None) -> Iterator[OwnPostgres]:
    """Of this test alone: school, worker and all are asked of it."""
    with own_postgres() as own:
        yield own


# In the suite stopped in order, and in `make soak` crashed as well.
@pytest.mark.parametrize("how", [FAST, pytest.param(CRASH, marks=pytest.mark.soak)])
def test_postgres_that_is_restarted_in_the_middle_loses_nothing_and_repeats_at_most_one_mail(
    school: Cohort,
    postgres: OwnPostgres,
    worker: Callable[[], Started],
    server: Inbox,
    how: signal.Signals,
) -> None:
    planning.plan(timezone.now())
    Mailbox.objects.bulk_create(Mailbox(person=person) for person in User.objects.all())
    server.silent_after = STUDENTS // 2
    with held(postgres):
        running = worker()
        until(lambda: somebody_waits() or running.has_ended())
        assert not running.has_ended(), running.err
        late = [restart_until_one_is_late(postgres, how)]
    for part in range(1, RESTARTS):
        until(lambda part=part: told() >= STUDENTS * DUE_DATES * part // RESTARTS)
        restart(postgres, how)
    # Taken by the mail server, and the worker waits to hear of it.
    until(lambda: len(server.letters) > server.silent_after)
    late.append(restart_until_one_is_late(postgres, how))
    assert OutgoingMail.objects.filter(sent_at=None).count() >= STUDENTS - len(server.letters) > 0
    server.silent_after = math.inf
    for part in range(1, RESTARTS):
        until(lambda part=part: len(server.letters) >= STUDENTS // 2 * (1 + part / RESTARTS))
        restart(postgres, how)
    until(all_is_told_and_mailed, 120)
    assert not running.has_ended(), running.err
    running.stop()
    everybody_was_told_once()
    got = Counter((letter["To"], letter["Message-ID"]) for letter in server.letters)
    assert {to for to, _ in got} == {f"pupil{number}@example.org" for number in range(STUDENTS)}
    assert len(got) == STUDENTS
    assert sum(got.values()) - STUDENTS <= RESTARTS
    assert {(one.state, one.reason, one.mail_id) for one in Notice.objects.filter(pk__in=late)} == {
        ("skipped", "expired", None)
    }


@contextmanager
def held(postgres: OwnPostgres) -> Iterator[None]:
    """Nobody else counts what one student has not read before the block, or Postgres, ends."""
    student = User.objects.filter(username="pupil0").get()
    statement = "SELECT FROM notifications_mailbox WHERE person_id = %s FOR UPDATE"
    with closing(psycopg.connect(postgres.url)) as holder:
        holder.execute(statement, [student.pk])
        yield


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def all_is_told_and_mailed() -> bool:
    to_tell = Q(state="planned", not_before__lte=timezone.now())
    return not Notice.objects.filter(to_tell | Q(state="told", mail_by="now", mailed_at=None)).exists()


def told() -> int:
    return Notice.objects.filter(kind="due_soon", state="told").count()


def restart_until_one_is_late(postgres: OwnPostgres, how: signal.Signals) -> int:
    """The notice that comes due just before, while the worker is held, and is too late when it can be told."""
    student = User.objects.filter(username="pupil0").get()
    late = notice(
        student,
        subject=0,
        lead=Notice.objects.filter(subject=0).count(),
        state="planned",
        settled_at=None,
        not_after=timezone.now() + timedelta(seconds=0.2),
    )
    restart(postgres, how, late.not_after)
    return late.pk


def restart(postgres: OwnPostgres, how: signal.Signals, not_before: datetime | None = None) -> None:
    connection.close()
    postgres.stop(how)
    until(lambda: not_before is None or timezone.now() > not_before)
    postgres.start()
    # As if the five minutes had gone by, after which what a task held is taken again.
    now = timezone.now()
    OutgoingMail.objects.filter(lease_until__gt=now).update(lease_until=now)
