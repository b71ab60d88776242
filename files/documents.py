"""Documents and pictures that people bring, drawn as images that every browser shows. The drawing itself happens in
another process (`document_reader`)."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from files.media import on_disk

# An essay has ten, a thesis more: whoever marks that downloads it.
MOST_PAGES = 50
LONGEST_SECONDS = 90
CONTENT_TYPE = "image/webp"
PAGES, PICTURE = "pages", "picture"


class Undrawable(Exception):
    """Nothing of it can be shown: damaged, locked with a password, too large, or none of the formats."""


@dataclass(frozen=True)
class Drawn:
    """One page; the path lives as long as the folder it lies in."""

    path: Path
    width: int
    height: int


@dataclass(frozen=True)
class Drawing:
    """The first pages, and how many there are `in_all`."""

    pages: list[Drawn]
    in_all: int


@contextmanager
def drawn(stream: BinaryIO, kind: str) -> Iterator[Drawing]:
    """The first pages of a document (`PAGES`), or a picture turned upright (`PICTURE`). Raises Undrawable."""
    with on_disk(stream) as path, tempfile.TemporaryDirectory() as folder:
        in_all, sizes = _read(path, folder, kind)
        yield Drawing([Drawn(Path(folder) / f"{n}.webp", *size) for n, size in enumerate(sizes, 1)], in_all)


def _read(path: str, folder: str, kind: str) -> tuple[int, list[tuple[int, int]]]:
    command = [sys.executable, "-m", "files.document_reader", os.path.abspath(path), folder, kind, str(MOST_PAGES)]
    # Nothing of our environment: it holds the addresses and secrets of this site.
    environment = {"PATH": os.defpath, "TMPDIR": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=LONGEST_SECONDS, env=environment, cwd=settings.BASE_DIR, check=True
        )
        in_all, sizes = json.loads(done.stdout)
        return int(in_all), [(int(width), int(height)) for width, height in sizes]
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, ValueError) as error:
        raise Undrawable from error
