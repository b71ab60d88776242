"""``run``: the whole platform on one machine, until it is stopped."""

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.supervisor.paths import ROOT, RUN, Places, Refused, var_folder
from config.supervisor.ports import answers, free_addresses
from config.supervisor.processes import Child, quoted
from config.supervisor.say import announce, say
from config.supervisor.services import Instance, opened

PYTHON = sys.executable
SLOW_START = 60.0


@dataclass(frozen=True)
class Step:
    """A command to run before the web server starts; ``shows`` tells its output once all is up."""

    words: str
    command: Sequence[str]
    shows: bool = False


@dataclass(frozen=True)
class Program:
    """A process to keep alive beside Postgres and Redis."""

    name: str
    command: Sequence[str]
    patience: float


@dataclass(frozen=True)
class Plan:
    """What runs; ``{addresses}`` in a command stands for the web server's ``--bind`` options."""

    root: Path
    port: int
    prepare: Sequence[Step]
    programs: Sequence[Program]
    health: str = "/healthz"


PREPARE = (
    Step("Updating the database", ("env", "STATEMENT_TIMEOUT=0", PYTHON, "manage.py", "migrate", "--noinput")),
    Step("Making the cache tables", (PYTHON, "manage.py", "createcachetable")),
    Step("Collecting styles and scripts", (PYTHON, "manage.py", "collectstatic", "--noinput")),
    Step("Loading the demo course", (PYTHON, "manage.py", "load_demo"), shows=True),
)
# Gunicorn's workers die with their master by these; Celery's pool notices by itself.
HOOKS = "--config=python:config.supervisor.gunicorn_hooks"
# One heap for each thread would keep what the busiest request of each needed.
FEW_HEAPS = ("env", "MALLOC_ARENA_MAX=2")
WEB = [*FEW_HEAPS, PYTHON, "-m", "gunicorn", "config.wsgi", "--worker-class=gthread", "--threads=4", "--workers=2"]
# Loaded once, before the workers are forked, they share what they only read.
WEB += ["--graceful-timeout=6", "--no-control-socket", "--preload", HOOKS, "{addresses}"]
# A job may ask Postgres for longer than a page may.
WORKER = [*FEW_HEAPS, "STATEMENT_TIMEOUT=120s", PYTHON, "-m", "config.worker", "--schedule={state}/beat"]
PROGRAMS = (Program("web", WEB, 8.0), Program("worker", WORKER, 10.0))


def run_project(port: int) -> int:
    return run(Plan(ROOT, port, PREPARE, PROGRAMS))


def run(plan: Plan) -> int:
    """Start everything in order and keep it running; 0 when it was asked to stop."""
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        say("run starts its own Postgres and Redis; DATABASE_URL and REDIS_URL are not used.")
    with opened(var_folder(plan.root), RUN) as instance:
        addresses = free_addresses(plan.port)
        announce("Starting Postgres and Redis …")
        services = {"DATABASE_URL": instance.start_postgres(), "REDIS_URL": instance.start_redis()}
        instance.lock.publish({**services, "port": plan.port, "pid": os.getpid()})
        environment = {**os.environ, **services, "PYTHONUNBUFFERED": "1"}
        shown = _prepare(plan, instance, environment)
        for program in plan.programs if not instance.signals.is_over() else ():
            instance.keeper.start(_child(plan, program, addresses, instance.places, environment))
        _keep_running(plan, instance, shown)
        announce("Stopping …")
    return 0


def _prepare(plan: Plan, instance: Instance, environment: Mapping[str, str]) -> str:
    shown = []
    for step in plan.prepare:
        announce(f"{step.words} …")
        log = instance.places.logs / "prepare.log"
        child = Child(step.words, step.command, plan.root, environment, log, stops=((signal.SIGTERM, 2.0),))
        ended = instance.keeper.run(child, instance.signals.is_over)
        if instance.signals.is_over():
            break
        if ended.status:
            command = " ".join(step.command)
            raise Refused(f"{command} failed with status {ended.status}.\n{quoted(ended.lines[-30:], log)}")
        if step.shows:
            shown += ended.lines
    return "\n".join(shown)


def _child(
    plan: Plan, program: Program, addresses: Sequence[str], places: Places, environment: Mapping[str, str]
) -> Child:
    command: list[str] = []
    for part in program.command:
        if part == "{addresses}":
            command += [f"--bind={address}" for address in addresses]
        else:
            command.append(part.replace("{state}", str(places.state)))
    log = places.logs / f"{program.name}.log"
    stops = ((signal.SIGTERM, program.patience),)
    return Child(program.name, command, plan.root, environment, log, stops=stops)


def _keep_running(plan: Plan, instance: Instance, shown: str) -> None:
    started = time.monotonic()
    is_up = is_late = False
    while not instance.signals.is_over():
        instance.keeper.tend()
        if not is_up and answers(plan.port, plan.health):
            is_up = True
            announce(f"\nOwnpace is at http://localhost:{plan.port}\n{shown}\nCtrl-C stops it.")
        elif not is_up and not is_late and time.monotonic() - started > SLOW_START:
            is_late = True
            say(f"{plan.health} does not answer yet; see {instance.places.logs / 'web.log'}.")
        time.sleep(0.1)
