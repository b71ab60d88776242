"""Resident memory of the server's workers, in bytes. Linux keeps the peak itself, so that none is missed."""

import re
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass
class Worker:
    pid: int
    before: int = 0
    peak: int = 0
    after: int = 0

    @property
    def growth(self) -> int:
        return self.peak - self.before

    def begin(self) -> None:
        # Forgets the peak that was (proc(5), clear_refs).
        (PROC / str(self.pid) / "clear_refs").write_text("5")
        self.before = self._told("VmRSS")

    def end(self) -> None:
        self.peak, self.after = self._told("VmHWM"), self._told("VmRSS")

    def _told(self, what: str) -> int:
        status = (PROC / str(self.pid) / "status").read_text()
        return int(re.search(rf"^{what}:\s+(\d+) kB", status, re.MULTILINE)[1]) * 1024


def workers(master: int) -> list[Worker]:
    """None where there is no Linux to ask."""
    return [Worker(pid) for pid in children(master)]


def children(parent: int) -> list[int]:
    """What any thread of it started."""
    lists = (PROC / str(parent)).glob("task/*/children")
    return [int(pid) for one in lists for pid in one.read_text().split()]
