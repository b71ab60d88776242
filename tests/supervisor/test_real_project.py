"""The project itself, started as ``make run`` starts it, with its state in a folder of the test's."""

import contextlib
import os
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.supervisor.paths import SHORT, fingerprint
from config.supervisor.state import running_services
from tests.supervisor.clone import OURS, REPOSITORY, Started, free_port, until

pytestmark = pytest.mark.supervisor


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A folder for its state; what root keeps elsewhere is removed with it."""
    folder = tmp_path / "var"
    yield folder
    pointer = folder / "postgres-home"
    if pointer.exists():
        shutil.rmtree(os.fsdecode(pointer.read_bytes()))
    shutil.rmtree(SHORT / f"ownpace-{os.geteuid()}-{fingerprint(folder)}", ignore_errors=True)


def test_it_migrates_loads_the_demo_answers_and_stops(var: Path) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in OURS} | {"OWNPACE_VAR": str(var)}

    def started(*arguments: str) -> Started:
        return Started([sys.executable, *arguments], REPOSITORY, environment, None)

    with contextlib.closing(started("-m", "config.supervisor", "run", "--port", str(port))) as supervisor:
        until(lambda: "Ctrl-C stops it." in supervisor.out or supervisor.has_ended(), 300)
        assert f"http://localhost:{port}" in supervisor.out, supervisor.err
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=10) as answer:
            assert answer.status == 200
        assert running_services(var)
        with contextlib.closing(started("manage.py", "migrate", "--check").finish()) as second_terminal:
            assert second_terminal.status == 0, second_terminal.err
        assert supervisor.stop().status == 0
        assert supervisor.err == "Creating the database …\n"
