"""``python -m config.worker``: the worker of `make run`, with beat as one of its threads.

Celery's own command loads a shell that no worker uses, and its `--beat` forks: together that is some 50 MB on a machine
that may have little. Servers run `celery worker` and `celery beat` apart.
"""

import argparse
import contextlib
from typing import Any

from celery.beat import EmbeddedService
from celery.signals import worker_ready
from celery.worker.autoscale import Autoscaler
from celery.worker.request import Request

from config.celery import app

# Beat looks up every second. It may be waiting for a Redis that is gone, and a daemon's thread ends with its process.
PATIENCE_SECONDS = 2
# A job that waited for so long gets a process of its own, which ends after as long without one.
WAITED_SECONDS = 1


class WhenJobsWait(Autoscaler):
    """One process at rest, which holds 40 MB, and more only while jobs wait for it.

    Celery's own adds one at each message that finds all busy: the five jobs of a minute, a few milliseconds each, would
    keep two.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "keepalive": WAITED_SECONDS})

    def maybe_scale(self, req: Request | None = None) -> None:
        if req is None:
            super().maybe_scale()
        else:
            self.on_task_received(req)


def queues() -> list[str]:
    routed = {route["queue"] for route in (app.conf.task_routes or {}).values()}
    return [app.conf.task_default_queue, *sorted(routed)]


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m config.worker", description=__doc__)
    options.add_argument("--concurrency", type=int, default=2, help="processes at most")
    options.add_argument("--schedule", required=True, help="the file in which beat keeps what it sent last")
    told = options.parse_args()
    scale = {"autoscaler_cls": WhenJobsWait, "autoscale": (told.concurrency, 1)}
    worker = app.Worker(**scale, queues=queues(), loglevel="INFO")
    beat = EmbeddedService(app, thread=True, schedule_filename=told.schedule)
    # By then the pool is forked: a thread that holds a lock would not be there to give it back.
    worker_ready.connect(lambda **_: beat.start(), weak=False)
    try:
        with contextlib.suppress(SystemExit):
            worker.start()
    finally:
        beat.service.stop()
        if beat.is_alive():
            beat.join(PATIENCE_SECONDS)
    return worker.exitcode or 0


if __name__ == "__main__":
    raise SystemExit(main())
