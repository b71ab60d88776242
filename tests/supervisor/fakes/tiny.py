"""``run`` with children that start at once: tiny.py PORT [step that fails | a program's command]."""

import sys
from pathlib import Path

from config.supervisor import processes
from config.supervisor.__main__ import reported
from config.supervisor.run import Plan, Program, Step, run

processes.FIRST_WAIT = 0.1
HERE = Path(__file__).resolve().parent
PYTHON = sys.executable


def plan(port: int, extra: str) -> Plan:
    prepare = [Step("Preparing", (PYTHON, "manage.py", "load_demo"), shows=True)]
    programs = [Program("web", (PYTHON, "web.py", "{addresses}"), 3.0)]
    if extra == "failing-step":
        prepare.append(Step("Failing", (PYTHON, "-c", "print('there is no such table'); raise SystemExit(3)")))
    if extra == "endless-step":
        prepare.append(Step("Waiting", (PYTHON, "-c", "import time; time.sleep(600)")))
    if extra == "dying-program":
        programs.append(Program("worker", (PYTHON, "-c", "raise SystemExit('the queue is upside down')"), 1.0))
    if extra == "stubborn-program":
        programs.append(Program("worker", (PYTHON, "stubborn.py"), 1.0))
    return Plan(HERE, port, prepare, programs)


if __name__ == "__main__":
    sys.exit(reported(lambda: run(plan(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))))
