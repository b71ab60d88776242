"""One instance held open: its lock, its folders, its Postgres and its Redis."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.supervisor.homes import find_home
from config.supervisor.paths import Places, check_instance, make_folders, own_folder, unprivileged_account
from config.supervisor.postgres import start_postgres
from config.supervisor.processes import Keeper
from config.supervisor.redis import start_redis
from config.supervisor.signals import Signals
from config.supervisor.state import InstanceLock


@dataclass(frozen=True)
class Instance:
    places: Places
    lock: InstanceLock
    keeper: Keeper
    signals: Signals

    def start_postgres(self) -> str:
        return start_postgres(self.places, self.keeper, self.signals.is_over)

    def start_redis(self) -> str:
        return start_redis(self.places, self.keeper)


@contextmanager
def opened(var: Path, name: str) -> Iterator[Instance]:
    """Hold the instance; whatever ends the block, everything it started is stopped."""
    lock = InstanceLock(own_folder(var / check_instance(name)))
    lock.take()
    account = unprivileged_account()
    places = Places(var, name, find_home(var, account), account)
    make_folders(places)
    instance = Instance(places, lock, Keeper(), Signals())
    try:
        yield instance
    finally:
        instance.keeper.stop(instance.signals.in_a_hurry)
        lock.release()
