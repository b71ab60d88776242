"""Starts children, restarts those that die, and stops all of them in reverse order."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.supervisor.launch_command import launched
from config.supervisor.paths import Account
from config.supervisor.say import say

DEATHS_ALLOWED = 5
WITHIN = 60.0
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
LAST_LINES = 15
LOG_LIMIT = 5_000_000


class GivenUp(Exception):
    """A child that we can't go on without died again and again."""


@dataclass(frozen=True)
class Child:
    """One process to keep alive; ``stops`` are its signals with the seconds that each is given."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    log: Path
    account: Account | None = None
    death_signal: signal.Signals = signal.SIGKILL
    stops: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 8.0),)
    vital: bool = True


@dataclass
class Running:
    child: Child
    process: subprocess.Popen[bytes] | None = None
    log_starts: int = 0
    deaths: list[float] = field(default_factory=list)
    started_at: float = 0.0
    start_at: float = 0.0


@dataclass(frozen=True)
class Ended:
    status: int
    lines: list[str]


class Keeper:
    """Holds the children in the order they were started.

    Single-threaded, because the death signal comes when the *thread* that forked a child ends.
    """

    def __init__(self) -> None:
        self._running: list[Running] = []

    def start(self, child: Child) -> Running:
        running = Running(child)
        self._running.append(running)
        _spawn(running)
        return running

    def tend(self) -> None:
        """Notice which children died, and restart those that have waited long enough."""
        for running in self._running:
            if running.process and _has_died(running.process):
                self._mourn(running)
            elif running.process is None and time.monotonic() >= running.start_at:
                _spawn(running)

    def run(self, child: Child, is_over: Callable[[], bool]) -> Ended:
        """Run one to its end, or until we are asked to stop, while tending the others."""
        running = Running(child)
        process = _spawn(running)
        try:
            while not _has_died(process) and not is_over():
                self.tend()
                time.sleep(0.02)
        finally:
            _stop(running, lambda: False)
        return Ended(process.returncode, last_lines(child.log, running.log_starts, 200))

    def stop(self, in_a_hurry: Callable[[], bool] = lambda: False) -> None:
        while self._running:
            _stop(self._running[-1], in_a_hurry)
            self._running.pop()

    def _mourn(self, running: Running) -> None:
        status = _bury(running)
        now = time.monotonic()
        if now - running.started_at > WITHIN:
            running.deaths.clear()
        running.deaths.append(now)
        recent = sum(now - death < WITHIN for death in running.deaths)
        words = f"{running.child.name} {_how_it_ended(status)}"
        lines = quoted(last_lines(running.child.log, running.log_starts), running.child.log)
        if running.child.vital and recent >= DEATHS_ALLOWED:
            raise GivenUp(f"{words}, {recent} times within a minute.\n{lines}")
        wait = min(FIRST_WAIT * 2 ** (len(running.deaths) - 1), LONGEST_WAIT)
        running.start_at = now + wait
        say(f"{words}; starting it again in {wait:g} s.\n{lines}")


def last_lines(log: Path, start: int, count: int = LAST_LINES) -> list[str]:
    try:
        with log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(start, size - 20_000))
            return file.read().decode(errors="replace").splitlines()[-count:]
    except OSError:
        return []


def quoted(lines: list[str], log: Path) -> str:
    if not lines:
        return f"  (it wrote nothing to {log})"
    return "\n".join([*(f"  | {line}" for line in lines), f"  (from {log})"])


def _spawn(running: Running) -> subprocess.Popen[bytes]:
    child = running.child
    child.log.parent.mkdir(parents=True, exist_ok=True)  # somebody may tidy up beneath us
    if child.log.exists() and child.log.stat().st_size > LOG_LIMIT:
        child.log.rename(child.log.with_name(child.log.name + ".1"))
    with child.log.open("ab") as log:
        running.log_starts = log.tell()
        running.started_at = time.monotonic()
        running.process = subprocess.Popen(
            launched(child.command, child.death_signal, child.account),
            cwd=child.folder,
            env=dict(child.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C goes to the terminal's whole group, and we stop children in order.
            start_new_session=True,
        )
    return running.process


def _has_died(process: subprocess.Popen[bytes]) -> bool:
    """Without reaping it, so that its pid still names its group."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _bury(running: Running) -> int:
    """Reap it, and end those of its group that it left behind."""
    process = running.process
    assert process
    running.process = None
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody left that is ours
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _stop(running: Running, in_a_hurry: Callable[[], bool]) -> None:
    process = running.process
    if process is None:
        return
    for stop, patience in running.child.stops:
        if _has_died(process):
            break
        process.send_signal(stop)
        deadline = time.monotonic() + patience
        while not _has_died(process) and time.monotonic() < deadline and not in_a_hurry():
            time.sleep(0.02)
    if not _has_died(process):
        say(f"{running.child.name} did not stop when asked, so it was killed.")
    _bury(running)


def _how_it_ended(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    return f"was killed by {signal.Signals(-status).name}"
