"""Every process that answers or works freezes what it loaded, before it forks: no search of it ever holds up a page."""

import subprocess
import sys

import pytest
from django.conf import settings

from common.collector import THRESHOLDS

# Each ends by being what it is just before it forks.
STARTS = {
    "web": "import config.wsgi",
    "worker": "import django; from config.celery import app; django.setup()"
    "; from celery.signals import celeryd_after_setup as ready",
    "beat": "from config.celery import app; from celery.signals import beat_init as ready",
}
SENT = "; ready.send(sender='a test', instance=None, conf=None)"
TELL = "; import gc; print(gc.get_freeze_count(), *gc.get_threshold())"
# Django and the house alone are more than a hundred thousand objects.
LOADED = 20_000


@pytest.mark.parametrize("process", STARTS)
def test_what_a_process_loaded_is_never_searched_again(process: str) -> None:
    code = STARTS[process] + (SENT if "ready" in STARTS[process] else "") + TELL
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    frozen, *thresholds = map(int, done.stdout.split())
    assert frozen > LOADED
    assert tuple(thresholds) == THRESHOLDS


def test_libraries_that_few_sites_use_wait_until_one_does() -> None:
    code = "import sys, config.wsgi, config.celery, config.urls"
    code += "; print(*{'boto3', 'botocore', 'holidays'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
