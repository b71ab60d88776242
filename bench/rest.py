"""What `make run` holds in memory when nobody asks anything, one minute after Today was opened.

Counted as proportional set size: a page of memory that several processes share counts once in all.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from bench.client import Client
from bench.memory import PROC, children
from bench.server import free_port
from config.supervisor.paths import SHORT, fingerprint

MB = 10**6
MOST = 350 * MB
REST_SECONDS, LONGEST_START = 60, 180.0
STUDENT, PASSWORD = "student@ownpace.test", "study-in-peace"
OURS = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "PUBLIC_ORIGIN"}
# By what stands in the command line of a process or of the one that started it.
PARTS = {"gunicorn": "web", "config.worker": "worker", "postgres": "Postgres", "redis": "Redis"}


@dataclass(frozen=True)
class Rest:
    """Bytes of each part of `make run`; empty where there is no Linux to ask."""

    parts: dict[str, int]
    name: str = "memory at rest"

    @property
    def all(self) -> int:
        return sum(self.parts.values())

    @property
    def over(self) -> list[str]:
        return [f"{self.all / MB:.0f} MB of {MOST / MB:.0f} MB"] if self.all > MOST else []

    @property
    def words(self) -> str:
        held = ", ".join(f"{part} {count / MB:.0f}" for part, count in self.parts.items())
        return (
            f"Memory: `make run` holds {self.all / MB:.0f} MB (proportional set size of all its processes) "
            f"{REST_SECONDS} s after Today was opened: {held or 'not told here'}; at most {MOST / MB:.0f} MB."
        )


def measured() -> Rest:
    with _running() as (supervisor, port):
        client = Client(port)
        client.sign_in(STUDENT, PASSWORD)
        if client.get("/").status != 200:
            raise SystemExit("Today could not be opened.")
        client.connection.close()
        time.sleep(REST_SECONDS)
        held = {"supervisor": 0}
        _add(supervisor, "supervisor", held)
    return Rest({part: count for part, count in held.items() if count})


def _add(pid: int, part: str, held: dict[str, int]) -> None:
    command = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace")
    part = next((name for needle, name in PARTS.items() if needle in command), part)
    told = (PROC / str(pid) / "smaps_rollup").read_text()
    held[part] = held.get(part, 0) + int(re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)[1]) * 1024
    for child in children(pid):
        _add(child, part, held)


@contextmanager
def _running() -> Iterator[tuple[int, int]]:
    """The supervisor's pid and the port; with the demo, and state of its own that goes with it."""
    port, var = free_port(), settings.VAR_DIR / "bench" / "rest"
    _remove(var)
    environment = {name: value for name, value in os.environ.items() if name not in OURS} | {"OWNPACE_VAR": str(var)}
    command = [sys.executable, "-m", "config.supervisor", "--with-parent", "run", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        _wait(process)
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
        _remove(var)


def _wait(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    deadline = time.monotonic() + LONGEST_START
    for line in process.stdout:
        if "Ctrl-C stops it." in line:
            return
        if time.monotonic() > deadline:
            break
    raise SystemExit("`make run` did not start.")


def _remove(var: Path) -> None:
    """With the cluster and the sockets that it keeps elsewhere."""
    pointer = var / "postgres-home"
    if pointer.exists():
        shutil.rmtree(os.fsdecode(pointer.read_bytes()), ignore_errors=True)
    shutil.rmtree(SHORT / f"ownpace-{os.geteuid()}-{fingerprint(var.resolve())}", ignore_errors=True)
    shutil.rmtree(var, ignore_errors=True)
