"""A Postgres server of one test, as `make run` starts its own: what was committed outlives a crash."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import pytest
from django.db import connection

from config.supervisor.binaries import find_binaries
from config.supervisor.paths import Places, make_folders, unprivileged_account
from config.supervisor.postgres import start_postgres
from config.supervisor.processes import Keeper

FAST, CRASH = signal.SIGINT, signal.SIGQUIT
# After a crash it has something to replay.
PATIENCE_SECONDS = 60


class OwnPostgres:
    def __init__(self) -> None:
        # Not the test's folder: for root, Postgres runs as somebody who may not enter that.
        self._folder = tempfile.TemporaryDirectory(prefix="ownpace-", dir="/tmp")
        folder = Path(self._folder.name)
        folder.chmod(0o711)
        self._places = Places(folder, "own", folder, unprivileged_account())
        self._keeper = Keeper()
        make_folders(self._places)
        self.start()

    def start(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        self.url = start_postgres(self._places, self._keeper, lambda: time.monotonic() > deadline)
        assert time.monotonic() < deadline, f"Postgres does not answer within {PATIENCE_SECONDS} s"

    def stop(self, how: signal.Signals = FAST) -> None:
        postmaster = int((self._places.cluster / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, how)
        # It asks for a fast stop, which Postgres does not heed once it was told to stop at once.
        self._keeper.stop()

    def copy(self, url: str) -> None:
        """All that is in another database: a second instead of every migration."""
        programs = find_binaries(self._places)
        most = {"check": True, "capture_output": True, "timeout": PATIENCE_SECONDS}
        dump = subprocess.run([programs / "pg_dump", "-d", url], **most).stdout
        load = [programs / "psql", "-XqAt", "--set=ON_ERROR_STOP=1", "-d", self.url]
        subprocess.run(load, **most, input=dump)

    def close(self) -> None:
        self._keeper.stop()
        shutil.rmtree(self._places.short)
        self._folder.cleanup()


def url_in_use() -> str:
    """Of the database that the tests of this process ask, for programs that they start."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """What is asked of the database is asked of the server that is yielded, which begins as a copy of the other."""
    with closing(OwnPostgres()) as own, pytest.MonkeyPatch.context() as patch:
        own.copy(url_in_use())
        connection.close()
        patch.setenv("DATABASE_URL", own.url)
        asked = dj_database_url.parse(own.url)
        for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD"):
            patch.setitem(connection.settings_dict, name, asked[name])
        try:
            yield own
        finally:
            connection.close()
