"""Instants come out of Postgres as they went in, however it writes them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from common.postgres.base import InstantLoader
from tests.conftest import SOAK

pytestmark = pytest.mark.django_db


def read(words: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::timestamptz", [words])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-11-30 17:39:10+00", datetime(2026, 11, 30, 17, 39, 10, tzinfo=UTC)),
        ("2026-11-30 17:39:10.5+02", datetime(2026, 11, 30, 15, 39, 10, 500_000, tzinfo=UTC)),
        ("2026-11-30 17:39:10.000001-05:30", datetime(2026, 11, 30, 23, 9, 10, 1, tzinfo=UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_instant_is_read_in_utc(written: str, at: datetime) -> None:
    found = read(written)
    assert (found, found.tzinfo) == (at, UTC)


@settings(max_examples=5_000 if SOAK else 100, deadline=None)
@given(at=st.datetimes(timezones=st.just(UTC)))
def test_it_reads_what_django_reads(at: datetime) -> None:
    written = f"{at.year:04}-{at:%m-%d %H:%M:%S}{at:.%f}".rstrip("0").rstrip(".").encode() + b"+00"
    ours, theirs = InstantLoader(1184, connection.connection), InstantLoader.__base__(1184, connection.connection)
    assert ours.load(written) == at
    assert theirs.load(written).replace(tzinfo=UTC) == at


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Argentina/Buenos_Aires", "Europe/London"])
def test_session_in_another_zone_tells_the_same_instant(zone: str) -> None:
    at = datetime(1880, 7, 1, 12, tzinfo=UTC)
    for later in (timedelta(0), timedelta(days=146 * 365)):
        written = (at + later).isoformat()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('TimeZone', %s, true), %s::text::timestamptz", [zone, written])
            cursor.execute("SELECT %s::text::timestamptz", [written])
            assert cursor.fetchone()[0] == at + later


@pytest.mark.parametrize("written", ["infinity", "-infinity", "0044-03-15 12:00:00+00 BC", "20000-01-01 00:00:00+00"])
def test_what_python_cannot_say_is_a_fault_and_no_other_instant(written: str) -> None:
    with pytest.raises(DataError):
        read(written)
