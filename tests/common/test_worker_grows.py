"""The worker of `make run`: one process at rest, and a second while a job waits."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery

from bench.memory import children
from config.worker import queues
from tests.factories.postgres import url_in_use
from tests.factories.redis import OwnRedis
from tests.supervisor.clone import REPOSITORY, Started, until

# A job that says it has begun, and ends when somebody writes to its pipe.
WORKER = """
from pathlib import Path
from config.celery import app
from config import worker
app.conf.beat_schedule = {}
@app.task(name="held")
def held(pipe):
    Path(pipe).with_suffix(".begun").touch()
    Path(pipe).read_text()
raise SystemExit(worker.main())
"""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[OwnRedis]:
    with contextlib.closing(OwnRedis(tmp_path)) as started:
        yield started


@pytest.fixture
def worker(redis: OwnRedis, tmp_path: Path, transactional_db: None) -> Iterator[Started]:
    services = {"DATABASE_URL": url_in_use(), "REDIS_URL": redis.url}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", **services}
    command = [sys.executable, "-c", WORKER, "--schedule", str(tmp_path / "beat")]
    with contextlib.closing(Started(command, REPOSITORY, environment, None)) as started:
        yield started


def test_a_job_that_waits_gets_a_process_of_its_own_which_ends_with_it(
    worker: Started, redis: OwnRedis, tmp_path: Path
) -> None:
    pipes = [tmp_path / name for name in ("hour", "reminder")]
    for pipe in pipes:
        os.mkfifo(pipe)
    with Celery(broker=redis.url) as sender:
        sender.send_task("held", [str(pipes[0])], queue=queues()[0])
        until(pipes[0].with_suffix(".begun").exists, 60)
        assert len(children(worker.pid)) == 1
        sender.send_task("held", [str(pipes[1])], queue=queues()[0])
        until(pipes[1].with_suffix(".begun").exists, 60)
    assert len(children(worker.pid)) == 2
    for pipe in pipes:
        pipe.write_text("done")
    until(lambda: len(children(worker.pid)) == 1, 60)
