"""Waking a worker: only after the commit, and never at the cost of the page that does it."""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from celery import Celery
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from common.enqueue import AT_MOST, wake

pytestmark = pytest.mark.django_db
TASK = "common.tasks.heartbeat"
Waiting = Callable[[], list[str]]
Commits = DjangoCaptureOnCommitCallbacks


@pytest.fixture
def waiting(celery: Celery, monkeypatch: pytest.MonkeyPatch) -> Iterator[Waiting]:
    """Which tasks wait in a queue of this test alone, on the real Redis."""
    queue = f"of-a-test-{uuid4().hex}"
    monkeypatch.setitem(celery.conf, "task_routes", {"*": {"queue": queue}})
    celery.amqp.__dict__.pop("router", None)

    def take() -> list[str]:
        found: list[str] = []
        with celery.connection_for_read() as broker, broker.SimpleQueue(queue) as simple, suppress(simple.Empty):
            while message := simple.get(block=False):
                found.append(message.headers["task"])
                message.ack()
        return found

    yield take
    celery.amqp.__dict__.pop("router", None)


@pytest.fixture
def no_redis(celery: Celery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(celery.conf, "broker_write_url", f"redis+socket://{tmp_path}/nobody.sock")


@pytest.fixture
def mute_redis(celery: Celery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """One that takes connections and then says nothing, as a stopped process or a full disk makes it."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{tmp_path}/mute.sock")
        listening.listen(64)
        monkeypatch.setitem(celery.conf, "broker_write_url", f"redis+socket://{tmp_path}/mute.sock")
        yield


def test_task_waits_in_redis_after_the_commit(waiting: Waiting, django_capture_on_commit_callbacks: Commits) -> None:
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


def test_no_wait_for_redis_is_longer_than_a_tenth_of_a_second(celery: Celery) -> None:
    with celery.connection_for_write(transport_options=AT_MOST) as broker:
        options = broker.default_channel.client.connection_pool.connection_kwargs
    assert options["socket_timeout"] == 0.1
    assert celery.conf.task_publish_retry is False
