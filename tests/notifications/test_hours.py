"""Quiet hours and hours of a day, over every zone and every change of its clock from 2024 to 2030."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.db import connection

from notifications.models import MOST_QUIET_HOURS
from tests.conftest import SOAK

pytestmark = pytest.mark.django_db
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC)
# Around a change of the clock, and anywhere.
NEAR_A_CHANGE, ANYWHERE = (40, 200) if SOAK else (6, 6)

QUIET = """
SELECT s.zone, s.at, s.quiet_from, s.quiet_hours, r.decent,
       (date_part('hour', r.decent AT TIME ZONE s.zone)::int - s.quiet_from + 24) %% 24 < s.quiet_hours AS is_quiet,
       (date_part('hour', s.at AT TIME ZONE s.zone)::int - s.quiet_from + 24) %% 24 < s.quiet_hours AS was_quiet
  FROM unnest(%(zone)s::text[], %(at)s::timestamptz[], %(quiet_from)s::int[], %(quiet_hours)s::int[])
       AS s(zone, at, quiet_from, quiet_hours),
       LATERAL (SELECT notifications_decent(s.at, s.zone, s.quiet_from, s.quiet_hours) AS decent) AS r
"""
HOUR = """
SELECT s.zone, s.at, s.quiet_from, s.quiet_hours, (s.at AT TIME ZONE s.zone)::date AS day,
       (r.at_hour AT TIME ZONE s.zone)::date AS day_of_it,
       (date_part('hour', r.at_hour AT TIME ZONE s.zone)::int - s.quiet_from + 24) %% 24 < s.quiet_hours AS is_quiet
  FROM unnest(%(zone)s::text[], %(at)s::timestamptz[], %(quiet_from)s::int[], %(quiet_hours)s::int[])
       AS s(zone, at, quiet_from, quiet_hours),
       LATERAL (SELECT notifications_at_hour((s.at AT TIME ZONE s.zone)::date, %(hour)s, s.zone, s.quiet_from,
                                             s.quiet_hours) AS at_hour) AS r
"""


def changes(zone: str) -> list[datetime]:
    """The instants, to the hour, at which the clocks of a zone are changed."""
    there, found, at = ZoneInfo(zone), [], FIRST
    while at < LAST:
        ahead = at + timedelta(days=7)
        if at.astimezone(there).utcoffset() != ahead.astimezone(there).utcoffset():
            hours = (at + timedelta(hours=n) for n in range(1, 7 * 24 + 1))
            found.append(next(h for h in hours if h.astimezone(there).utcoffset() != at.astimezone(there).utcoffset()))
        at = ahead
    return found


def known_to_postgres() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names")
        return sorted({name for (name,) in cursor} & available_timezones())


def samples() -> dict[str, list[object]]:
    chance, columns = random.Random(10), {"zone": [], "at": [], "quiet_from": [], "quiet_hours": []}
    for zone in known_to_postgres():
        moments = [FIRST + (LAST - FIRST) * chance.random() for _ in range(ANYWHERE)]
        if "/" in zone and (found := changes(zone)):
            moments += [chance.choice(found) + timedelta(hours=chance.uniform(-26, 26)) for _ in range(NEAR_A_CHANGE)]
        for at in moments:
            columns["zone"].append(zone)
            columns["at"].append(at)
            columns["quiet_from"].append(chance.choice([20, 21, 22, 0, 1, 2, chance.randrange(24)]))
            columns["quiet_hours"].append(chance.choice([11, 0, 1, MOST_QUIET_HOURS, chance.randrange(15)]))
    return columns


def asked(statement: str, **more: object) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**samples(), **more})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def test_decent_moment_is_never_quiet_nor_earlier_nor_put_off_without_need() -> None:
    rows = asked(QUIET)
    assert len(rows) > 3_000
    faults = [
        row
        for row in rows
        if (row["is_quiet"] and row["quiet_hours"])
        or row["decent"] < row["at"]
        or (not row["was_quiet"] and row["decent"] != row["at"])
        or row["decent"] - row["at"] > timedelta(hours=row["quiet_hours"] + 2)
    ]
    assert not faults, faults[:3]


@pytest.mark.parametrize("hour", [8, 17])
def test_hour_of_a_day_stays_on_its_day_and_out_of_quiet_hours(hour: int) -> None:
    rows = asked(HOUR, hour=hour)
    # A day on which the clock leaps over the hour, or that a zone left out altogether, has no such hour.
    faults = [row for row in rows if row["is_quiet"] or row["day_of_it"] != row["day"]]
    assert len(faults) <= len(rows) // 1_000, faults[:5]
