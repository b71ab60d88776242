"""One part of the bench by itself: `python -m bench.PART`, through the supervisor."""

import os
import sys
import time
from collections.abc import Callable
from typing import Protocol

from django.core.management import call_command

from bench import database, fill_lectures


class Figures(Protocol):
    @property
    def words(self) -> str: ...

    @property
    def over(self) -> list[str]: ...


def prepare() -> None:
    if not os.environ.get("DATABASE_URL"):
        sys.exit("DATABASE_URL is not set: ask through the supervisor, as `make bench` does.")
    database.prepare()
    fill_lectures.lay_files()
    call_command("collectstatic", verbosity=0, interactive=False)


def told(found: Figures) -> int:
    """Says it; the status to leave with."""
    print(found.words)
    print("\n".join(f"OVER: {words}" for words in found.over))
    return 1 if found.over else 0


def measure(measured: Callable[[], Figures]) -> int:
    """The status to leave with."""
    prepare()
    started = time.monotonic()
    status = told(measured())
    print(f"Measured in {time.monotonic() - started:.0f} s.")
    return status
