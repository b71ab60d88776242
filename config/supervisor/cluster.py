"""Makes a clone's Postgres cluster, and clears what a killed one left behind."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

from config.supervisor.binaries import MAJOR
from config.supervisor.launch_command import launched
from config.supervisor.paths import RUN, Places, Refused
from config.supervisor.say import say

USER = "ownpace"
KNOWN = "has-database"  # in the state of an instance
PASSWORD = "ownpace-password"  # a file inside the cluster, so that neither is ever without the other
ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}  # none of the caller's PG* variables


def ensure_cluster(places: Places, binaries: Path, *, durable: bool) -> None:
    """Leave a complete cluster of this version that is not running."""
    cluster = places.cluster
    half = cluster.with_name("pg.new")
    shutil.rmtree(half, ignore_errors=True)
    _stop_orphan(cluster)
    if cluster.exists() and not (cluster / "global" / "pg_control").exists():
        _set_aside(cluster, f"The database in {cluster} is not whole.")
    known = places.state / KNOWN
    if _outlived_var(places) and not known.exists():
        _set_aside(cluster, f"{places.var} is new, and the database in {cluster} is of one that was deleted.")
    known.touch()
    if not cluster.exists():
        _make(places, binaries, half, durable=durable)
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise Refused(
            f"{cluster} was made by PostgreSQL {found} and this is {MAJOR}: "
            f"dump it with the old version, move it away, and load the dump."
        )


def password_of(cluster: Path) -> str:
    return (cluster / PASSWORD).read_text()


def _make(places: Places, binaries: Path, half: Path, *, durable: bool) -> None:
    """In a folder beside it that is renamed when all is done: half a cluster is never taken for one."""
    say("Creating the database …")
    half.mkdir(mode=0o700)
    secret = half / PASSWORD
    secret.touch(mode=0o600)
    secret.write_text(secrets.token_urlsafe(24))
    if places.account:
        for path in (half, secret):
            os.chown(path, places.account.uid, places.account.gid)
    # A builtin locale sorts the same on every machine, whatever its libc.
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--username={USER}"]
    options += [f"--pwfile={secret}", f"--pgdata={half / 'data'}"] + ([] if durable else ["--no-sync"])
    command = launched([str(binaries / "initdb"), *options], signal.SIGKILL, places.account)
    # A session of its own: it takes a second, and then Ctrl-C is obeyed in order.
    done = subprocess.run(
        command, cwd="/", env=ENVIRONMENT, capture_output=True, text=True, check=False, start_new_session=True
    )
    if done.returncode:
        raise Refused(f"initdb failed:\n{(done.stdout + done.stderr).strip()}")
    secret.rename(half / "data" / PASSWORD)
    (half / "data").rename(places.cluster)
    half.rmdir()


def _outlived_var(places: Places) -> bool:
    """For root the cluster lies outside var/, and stays when that is deleted with all the files it names."""
    return places.instance == RUN and places.home != places.var and places.cluster.exists()


def _set_aside(cluster: Path, why: str) -> None:
    """No Postgres can start it, or no page could show its files; but it isn't ours to delete."""
    if not any(cluster.iterdir()):
        cluster.rmdir()
        return
    aside = cluster.with_name(f"pg.unusable-{time.time_ns()}")
    cluster.rename(aside)
    say(f"{why} It was moved to {aside}, and a new one was created.")


def _stop_orphan(cluster: Path) -> None:
    """End a postmaster that outlived its supervisor, and drop a pid file that names somebody else.

    Postgres takes any living process of that pid for a postmaster and refuses to start. A dead
    one's file is left to it: it looks there for backends that are still at work.
    """
    pid_file = cluster / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    for stop, patience in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0)):
        if not _runs_cluster(pid, cluster):
            break
        os.kill(pid, stop)
        deadline = time.monotonic() + patience
        while _runs_cluster(pid, cluster) and time.monotonic() < deadline:
            time.sleep(0.05)
    if Path(f"/proc/{pid}").exists():
        pid_file.unlink(missing_ok=True)


def _runs_cluster(pid: int, cluster: Path) -> bool:
    """True if this process is a postmaster on that folder, which is where each of them stands."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(cluster)
    except OSError:
        return False
