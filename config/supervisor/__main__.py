"""``python -m config.supervisor run`` and ``python -m config.supervisor exec -- COMMAND...``."""

import argparse
import io
import os
import signal
import sys
from collections.abc import Callable

from config.supervisor.command import execute
from config.supervisor.launch import die_with_parent
from config.supervisor.paths import Refused
from config.supervisor.processes import GivenUp
from config.supervisor.run import run_project
from config.supervisor.say import say


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.with_parent:
        die_with_parent(signal.SIGTERM, os.getppid())
    if options.what == "exec":
        return reported(lambda: execute(options.command, options.instance))
    return reported(lambda: run_project(options.port))


def reported(work: Callable[[], int]) -> int:
    """Its exit status; what keeps it from going on is a sentence and no traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a path may have what the terminal has not
    try:
        return work()
    except (Refused, GivenUp) as reason:
        say(f"ownpace: {reason}")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.supervisor", description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="stop when the program that started this ends")
    what = parser.add_subparsers(dest="what", required=True)
    run = what.add_parser("run", help="start everything and keep it running until Ctrl-C")
    run.add_argument("--port", type=_port, default=8000)
    command = what.add_parser("exec", help="run a command beside a Postgres and a Redis of its own")
    command.add_argument("--instance", default="test", help="whose data: var/NAME (default: test)")
    command.add_argument("command", nargs="+", metavar="COMMAND", help="after --")
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: choose 1 to 65535")
    return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
