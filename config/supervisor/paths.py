"""Where one instance of one clone keeps its state, its sockets and its logs."""

import hashlib
import os
import pwd
import re
import stat
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = "run"
TAKEN = frozenset({"log", "mail", "media", "static"})  # folders of var/ that are no instance
# A socket's path may have 107 bytes and a clone's more than that; TMPDIR may be long as well, and
# may differ between two terminals.
SHORT = Path("/tmp")


class Refused(Exception):
    """What keeps us from going on, in one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """Whom Postgres runs as when we are root, because it refuses to be root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The folders of one instance; ``home`` holds clusters and is ``var`` itself unless we are root."""

    var: Path
    instance: str
    home: Path
    account: Account | None

    @property
    def state(self) -> Path:
        return self.var / self.instance

    @property
    def logs(self) -> Path:
        return self.var / "log" if self.instance == RUN else self.state / "log"

    @property
    def cluster(self) -> Path:
        return self.home / self.instance / "pg"

    @property
    def short(self) -> Path:
        return SHORT / f"ownpace-{os.geteuid()}-{fingerprint(self.var)}"

    @property
    def postgres_socket(self) -> Path:
        return self.short / self.instance / "pg"

    @property
    def redis_socket(self) -> Path:
        return self.short / self.instance / "redis" / "redis.sock"


def var_folder(root: Path = ROOT) -> Path:
    """Where state lives: the same rule as in the settings."""
    return Path(os.environ.get("OWNPACE_VAR") or root / "var").resolve()


def fingerprint(var: Path) -> str:
    return hashlib.sha256(os.fsencode(var)).hexdigest()[:10]


def check_instance(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", name) or name in TAKEN:
        raise Refused(f"{name!r} can't name an instance: use a-z, 0-9 and -, at most 30.")
    return name


def unprivileged_account() -> Account | None:
    """None unless we are root; initdb wants an account that has a name."""
    if os.geteuid() != 0:
        return None
    for name in ("nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise Refused("Postgres can't run as root, and this system has no account 'nobody'.")


def own_folder(path: Path, mode: int = 0o700, account: Account | None = None) -> Path:
    """Make a folder that is ours alone, or refuse one that somebody else put in its place."""
    path.mkdir(parents=True, exist_ok=True, mode=mode)
    found = path.lstat()
    wanted = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {wanted, os.geteuid()}:
        raise Refused(f"{path} belongs to another user. Remove it, or ask its owner to.")
    if account and found.st_uid != account.uid:
        os.chown(path, account.uid, account.gid)
    if stat.S_IMODE(found.st_mode) != mode:
        path.chmod(mode)
    return path


def make_folders(places: Places) -> None:
    own_folder(places.state)
    own_folder(places.logs)
    # The account must be able to walk through to its socket; it needn't see what lies beside it.
    walk_through = 0o711 if places.account else 0o700
    own_folder(places.short, walk_through)
    own_folder(places.short / places.instance, walk_through)
    own_folder(places.postgres_socket, account=places.account)
    own_folder(places.redis_socket.parent)
    own_folder(places.cluster.parent, walk_through)
