"""The production server, as `make run` starts it, on a free port of the loopback, for as long as a block lasts."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from config.supervisor.launch_command import launched
from config.supervisor.run import WEB

LONGEST_START, LONGEST_STOP = 60.0, 10.0


@dataclass(frozen=True)
class Server:
    """The port it answers on, and the process whose children are the workers."""

    port: int
    pid: int


@contextmanager
def running() -> Iterator[Server]:
    port, log = free_port(), settings.VAR_DIR / "bench" / "web.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        command = launched(_command(port), signal.SIGTERM)
        # A group of its own: Ctrl-C reaches only us, and we stop it.
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, stdout=output, stderr=output, env=dict(os.environ), start_new_session=True
        )
        try:
            _wait(port, process, log)
            yield Server(port, process.pid)
        finally:
            _stop(process)


def _command(port: int) -> list[str]:
    """Workers, threads and class of worker are those of `make run`; only what is served and where differs."""
    command = ["bench.wsgi" if part == "config.wsgi" else part for part in WEB if part != "{addresses}"]
    return [*command, f"--bind=127.0.0.1:{port}"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
