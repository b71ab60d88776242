"""One supervisor per instance, and how others find what it runs. Importable by the settings."""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import IO

from config.supervisor.paths import RUN, Refused, var_folder


def running_services(var: Path | None = None, instance: str = RUN) -> dict[str, str] | None:
    """DATABASE_URL, REDIS_URL, port and pid of the running supervisor, or None.

    A file that a killed supervisor left behind is not believed: the kernel dropped its lock.
    """
    folder = (var or var_folder()) / instance
    try:
        with (folder / "lock").open() as lock:
            if _try_lock(lock, fcntl.LOCK_SH):
                return None
        found = json.loads((folder / "services.json").read_text())
    except (OSError, ValueError):
        return None
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else None


class InstanceLock:
    """Held as long as the process lives; an inherited copy of it would outlive us, so none is."""

    def __init__(self, folder: Path) -> None:
        self.services = folder / "services.json"
        self._file = (folder / "lock").open("a+")

    def take(self) -> None:
        """Refuse to be a second one."""
        patience = time.monotonic() + 0.5  # running_services() holds it for an instant
        while not _try_lock(self._file, fcntl.LOCK_EX):
            if time.monotonic() > patience:
                raise Refused(self._holder())
            time.sleep(0.02)
        self.services.unlink(missing_ok=True)
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def publish(self, services: dict[str, str | int]) -> None:
        half = self.services.with_suffix(".new")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(services, file)
        half.rename(self.services)

    def release(self) -> None:
        self.services.unlink(missing_ok=True)
        self._file.close()

    def _holder(self) -> str:
        self._file.seek(0)
        pid = self._file.read().strip() or "unknown"
        try:
            port = json.loads(self.services.read_text()).get("port")
        except (OSError, ValueError):
            port = None
        where = f", at http://localhost:{port}" if port else ""
        return f"already running, pid {pid}{where}."


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
