import os

from celery import Celery
from celery.signals import beat_init, celeryd_after_setup

from common.collector import settle
from config.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
app = Celery("ownpace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@celeryd_after_setup.connect
def prepare_for_forking(**_: object) -> None:
    """Tasks are loaded by then, and the pool is not forked yet."""
    from config.preloading import preload  # noqa: PLC0415  it needs the settings

    preload()


beat_init.connect(lambda **_: settle(), weak=False)
