import pytest
from celery import Celery

from config.celery import app


@pytest.fixture(autouse=True)
def celery() -> Celery:
    """The configured app, as a web process has it once `config.wsgi` was imported."""
    app.set_current()
    return app
