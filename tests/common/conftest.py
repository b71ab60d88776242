import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery

from config.celery import app


@pytest.fixture(autouse=True)
def celery() -> Celery:
    """The configured app, as a web process has it once `config.wsgi` was imported."""
    app.set_current()
    return app


@pytest.fixture
def no_redis(celery: Celery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(celery.conf, "broker_write_url", f"redis+socket://{tmp_path}/nobody.sock")


@pytest.fixture
def mute_redis(celery: Celery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[socket.socket]:
    """One that takes connections and then says nothing, as a stopped process or a full disk makes it."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{tmp_path}/mute.sock")
        listening.listen(64)
        monkeypatch.setitem(celery.conf, "broker_write_url", f"redis+socket://{tmp_path}/mute.sock")
        yield listening
