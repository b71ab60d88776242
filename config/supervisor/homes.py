"""Finds the folder in which a clone's clusters live.

That is the clone's own var/, unless we are root: a clone may lie in a home that only root enters,
and Postgres has to run as somebody else. Then it is a folder outside, found by a pointer in var/.
"""

import os
import threading
from pathlib import Path

from config.supervisor.paths import Account, Refused, fingerprint, own_folder

POINTER = "postgres-home"
CLAIM = "clone"
# Not /tmp: the data has to survive a reboot.
BASES = (Path("/var/lib"), Path("/var/tmp"))


def find_home(var: Path, account: Account | None) -> Path:
    if account is None:
        return var
    home = _pointed_home(var) or _new_home(var)
    own_folder(home, 0o711)
    _put(home / CLAIM, var)
    _put(var / POINTER, home)
    return home


def _put(path: Path, folder: Path) -> None:
    """Whole or not at all: another supervisor of this clone, for another instance, may be reading it."""
    written = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    written.write_bytes(os.fsencode(folder))
    written.replace(path)


def _pointed_home(var: Path) -> Path | None:
    """The home that this clone used before; None for a copied clone, whose data is the original's."""
    home = _folder_in(var / POINTER)
    if home is None or not home.is_dir():
        return None
    return home if _is_free_for(home, var) else None


def _new_home(var: Path) -> Path:
    base = next((base for base in BASES if os.access(base, os.W_OK | os.X_OK)), None)
    if base is None:
        raise Refused(
            f"Neither {BASES[0]} nor {BASES[1]} can be written to, so there is nowhere to keep the Postgres data."
        )
    stem = base / f"ownpace-{fingerprint(var)}"
    names = (stem if n == 0 else stem.with_name(f"{stem.name}-{n}") for n in range(100))
    return next(home for home in names if not home.exists() or _is_free_for(home, var))


def _is_free_for(home: Path, var: Path) -> bool:
    """True if nobody else lives there: a clone that moved away takes its home along."""
    claimant = _folder_in(home / CLAIM)
    return claimant in (None, var) or _folder_in(claimant / POINTER) != home


def _folder_in(path: Path) -> Path | None:
    """None where there is no such file, or a power cut left nothing in it."""
    try:
        written = path.read_bytes()
    except OSError:
        return None
    return Path(os.fsdecode(written)) if written else None
