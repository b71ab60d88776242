"""The embedded PostgreSQL of one instance: its child process and its address."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from config.supervisor.binaries import find_binaries
from config.supervisor.cluster import ENVIRONMENT, USER, ensure_cluster, password_of
from config.supervisor.paths import Places, Refused
from config.supervisor.processes import Child, Keeper
from config.supervisor.say import say

DATABASE = "ownpace"
MAKE_DATABASE = f"""
SELECT 'CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING ''UTF8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""
NO_CONNECTION = 2  # the exit status of psql while the server is still starting
# Instances whose data nobody will miss, since every run makes it anew: they needn't wait for the
# disk at each commit. A crash of the machine may spoil such a cluster; a killed process can't.
THROWAWAY = frozenset({"test"})
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start_postgres(places: Places, keeper: Keeper, is_over: Callable[[], bool]) -> str:
    """Start it, wait until it answers, and return the DATABASE_URL."""
    durable = places.instance not in THROWAWAY
    binaries = find_binaries(places)
    ensure_cluster(places, binaries, durable=durable)
    keeper.start(_child(places, binaries, durable=durable))
    _wait_until_ready(places, binaries, keeper, is_over)
    return database_url(places)


def database_url(places: Places) -> str:
    """With the socket's folder as an encoded host: in ``?host=`` Django's dbshell would not find it."""
    password, host = (quote(part, safe="") for part in (password_of(places.cluster), str(places.postgres_socket)))
    return f"postgresql://{USER}:{password}@{host}/{DATABASE}"


def _child(places: Places, binaries: Path, *, durable: bool) -> Child:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(places.postgres_socket),
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "shared_buffers": "128MB",
        # Its three processes for reading ahead hold 10 MB, for one person's courses.
        "io_method": "sync",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Some containers have no shared memory that others than root may write to.
        "dynamic_shared_memory_type": "posix" if _has_shared_memory() else "mmap",
    } | ({} if durable else UNSAFE)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Child(
        name="postgres",
        command=[str(binaries / "postgres"), "-D", str(places.cluster), *options],
        folder=Path("/"),
        environment=ENVIRONMENT,
        log=places.logs / "postgres.log",
        account=places.account,
        # SIGINT is its "fast" shutdown: connections are cut and the data is written.
        death_signal=signal.SIGINT,
        stops=((signal.SIGINT, 10.0), (signal.SIGQUIT, 3.0)),
    )


def _has_shared_memory() -> bool:
    try:
        return bool(Path("/dev/shm").stat().st_mode & 0o002)
    except OSError:
        return False


def _wait_until_ready(places: Places, binaries: Path, keeper: Keeper, is_over: Callable[[], bool]) -> None:
    """As long as it takes while it lives: after a crash it may have much to replay."""
    started = time.monotonic()
    told = False
    while not is_over():
        keeper.tend()
        if any(places.postgres_socket.iterdir()):
            done = _make_database(places, binaries)
            if done.returncode == 0:
                return
            if done.returncode != NO_CONNECTION or "authentication failed" in done.stderr:
                raise Refused(f"Postgres is up but can't be used: {done.stderr.strip()}")
        if not told and time.monotonic() - started > 10:
            told = True
            say(f"Postgres is still getting ready; see {places.logs / 'postgres.log'}.")
        time.sleep(0.03)


def _make_database(places: Places, binaries: Path) -> subprocess.CompletedProcess[str]:
    """With psql, which starts twenty times faster than psycopg can be imported."""
    command = [str(binaries / "psql"), "-XqAt", "--set=ON_ERROR_STOP=1"]
    command += ["-h", str(places.postgres_socket), "-U", USER, "-d", "postgres"]
    environment = ENVIRONMENT | {"PGPASSWORD": password_of(places.cluster)}
    return subprocess.run(command, input=MAKE_DATABASE, env=environment, capture_output=True, text=True, check=False)
