"""config/schedule.py and the rules that every periodic job keeps."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from celery.schedules import crontab
from django.conf import settings

from config.schedule import SCHEDULE

APPS = [
    "accounts",
    "common",
    "config",
    "courses",
    "dashboards",
    "drafts",
    "files",
    "feedback",
    "forums",
    "notifications",
    "progress",
]
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def _tasks_are_known(celery: Celery) -> None:
    celery.loader.import_default_modules()


@pytest.mark.parametrize("name", SCHEDULE)
def test_job_names_a_task_that_exists(name: str, celery: Celery) -> None:
    assert SCHEDULE[name]["task"] in celery.tasks


@pytest.mark.parametrize("name", SCHEDULE)
def test_job_comes_at_least_daily_and_not_every_second(name: str) -> None:
    assert 10 <= _seconds(SCHEDULE[name]["schedule"]) <= DAY


@pytest.mark.parametrize("name", SCHEDULE)
def test_job_that_comes_every_minute_is_not_piled_up(name: str) -> None:
    every = _seconds(SCHEDULE[name]["schedule"])
    expires = SCHEDULE[name].get("options", {}).get("expires")
    assert every > 60 or (expires is not None and expires <= every)


def test_no_task_of_ours_is_forgotten_or_scheduled_twice(celery: Celery) -> None:
    ours = {name for name in celery.tasks if name.partition(".")[0] in APPS}
    assert sorted(job["task"] for job in SCHEDULE.values()) == sorted(ours)


def test_every_task_may_be_delivered_again(celery: Celery) -> None:
    for name, task in celery.tasks.items():
        if name.partition(".")[0] in APPS:
            assert task.acks_late, name
            assert task.ignore_result, name


def test_visibility_timeout_outlasts_every_task() -> None:
    timeout = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert timeout >= 3 * settings.CELERY_TASK_TIME_LIMIT


@pytest.mark.parametrize("app", APPS)
def test_nothing_is_put_off_in_redis(app: str) -> None:
    """A delayed task lives only in a worker's memory and is delivered again past the visibility timeout."""
    for file, node in _calls(app):
        named = {keyword.arg for keyword in node.keywords}
        assert not named & {"eta", "countdown"}, f"{file}:{node.lineno}"
        if isinstance(node.func, ast.Attribute):
            assert node.func.attr not in ("apply_async", "delay", "retry"), f"{file}:{node.lineno}"


def _calls(app: str) -> Iterator[tuple[Path, ast.Call]]:
    for file in (settings.BASE_DIR / app).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                yield file, node


def _seconds(schedule: float | crontab) -> float:
    """How long a job waits between two turns, at the most."""
    if not isinstance(schedule, crontab):
        return float(schedule)
    if len(schedule.hour) < 24:
        return DAY / len(schedule.hour)
    return 3600 / len(schedule.minute)
