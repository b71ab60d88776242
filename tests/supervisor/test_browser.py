"""tools/ensure_browser.py: a browser that runs, or one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.supervisor.clone import REPOSITORY

pytestmark = pytest.mark.supervisor


def ensure(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "CHROMIUM"}
    command = [sys.executable, str(REPOSITORY / "tools" / "ensure_browser.py")]
    return subprocess.run(command, env=kept | environment, capture_output=True, text=True, timeout=60, check=False)


def program(path: Path, status: int) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(0o755)
    return path


def test_the_one_that_is_named_is_used(tmp_path: Path) -> None:
    named = program(tmp_path / "my browser", 0)
    assert ensure(CHROMIUM=str(named)).stdout == f"{named}\n"


def test_a_named_one_that_does_not_run_is_one_sentence(tmp_path: Path) -> None:
    done = ensure(CHROMIUM=str(tmp_path / "missing"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"CHROMIUM is {tmp_path / 'missing'}, which does not run.\n"


def test_one_on_the_path_that_only_pretends_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium", 1)
    real = program(tmp_path / "bin" / "google-chrome", 0)
    assert ensure(PATH=str(tmp_path / "bin")).stdout == f"{real}\n"
