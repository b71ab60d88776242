"""``python -m config.worker``: the worker of `make run`, with beat as one of its threads.

Celery's own command loads a shell that no worker uses, and its `--beat` forks: together that is some 50 MB on a machine
that may have little. Servers run `celery worker` and `celery beat` apart.
"""

import argparse
import contextlib

from celery.beat import EmbeddedService
from celery.signals import worker_ready

from config.celery import app

# Beat looks up every second. It may be waiting for a Redis that is gone, and a daemon's thread ends with its process.
PATIENCE_SECONDS = 2


def queues() -> list[str]:
    routed = {route["queue"] for route in (app.conf.task_routes or {}).values()}
    return [app.conf.task_default_queue, *sorted(routed)]


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m config.worker", description=__doc__)
    options.add_argument("--concurrency", type=int, default=2)
    options.add_argument("--schedule", required=True, help="the file in which beat keeps what it sent last")
    told = options.parse_args()
    worker = app.Worker(concurrency=told.concurrency, queues=queues(), loglevel="INFO")
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
