"""Included by the worker of `make run`: the beat that is forked from it dies with it."""

import os
import signal

from celery.signals import beat_embedded_init

from config.supervisor.launch import die_with_parent

# Read by the worker, before it forks.
WORKER = os.getpid()


@beat_embedded_init.connect
def end_with_the_worker(**_: object) -> None:
    """The pool notices that its worker is gone, beat does not."""
    die_with_parent(signal.SIGKILL, WORKER)
