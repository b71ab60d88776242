"""A real worker on the real Redis and Postgres: what is sent is done."""

from collections.abc import Iterator
from threading import Event
from uuid import uuid4

import pytest
from celery import Celery
from celery.contrib.testing.worker import TestWorkController, start_worker
from celery.signals import task_postrun
from django.core.cache import caches

from common import pulse
from common.tasks import heartbeat


@pytest.fixture
def queue() -> str:
    return f"of-a-test-{uuid4().hex}"


@pytest.fixture
def worker(celery: Celery, queue: str, transactional_db: None) -> Iterator[TestWorkController]:
    caches["pulse"].clear()
    with start_worker(celery, queues=[queue], perform_ping_check=False, pool="solo") as running:
        yield running
    caches["pulse"].clear()


def test_heartbeat_run_by_a_worker_is_its_pulse(worker: TestWorkController, queue: str, celery: Celery) -> None:
    done = Event()
    task_postrun.connect(lambda **_: done.set(), sender=celery.tasks[heartbeat.name], weak=False)
    assert pulse.last(pulse.WORKER) is None
    heartbeat.apply_async(queue=queue)
    assert done.wait(timeout=20)
    assert pulse.is_fresh(pulse.WORKER)
    assert not pulse.is_fresh(pulse.SCHEDULER)
