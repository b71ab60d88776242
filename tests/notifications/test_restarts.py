"""Postgres itself, stopped in the middle of telling and of mailing, and started again: everything due arrives once."""

import math
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.db.models import Model, Q
from django.utils import timezone
from psycopg import sql

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
# Where a worker waits for a row of the first student that somebody else holds: of what it counts, and, as its mails
# are committed, of the account that they point to.
POINTS = {"told and not committed": Mailbox, "mails made and not committed": User}
HELD, LATE = "pupil0", "pupil1"
# What is told one moment and expires the next.
MOMENT = timedelta(seconds=0.2)


@pytest.fixture(autouse=True)
def postgres(transactional_db: None) -> Iterator[OwnPostgres]:
    """Of this test alone: school, worker and all are asked of it."""
    with own_postgres() as own:
        yield own


# In the suite stopped in order, and in `make soak` crashed as well.
@pytest.mark.parametrize("how", [FAST, pytest.param(CRASH, marks=pytest.mark.soak)])
@pytest.mark.parametrize("point", POINTS)
def test_postgres_that_is_restarted_in_the_middle_loses_nothing_and_repeats_at_most_one_mail(
    school: Cohort,
    postgres: OwnPostgres,
    worker: Callable[[], Started],
    server: Inbox,
    point: str,
    how: signal.Signals,
) -> None:
    planning.plan(timezone.now())
    Mailbox.objects.bulk_create(Mailbox(person=person) for person in User.objects.all())
    server.silent_after = STUDENTS // 2
    restarts = Restarts(postgres, server, how)
    with held(postgres, POINTS[point]):
        running = worker()
        until(lambda: somebody_waits() or running.has_ended(), 300, f"nobody waits at {point}")
        assert not running.has_ended(), running.err
        assert Notice.objects.filter(person__username=HELD, state="told").exists() is (POINTS[point] is User)
        late = [restarts.once_one_is_late()]
    for part in range(1, RESTARTS):
        as_it_goes_on(told, STUDENTS * DUE_DATES * part // RESTARTS, "were told")
        restarts.now()
    as_it_goes_on(lambda: len(server.letters), server.silent_after + 1, "were mailed")
    # Taken by the mail server, and the worker waits to hear of it.
    late.append(restarts.once_one_is_late())
    assert OutgoingMail.objects.filter(sent_at=None).count() >= STUDENTS - len(server.letters) > 0
    server.silent_after = math.inf
    for part in range(1, RESTARTS):
        as_it_goes_on(lambda: len(server.letters), STUDENTS // 2 * (1 + part / RESTARTS), "were mailed")
        restarts.now()
    as_it_goes_on(told_and_mailed, STUDENTS * DUE_DATES, "were told and mailed")
    until(nothing_is_left, 60, "something is left to tell or to mail")
    assert not running.has_ended(), running.err
    running.stop()
    everybody_was_told_once()
    got = Counter((letter["To"], letter["Message-ID"]) for letter in server.letters)
    assert {to for to, _ in got} == {f"pupil{number}@example.org" for number in range(STUDENTS)}
    assert len(got) == STUDENTS
    assert sum(got.values()) - STUDENTS <= restarts.while_mail_left
    assert {(one.state, one.reason, one.mail_id) for one in Notice.objects.filter(pk__in=late)} == {
        ("skipped", "expired", None)
    }


@dataclass
class Restarts:
    """Of Postgres, and how many of them can have come between a mail and the note that it was sent."""

    postgres: OwnPostgres
    server: Inbox
    how: signal.Signals
    while_mail_left: int = 0

    def now(self, not_before: datetime | None = None) -> None:
        connection.close()
        self.postgres.stop(self.how)
        self.while_mail_left += bool(self.server.letters)
        until(lambda: not_before is None or timezone.now() > not_before, 5, "the clock does not go on")
        self.postgres.start()
        # As if the five minutes had gone by, after which what a task held is taken again.
        now = timezone.now()
        OutgoingMail.objects.filter(lease_until__gt=now).update(lease_until=now)

    def once_one_is_late(self) -> int:
        """The notice that comes due just before, while the worker is held, and is too late when it can be told."""
        late = notice(
            # Another one's: as it is committed it looks for the row of its person, which may be the one that is held.
            User.objects.get(username=LATE),
            subject=0,
            lead=Notice.objects.filter(subject=0).count(),
            state="planned",
            settled_at=None,
            not_after=timezone.now() + MOMENT,
        )
        self.now(late.not_after)
        return late.pk


@contextmanager
def held(postgres: OwnPostgres, model: type[Model]) -> Iterator[None]:
    """Nobody else changes, or points to, a row of one student before the block, or Postgres, ends."""
    student = User.objects.get(username=HELD)
    statement = sql.SQL("SELECT FROM {} WHERE {} = %s FOR UPDATE").format(
        sql.Identifier(model._meta.db_table), sql.Identifier(model._meta.pk.column)
    )
    with closing(psycopg.connect(postgres.url, options="-c idle_in_transaction_session_timeout=360s")) as holder:
        holder.execute(statement, [student.pk])
        yield


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def as_it_goes_on(count: Callable[[], int], enough: float, words: str) -> None:
    """A slow machine may take its time; one that stands still for a minute has lost something."""
    while (before := count()) < enough:
        until(lambda before=before: count() > before, 60, f"{before} of {enough:.0f} {words}, and no more")


def nothing_is_left() -> bool:
    to_tell = Q(state="planned", not_before__lte=timezone.now())
    return not Notice.objects.filter(to_tell | Q(state="told", mail_by="now", mailed_at=None)).exists()


def told_and_mailed() -> int:
    return Notice.objects.filter(kind="due_soon", state="told").exclude(mailed_at=None).count()


def told() -> int:
    return Notice.objects.filter(kind="due_soon", state="told").count()
