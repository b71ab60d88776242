"""`/healthz` and `/readyz`, and the pulses that they read."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from celery import Celery
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from common import pulse
from common.beat import PulsingScheduler
from common.tasks import heartbeat

READY = {"database": "ok", "migrations": "ok", "worker": "ok", "scheduler": "ok"}


@pytest.fixture(autouse=True)
def _pulses(db: None) -> None:
    caches["pulse"].clear()
    pulse.beat(pulse.WORKER)
    pulse.beat(pulse.SCHEDULER)


def ready(client: Client) -> tuple[int, dict]:
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_ready_when_everything_answers(client: Client) -> None:
    assert ready(client) == (200, {"ready": True, **READY, "redis": "ok"})


@pytest.mark.parametrize("name", [pulse.WORKER, pulse.SCHEDULER])
def test_not_ready_when_a_pulse_was_never_felt(name: str, client: Client) -> None:
    caches["pulse"].delete(name)
    assert ready(client) == (503, {"ready": False, **READY, name: "silent", "redis": "ok"})


@pytest.mark.parametrize("name", [pulse.WORKER, pulse.SCHEDULER])
def test_not_ready_when_a_pulse_is_old(name: str, client: Client) -> None:
    with time_machine.travel(timezone.now() + pulse.STALE_AFTER, tick=False):
        other = pulse.SCHEDULER if name == pulse.WORKER else pulse.WORKER
        pulse.beat(other)
        assert ready(client) == (503, {"ready": False, **READY, name: "silent", "redis": "ok"})


def test_pulse_is_fresh_to_the_last_second_and_kept_after_it() -> None:
    began = pulse.last(pulse.WORKER)
    with time_machine.travel(began + pulse.STALE_AFTER - timedelta(seconds=1), tick=False):
        assert pulse.is_fresh(pulse.WORKER)
    with time_machine.travel(began + timedelta(days=30), tick=False):
        assert not pulse.is_fresh(pulse.WORKER)
        assert pulse.last(pulse.WORKER) == began


def test_pulse_comes_back_with_the_next_beat(client: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert ready(client)[0] == 503
        heartbeat()
        pulse.beat(pulse.SCHEDULER)
        assert ready(client)[0] == 200


@pytest.mark.parametrize("redis", ["no_redis", "mute_redis"])
def test_lost_redis_only_degrades(redis: str, request: pytest.FixtureRequest, client: Client) -> None:
    request.getfixturevalue(redis)
    assert ready(client) == (200, {"ready": True, **READY, "redis": "degraded"})


def test_not_ready_while_a_migration_waits(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'progress'")
    assert ready(client) == (503, {"ready": False, **READY, "migrations": "waiting", "redis": "ok"})


def test_pulses_survive_a_full_shared_cache() -> None:
    caches["default"].clear()
    assert pulse.is_fresh(pulse.WORKER)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_answers_are_kept_by_no_cache_and_need_no_sign_in(path: str, client: Client) -> None:
    response = client.get(path)
    assert "no-store" in response["Cache-Control"]
    assert client.post(path).status_code == 405


def test_healthz_asks_nothing_of_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db(transaction=True)
def test_scheduler_leaves_its_pulse_while_it_ticks(
    celery: Celery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(celery.conf, "beat_schedule", {})
    caches["pulse"].clear()
    scheduler = PulsingScheduler(app=celery, schedule_filename=f"{tmp_path}/beat")
    try:
        assert scheduler.tick() <= 20
        assert pulse.is_fresh(pulse.SCHEDULER)
    finally:
        scheduler.close()
        caches["pulse"].clear()
