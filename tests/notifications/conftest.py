import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from courses.models import Cohort
from tests.factories.postgres import url_in_use
from tests.factories.redis import OwnRedis
from tests.factories.smtp import Inbox, mail_server
from tests.notifications.school import make_school
from tests.supervisor.clone import REPOSITORY, Started

WORKER = """
import os
from django.conf import settings
from config.celery import app
from config import worker
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["SMTP_PORT"])
often = {"notifications.tasks.deliver": 0.3, "accounts.tasks.send_waiting_mail": 0.3}
app.conf.beat_schedule = {name: {"task": name, "schedule": pause} for name, pause in often.items()}
app.conf.beat_max_loop_interval = 0.3
raise SystemExit(worker.main())
"""


@pytest.fixture
def server(settings: Settings) -> Iterator[Inbox]:
    with mail_server(settings) as inbox:
        yield inbox


@pytest.fixture
def school() -> Cohort:
    return make_school()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[OwnRedis]:
    """Of this test alone, so that it can be emptied and stopped; it keeps nothing on a disk."""
    with contextlib.closing(OwnRedis(tmp_path)) as started:
        yield started


@pytest.fixture
def worker(redis: OwnRedis, server: Inbox, tmp_path: Path) -> Iterator[Callable[[], Started]]:
    """A worker with its beat, as `make run` starts them, whose minute lasts a third of a second."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": url_in_use(),
        "REDIS_URL": redis.url,
        "SMTP_PORT": str(django_settings.EMAIL_PORT),
    }
    with contextlib.ExitStack() as running:

        def start() -> Started:
            command = [sys.executable, "-c", WORKER, "--concurrency", "1", "--schedule", str(tmp_path / "beat")]
            return running.enter_context(contextlib.closing(Started(command, REPOSITORY, environment, None)))

        yield start
