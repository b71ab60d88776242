"""Waking a worker: only after the commit, and never at the cost of the page that does it."""

import logging
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import uuid4

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from common.enqueue import impatient_connection, wake

pytestmark = pytest.mark.django_db
TASK = "common.tasks.heartbeat"
Waiting = Callable[[], list[str]]
Commits = DjangoCaptureOnCommitCallbacks


@pytest.fixture
def waiting(celery: Celery) -> Iterator[Waiting]:
    """Which tasks wait in a queue of this test alone, on the real Redis."""
    queue = f"of-a-test-{uuid4().hex}"

    def take() -> list[str]:
        found: list[str] = []
        with celery.connection_for_read() as broker, broker.SimpleQueue(queue) as simple, suppress(simple.Empty):
            while message := simple.get(block=False):
                found.append(message.headers["task"])
                message.ack()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(celery.conf, "task_routes", {"*": {"queue": queue}})
        read_routes_anew(celery)
        yield take
    read_routes_anew(celery)


def read_routes_anew(celery: Celery) -> None:
    """Celery keeps the table, and the router made of it, from the first task that this process sends."""
    celery.amqp.flush_routes()
    celery.amqp.__dict__.pop("router", None)


def test_task_waits_in_redis_after_the_commit(
    waiting: Waiting, django_capture_on_commit_callbacks: Commits, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where it goes is asked here, not how long a page waits for it.
    monkeypatch.setattr("common.enqueue.PATIENCE_SECONDS", 10)
    with django_capture_on_commit_callbacks(execute=True):
        wake(TASK)
        assert waiting() == []
    assert waiting() == [TASK]


def test_nobody_is_woken_for_what_was_rolled_back(
    waiting: Waiting, django_capture_on_commit_callbacks: Commits
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        wake(TASK)
        transaction.set_rollback(True)
    assert waiting() == []


@pytest.mark.parametrize("redis", ["no_redis", "mute_redis"])
def test_page_and_the_rest_of_its_commit_go_on_without_redis(
    redis: str,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    request.getfixturevalue(redis)
    ran: list[str] = []
    with caplog.at_level(logging.WARNING, "common.enqueue"), django_capture_on_commit_callbacks(execute=True):
        wake(TASK)
        transaction.on_commit(lambda: ran.append("next"))
    assert f"Redis did not take a wake-up for {TASK}" in caplog.text
    assert ran == ["next"]


def test_mute_redis_is_asked_once(mute_redis: socket.socket, django_capture_on_commit_callbacks: Commits) -> None:
    """One connection, one request: so one wait, whose length the test below holds."""
    with django_capture_on_commit_callbacks(execute=True):
        wake(TASK)
    mute_redis.setblocking(False)
    asked, _ = mute_redis.accept()
    with asked:
        assert asked.recv(4096).count(b"PING") == 1
    with pytest.raises(BlockingIOError):
        mute_redis.accept()


def test_no_wait_for_redis_is_longer_than_a_tenth_of_a_second(celery: Celery) -> None:
    with impatient_connection() as broker:
        options = broker.default_channel.client.connection_pool.connection_kwargs
    assert options["socket_timeout"] == 0.1
    assert celery.conf.task_publish_retry is False


def test_web_process_has_loaded_its_way_to_redis_before_the_first_page() -> None:
    code = "import sys, config.wsgi; print('kombu.transport.redis' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr
