"""The command line of a child that dies with us."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from config.supervisor.paths import Account

LAUNCHER = Path(__file__).with_name("launch.py")


def launched(command: Sequence[str], death_signal: signal.Signals, account: Account | None = None) -> list[str]:
    uid, gid = (account.uid, account.gid) if account else (-1, -1)
    numbers = [str(int(death_signal)), str(os.getpid()), str(uid), str(gid)]
    return [sys.executable, "-I", "-S", str(LAUNCHER), *numbers, "--", *command]
