"""Messages for the person at the terminal."""

import contextlib
import sys
from typing import TextIO


def say(text: str) -> None:
    """Troubles, and what both commands do: on stderr, because stdout may be that of a command of ours."""
    _write(sys.stderr, text)


def announce(text: str) -> None:
    _write(sys.stdout, text)


def _write(stream: TextIO, text: str) -> None:
    with contextlib.suppress(OSError):  # a closed terminal; stopping in order matters more
        print(text, file=stream, flush=True)
