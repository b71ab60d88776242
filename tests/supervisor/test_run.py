"""``run``: what it says, what it publishes, what it refuses, and how it stops."""

import json
import os
import signal
import socket
import stat

import pytest

from config.supervisor.state import running_services
from tests.supervisor.clone import CARE, Clone, free_port, is_up, pid_of, text_of, until

pytestmark = pytest.mark.supervisor


def test_it_serves_publishes_itself_and_stops_cleanly(clone: Clone) -> None:
    port = free_port()
    process = clone.run(port)
    services = clone.var / "run" / "services.json"

    assert stat.S_IMODE(services.stat().st_mode) == 0o600
    published = json.loads(services.read_text())
    assert running_services(clone.var) == {name: str(value) for name, value in published.items()}
    assert clone.ask(CARE) == "on on on"
    assert clone.ask("SELECT current_setting('TimeZone')") == "UTC"
    assert clone.ask("SELECT datlocale FROM pg_database WHERE datlocprovider = 'b' LIMIT 1") == "C.UTF-8"
    done = process.stop()

    assert done.status == 0, done.err
    assert f"http://localhost:{port}\nada@example.org, password: analytical" in done.out
    assert clone.processes() == []
    assert not services.exists()
    assert running_services(clone.var) is None


def test_ctrl_c_stops_it_and_the_data_is_there_next_time(clone: Clone) -> None:
    process = clone.run(free_port())
    clone.ask("DROP TABLE IF EXISTS kept", "CREATE TABLE kept AS SELECT 42 AS answer")
    assert process.stop(signal.SIGINT).status == 0

    process = clone.run(free_port())
    assert clone.ask("SELECT answer FROM kept") == "42"
    assert process.stop(signal.SIGHUP).status == 0
    assert clone.processes() == []


def test_a_second_one_and_a_port_in_use_are_one_sentence(clone: Clone, second_clone: Clone) -> None:
    port = free_port()
    first = clone.run(port)

    again = clone.start("tiny.py", str(free_port())).finish()
    assert (again.status, again.out) == (1, "")
    assert again.err == f"ownpace: already running, pid {first.pid}, at http://localhost:{port}.\n"

    other = second_clone.start("tiny.py", str(port)).finish()
    assert (other.status, other.out) == (1, "")
    assert other.err == f"ownpace: port {port} is in use; choose another: make run PORT=8001\n"
    assert is_up(port)


def test_a_port_in_use_on_every_address_is_noticed(clone: Clone) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        done = clone.start("tiny.py", str(taken.getsockname()[1])).finish()
    assert done.status == 1
    assert "is in use" in done.err


def test_two_clones_run_side_by_side(clone: Clone, second_clone: Clone) -> None:
    ports = free_port(), free_port()
    runs = [each.run(port) for each, port in zip((clone, second_clone), ports, strict=True)]
    clone.ask("CREATE TABLE IF NOT EXISTS only_here ()")

    assert second_clone.ask("SELECT to_regclass('only_here') IS NULL") == "t"
    assert runs[0].stop().status == 0
    assert is_up(ports[1])
    assert second_clone.ask("SELECT 1") == "1"


def test_a_step_that_fails_is_quoted_and_nothing_is_left(clone: Clone) -> None:
    done = clone.start("tiny.py", str(free_port()), "failing-step").finish()
    assert done.status == 1
    assert "failed with status 3" in done.err
    assert "| there is no such table" in done.err
    assert clone.processes() == []


def test_a_child_that_will_not_stop_is_killed_with_its_own_children(clone: Clone) -> None:
    process = clone.run(free_port(), "stubborn-program")
    until(lambda: sum("stubborn.py" in found for found in clone.processes()) == 2)
    done = process.stop()
    assert done.status == 0
    assert "worker did not stop when asked, so it was killed." in done.err
    assert clone.processes() == []


def test_other_accounts_reach_neither_socket_nor_password(clone: Clone) -> None:
    clone.run(free_port())
    owner = clone.short / "run" / "pg"
    assert stat.S_IMODE(owner.stat().st_mode) == 0o700
    assert stat.S_IMODE((clone.short / "run" / "redis").stat().st_mode) == 0o700
    assert stat.S_IMODE((clone.home / "run" / "pg" / "ownpace-password").stat().st_mode) == 0o600
    hba = (clone.home / "run" / "pg" / "pg_hba.conf").read_text()
    rules = [line.split() for line in hba.splitlines() if line and not line.startswith("#")]
    assert {rule[-1] for rule in rules} == {"scram-sha-256"}


def test_a_killed_web_server_and_a_killed_postgres_come_back(clone: Clone) -> None:
    port = free_port()
    process = clone.run(port)
    before = pid_of(clone, "web.py")
    os.kill(before, signal.SIGKILL)
    until(lambda: pid_of(clone, "web.py") not in {0, before} and is_up(port))

    os.kill(pid_of(clone, "/bin/postgres"), signal.SIGKILL)
    until(clone.answers)
    done = process.stop()
    assert "web was killed by SIGKILL; starting it again in 0.1 s." in done.err
    assert "postgres was killed by SIGKILL" in done.err


def test_a_child_that_dies_five_times_ends_everything_and_is_quoted(clone: Clone) -> None:
    done = clone.start("tiny.py", str(free_port()), "dying-program").finish()
    assert done.status == 1
    assert "worker ended with status 1, 5 times within a minute." in done.err
    assert done.err.count("| the queue is upside down") == 5
    assert clone.processes() == []


def test_a_redis_that_dies_stops_nothing(clone: Clone) -> None:
    folder = clone.root / "broken"
    folder.mkdir()
    (folder / "valkey-server").write_text("#!/bin/sh\necho out of luck\nexit 3\n")
    (folder / "valkey-server").chmod(0o755)
    port = free_port()
    process = clone.run(port, PATH=f"{folder}:{os.environ['PATH']}")
    log = clone.var / "log" / "redis.log"
    until(lambda: text_of(log).count("out of luck") >= 2)
    assert is_up(port)
    done = process.stop()
    assert done.status == 0
    assert "redis ended with status 3; starting it again" in done.err
