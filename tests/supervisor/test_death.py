"""kill -9 of the supervisor leaves no process behind, and nothing that hinders the next start."""

import contextlib
import urllib.request

import pytest

from config.supervisor.state import running_services
from tests.supervisor.clone import Clone, free_port, is_up, pid_of, until

pytestmark = pytest.mark.supervisor
BOUND = 10


def test_real_programs_die_with_it_even_while_they_are_busy(clone: Clone) -> None:
    """By itself gunicorn's worker notices a lost parent only when its requests are done."""
    port = free_port()
    process = clone.start("-m", "config.supervisor", "run", "--port", str(port))
    until(lambda: is_up(port))
    with contextlib.suppress(TimeoutError):
        urllib.request.urlopen(f"http://localhost:{port}/slow", timeout=0.2)
    until((clone.var / "task-is-running").exists)
    programs = ("gunicorn", "config.worker", "/bin/postgres", "redis-server")
    assert all(pid_of(clone, needle) for needle in programs), clone.processes()

    process.kill()
    until(lambda: not clone.processes(), BOUND)


def test_after_a_kill_it_starts_again_with_its_data(clone: Clone) -> None:
    port = free_port()
    process = clone.run(port)
    clone.ask("DROP TABLE IF EXISTS kept", "CREATE TABLE kept AS SELECT 42 AS answer")
    process.kill()
    assert (clone.var / "run" / "services.json").exists()
    assert running_services(clone.var) is None  # the file is there and nobody holds the lock

    # At once: the old Postgres may be shutting down still, and the old web server hold the port.
    process = clone.run(port)
    assert not process.has_ended(), process.finish().err
    assert clone.ask("SELECT answer FROM kept") == "42"
    assert process.stop().status == 0
    assert clone.processes() == []


def test_a_kill_during_a_step_leaves_nothing(clone: Clone) -> None:
    process = clone.start("tiny.py", str(free_port()), "endless-step")
    until(lambda: pid_of(clone, "time.sleep(600)"))
    process.kill()
    until(lambda: not clone.processes(), BOUND)


def test_the_command_of_exec_dies_with_it(clone: Clone) -> None:
    process = clone.start("-m", "config.supervisor", "exec", "--", "sleep", "600")
    until(lambda: any("sleep" in found for found in clone.processes() if "launch.py" not in found))
    until(lambda: running_services(clone.var, "test"))
    process.kill()
    until(lambda: not clone.processes(), BOUND)


def test_it_can_die_with_whoever_started_it(clone: Clone) -> None:
    """As under make: a killed make leaves no server behind."""
    command = [clone.python, "-m", "config.supervisor", "--with-parent", "exec", "--", "sleep", "600"]
    parent = clone.start("-c", f"import subprocess; subprocess.call({command!r})")
    until(lambda: running_services(clone.var, "test"))
    parent.kill()
    until(lambda: not clone.processes(), BOUND)
