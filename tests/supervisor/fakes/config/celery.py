"""One task that keeps a process of the pool busy past any patience, sent by beat at once."""

import os
import time
from pathlib import Path

from celery import Celery

app = Celery("tiny", broker=os.environ.get("REDIS_URL", "memory://"))
app.conf.beat_schedule = {"long": {"task": "long", "schedule": 1.0}}
app.conf.broker_connection_retry_on_startup = True


@app.task(name="long")
def long() -> None:
    Path("var/task-is-running").touch()
    time.sleep(600)
