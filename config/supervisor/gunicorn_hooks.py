"""Read by gunicorn as its configuration: a worker dies with its master."""

import signal
from typing import Any

from config.supervisor.launch import die_with_parent


def post_fork(_server: Any, worker: Any) -> None:
    """It would notice by itself, but only when its requests are done."""
    die_with_parent(signal.SIGKILL, worker.ppid)
