"""The copy of Postgres that is run: its zones are Python's, and the wheel stays as it was installed."""

import importlib.util
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import tzdata

from config.supervisor.binaries import INSTALL, WHEEL, find_binaries
from config.supervisor.paths import Places

pytestmark = pytest.mark.supervisor
ZONES = Path("share", "postgresql", "timezone")


def read(folder: Path, package: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in (package / "zones").read_text().split()}


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    before = os.umask(0o077)
    yield Places(tmp_path, "test", tmp_path, None)
    os.umask(before)


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """A tzdata package in which one zone is new and another has changed."""
    package = tmp_path / "tzdata"
    (package / "zoneinfo" / "Moon").mkdir(parents=True)
    (package / "zoneinfo" / "Moon" / "Base").write_bytes(b"new")
    (package / "zoneinfo" / "Cuba").write_bytes(b"changed")
    (package / "zones").write_text("Cuba\nMoon/Base\n")
    (package / "__init__.py").touch()
    return package


def test_postgres_has_the_zones_of_the_tzdata_package(places: Places) -> None:
    package = Path(tzdata.__file__).parent
    assert read(find_binaries(places).parent / ZONES, package) == read(package / "zoneinfo", package)


def test_zones_of_another_version_are_laid_over_the_copy_and_not_over_the_wheel(
    places: Places, next_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.find_spec(WHEEL)
    assert spec
    assert spec.origin
    wheel = Path(spec.origin).parent / INSTALL / ZONES / "Cuba"
    installed = wheel.read_bytes()
    zones = find_binaries(places).parent / ZONES
    monkeypatch.setattr(tzdata, "__file__", str(next_release / "__init__.py"))
    monkeypatch.setattr(tzdata, "__version__", "2036.1")
    find_binaries(places)

    assert read(zones, next_release) == {"Cuba": b"changed", "Moon/Base": b"new"}
    assert wheel.read_bytes() == installed
    # Postgres' own account has to read them, whatever ours hides from others.
    assert {stat.S_IMODE(path.stat().st_mode) for path in zones.rglob("*")} == {0o644, 0o755}


def test_same_version_is_laid_once(places: Places) -> None:
    zones = find_binaries(places).parent / ZONES
    (zones / "Cuba").write_bytes(b"changed")
    find_binaries(places)
    assert (zones / "Cuba").read_bytes() == b"changed"
