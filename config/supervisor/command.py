"""``exec``: any command, beside a Postgres and a Redis of its own."""

import os
import signal
import subprocess
import sys
import time

from config.supervisor.launch_command import launched
from config.supervisor.paths import var_folder
from config.supervisor.services import Instance, opened
from config.supervisor.signals import Signals


def execute(command: list[str], name: str) -> int:
    """Run it with DATABASE_URL and REDIS_URL set, and return its exit status.

    A server that the environment names already is used as it is.
    """
    with opened(var_folder(), name) as instance:
        database = os.environ.get("DATABASE_URL") or instance.start_postgres()
        redis = os.environ.get("REDIS_URL") or instance.start_redis()
        if instance.signals.received:
            return 128 + instance.signals.received[0]
        services = {"DATABASE_URL": database, "REDIS_URL": redis}
        instance.lock.publish({**services, "pid": os.getpid()})
        return _attend(command, services, instance)


def _attend(command: list[str], services: dict[str, str], instance: Instance) -> int:
    # In our own session and group: it may ask the terminal, and Ctrl-C reaches it as it does us.
    process = subprocess.Popen(launched(command, signal.SIGKILL), env={**os.environ, **services})
    try:
        told = 0
        while process.poll() is None:
            instance.keeper.tend()
            told = _pass_on(process, instance.signals, told)
            time.sleep(0.05)
    finally:
        _end(process)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _pass_on(process: subprocess.Popen[bytes], signals: Signals, told: int) -> int:
    """Signals meant for us alone; at a terminal the command has had its Ctrl-C already."""
    for number in signals.received[told:]:
        if number != signal.SIGINT or not sys.stdin.isatty():
            process.send_signal(number)
    return len(signals.received)


def _end(process: subprocess.Popen[bytes]) -> None:
    """For the case that we give up before it does."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
