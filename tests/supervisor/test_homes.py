"""Which folder a clone's clusters live in when we are root: one of its own, that follows the clone."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.supervisor import homes
from config.supervisor.paths import Account, fingerprint

pytestmark = pytest.mark.supervisor
ACCOUNT = Account(65534, 65534)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "lib").mkdir()
    monkeypatch.setattr(homes, "BASES", (tmp_path / "missing", tmp_path / "lib"))
    return tmp_path


def var_of(base: Path, name: str) -> Path:
    (base / name / "var").mkdir(parents=True)
    return base / name / "var"


def test_it_is_var_itself_for_an_ordinary_account(base: Path) -> None:
    var = var_of(base, "clone")
    assert homes.find_home(var, None) == var


def test_it_is_the_same_every_time_and_another_for_another_clone(base: Path) -> None:
    one, two = var_of(base, "one"), var_of(base, "two")
    assert homes.find_home(one, ACCOUNT) == homes.find_home(one, ACCOUNT)
    assert homes.find_home(one, ACCOUNT) != homes.find_home(two, ACCOUNT)


def test_it_is_the_same_for_all_who_start_at_once(base: Path) -> None:
    var = var_of(base, "clone")

    def find(_: int) -> set[Path]:
        return {homes.find_home(var, ACCOUNT) for _ in range(100)}

    often, usual = 1e-6, sys.getswitchinterval()
    sys.setswitchinterval(often)
    try:
        with ThreadPoolExecutor(4) as together:
            assert set.union(*together.map(find, range(4))) == {base / "lib" / f"ownpace-{fingerprint(var)}"}
    finally:
        sys.setswitchinterval(usual)
    assert [*var.iterdir()] == [var / homes.POINTER]


@pytest.mark.parametrize("torn", [homes.POINTER, homes.CLAIM])
def test_it_is_the_same_after_a_power_cut_that_emptied_what_tells_of_it(base: Path, torn: str) -> None:
    var = var_of(base, "clone")
    home = homes.find_home(var, ACCOUNT)
    ({homes.POINTER: var, homes.CLAIM: home}[torn] / torn).write_bytes(b"")
    assert homes.find_home(var, ACCOUNT) == home


def test_it_is_found_again_when_var_was_deleted(base: Path) -> None:
    var = var_of(base, "clone")
    home = homes.find_home(var, ACCOUNT)
    shutil.rmtree(var)
    var.mkdir()
    assert homes.find_home(var, ACCOUNT) == home


def test_a_copied_clone_gets_its_own(base: Path) -> None:
    home = homes.find_home(var_of(base, "clone"), ACCOUNT)
    shutil.copytree(base / "clone", base / "copy")
    assert homes.find_home(base / "copy" / "var", ACCOUNT) != home
    assert homes.find_home(base / "clone" / "var", ACCOUNT) == home


def test_a_moved_clone_takes_it_along(base: Path) -> None:
    home = homes.find_home(var_of(base, "clone"), ACCOUNT)
    (base / "clone").rename(base / "moved")
    assert homes.find_home(base / "moved" / "var", ACCOUNT) == home
    assert homes.find_home(var_of(base, "clone"), ACCOUNT) != home
