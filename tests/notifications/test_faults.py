"""What may go wrong between a plan and a mailbox: many at once, killed workers, late beats; nothing lost or doubled."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection, connections
from django.utils import timezone

from accounts.models import OutgoingMail
from accounts.services import outgoing
from accounts.tasks import send_waiting_mail
from courses.models import Cohort
from notifications.models import Notice
from notifications.services import planning
from notifications.tasks import deliver
from tests.conftest import SOAK
from tests.factories.smtp import Inbox
from tests.notifications.school import DUE_DATES, STUDENTS, deliver_all, everybody_was_told_once

pytestmark = pytest.mark.django_db(transaction=True)
PLANNERS, TICKS = 8, 20
KILLS = 20 if SOAK else 1
# Where a worker dies: the function before which, or behind which, it is killed.
POINTS = {
    "before a batch is told": ("notifications.services.telling", "_settle", "before"),
    "told and not committed": ("notifications.services.telling", "count_unread", "behind"),
    "mails made and not committed": ("notifications.services.mailing", "_post", "behind"),
    "before the mail server is asked": ("accounts.services.letters", "letter", "behind"),
    "taken by the mail server and not written down": ("accounts.services.outgoing", "_write_down", "before"),
}
IN_THE_SUITE = ("told and not committed", "taken by the mail server and not written down")
DYING = """
import importlib, os, signal, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {database!r}
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
module, name, when = {point!r}
module = importlib.import_module(module)
whole = getattr(module, name)
def dies(*values, **named):
    if when == "behind":
        whole(*values, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, name, dies)
from accounts.services import outgoing
from notifications import tasks
tasks.deliver()
outgoing.send_waiting()
"""


def at_once(work: Callable[[], object], count: int) -> None:
    barrier = threading.Barrier(count)

    def one() -> None:
        try:
            barrier.wait(20)
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        for running in [pool.submit(one) for _ in range(count)]:
            running.result(120)


def test_planners_and_ticks_at_once_tell_everybody_once(school: Cohort) -> None:
    at_once(lambda: planning.plan(timezone.now()), PLANNERS)
    assert Notice.objects.filter(kind="due_soon").count() == STUDENTS * DUE_DATES
    at_once(lambda: deliver(), TICKS)
    deliver()
    everybody_was_told_once()
    # What was ready for one person at one time is one mail.
    assert OutgoingMail.objects.filter(kind="notices").count() == STUDENTS


# In the suite, inside a transaction and in the one window in which a mail may come twice; at all five in `make soak`.
@pytest.mark.parametrize(
    "point",
    [point if point in IN_THE_SUITE else pytest.param(point, marks=pytest.mark.soak) for point in POINTS],
)
def test_worker_that_is_killed_loses_nothing_and_repeats_at_most_one_mail(
    school: Cohort, server: Inbox, point: str
) -> None:
    planning.plan(timezone.now())
    for _ in range(KILLS):
        die(POINTS[point], server_port())
    # What the dead one held is taken again once its lease is over.
    with time_machine.travel(timezone.now() + outgoing.CLAIMS.lease + timedelta(minutes=1), tick=True):
        until_the_dead_have_given_up_their_turn()
        deliver_all()
        while OutgoingMail.objects.filter(sent_at=None, failed_at=None).exists():
            send_waiting_mail()
            OutgoingMail.objects.update(lease_until=None, next_try_at=None)
    everybody_was_told_once()
    got = Counter(letter["To"] for letter in server.letters)
    assert set(got) == {f"pupil{number}@example.org" for number in range(STUDENTS)}
    assert sum(got.values()) - STUDENTS <= KILLS
    ids = {(letter["To"], letter["Message-ID"]) for letter in server.letters}
    assert len(ids) == STUDENTS


def until_the_dead_have_given_up_their_turn() -> None:
    """Postgres takes a moment to see that the other end of a connection is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('notices: deliver'), 0)")
        cursor.execute("SELECT pg_advisory_unlock(hashtext('notices: deliver'), 0)")


def server_port() -> int:
    return int(django_settings.EMAIL_PORT)


def die(point: tuple[str, str, str], port: int) -> None:
    program = DYING.format(database=connection.settings_dict["NAME"], port=port, point=point)
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        timeout=120,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-2000:]


def test_beat_that_was_dead_for_hours_is_caught_up_with(school: Cohort) -> None:
    planning.plan(timezone.now())
    Notice.objects.filter(kind="due_soon").update(not_before=timezone.now() - timedelta(hours=6))
    late = Notice.objects.filter(kind="due_soon").first()
    Notice.objects.filter(pk=late.pk).update(not_after=timezone.now() - timedelta(hours=1))
    deliver()
    late.refresh_from_db()
    assert (late.state, late.reason) == ("skipped", "expired")
    assert Notice.objects.filter(kind="due_soon", state="told").count() == STUDENTS * DUE_DATES - 1
