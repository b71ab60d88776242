"""Counting in working days: by the calendar of one cohort, in its own zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from courses.working_days import Calendar, after

MONDAY_TO_FRIDAY = frozenset(range(1, 6))


def calendar(*days_off: str, weekdays: frozenset[int] = MONDAY_TO_FRIDAY, zone: str = "Europe/Berlin") -> Calendar:
    return Calendar(weekdays, frozenset(map(date.fromisoformat, days_off)), ZoneInfo(zone))


def counted(wall: str, days: int, by: Calendar) -> str:
    """From and to a time on the wall of the calendar's zone."""
    found = after(datetime.fromisoformat(wall).replace(tzinfo=by.zone), days, by)
    assert found.tzinfo is UTC
    return found.astimezone(by.zone).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("wall", "days", "expected"),
    [
        ("2026-11-24T15:00", 1, "Wed 2026-11-25 15:00"),
        ("2026-11-27T15:00", 1, "Mon 2026-11-30 15:00"),
        ("2026-11-27T15:00", 6, "Mon 2026-12-07 15:00"),
        ("2026-11-27T15:00", 0, "Fri 2026-11-27 15:00"),
        # A whole Monday has to pass for what came at the weekend.
        ("2026-11-28T15:00", 1, "Tue 2026-12-01 00:00"),
        ("2026-11-29T23:59", 3, "Thu 2026-12-03 00:00"),
        ("2026-11-28T15:00", 0, "Mon 2026-11-30 00:00"),
    ],
)
def test_the_same_time_of_day_that_many_working_days_later(wall: str, days: int, expected: str) -> None:
    assert counted(wall, days, calendar()) == expected


def test_days_off_are_passed_over_at_either_end_and_in_between() -> None:
    christmas = calendar("2026-12-24", "2026-12-25", "2026-12-28")
    assert counted("2026-12-23T10:00", 1, christmas) == "Tue 2026-12-29 10:00"
    assert counted("2026-12-24T10:00", 1, christmas) == "Wed 2026-12-30 00:00"
    # A day off on a Saturday takes no working day away.
    assert counted("2026-12-18T10:00", 1, calendar("2026-12-19")) == "Mon 2026-12-21 10:00"


def test_the_week_is_the_one_that_the_calendar_names() -> None:
    from_sunday = calendar(weekdays=frozenset({7, 1, 2, 3, 4}), zone="Asia/Jerusalem")
    assert counted("2026-11-26T15:00", 1, from_sunday) == "Sun 2026-11-29 15:00"
    mondays = calendar(weekdays=frozenset({1}))
    assert counted("2026-11-30T15:00", 2, mondays) == "Mon 2026-12-14 15:00"


def test_it_is_the_zone_of_the_calendar_that_says_which_day_it_is() -> None:
    friday_evening = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
    assert after(friday_evening, 1, calendar(zone="UTC")) == datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    # There it is Saturday noon by then.
    auckland = calendar(zone="Pacific/Auckland")
    assert after(friday_evening, 1, auckland) == datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        # The hour stays, whatever the clocks did over the weekend.
        ("Europe/Berlin", "2026-03-27T09:00", datetime(2026, 3, 30, 7, tzinfo=UTC)),
        ("Europe/Berlin", "2026-10-23T09:00", datetime(2026, 10, 26, 8, tzinfo=UTC)),
    ],
)
def test_clocks_that_change_on_the_way_change_no_hour(zone: str, wall: str, expected: datetime) -> None:
    by = calendar(zone=zone)
    assert after(datetime.fromisoformat(wall).replace(tzinfo=by.zone), 1, by) == expected


@pytest.mark.parametrize(
    ("zone", "day", "wall"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30"),
        ("Europe/Berlin", "2026-10-25", "02:30"),
        ("America/New_York", "2026-03-08", "02:30"),
        ("America/New_York", "2026-11-01", "01:30"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45"),
        ("Asia/Beirut", "2026-03-29", "00:00"),
    ],
)
def test_an_hour_that_clocks_leave_out_or_show_twice_is_what_it_is_to_postgres(
    db: None, zone: str, day: str, wall: str
) -> None:
    by = calendar(weekdays=frozenset(range(1, 8)), zone=zone)
    before = datetime.fromisoformat(f"{day}T{wall}").replace(tzinfo=by.zone) - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamp AT TIME ZONE %s", [f"{day} {wall}", zone])
        assert after(before, 1, by) == cursor.fetchone()[0]


def test_a_day_that_begins_after_midnight_begins_when_it_does() -> None:
    beirut = calendar("2026-03-28", weekdays=frozenset(range(1, 8)), zone="Asia/Beirut")
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert after(saturday, 0, beirut) == datetime(2026, 3, 28, 22, tzinfo=UTC)


def test_a_calendar_without_a_working_day_is_none() -> None:
    with pytest.raises(ValueError, match="without a working day"):
        calendar(weekdays=frozenset())


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
CALENDARS = st.builds(
    Calendar,
    st.frozensets(st.integers(1, 7), min_size=1),
    st.frozensets(DAYS, max_size=60),
    st.sampled_from([ZoneInfo(name) for name in ("Europe/Berlin", "America/St_Johns", "Pacific/Auckland", "UTC")]),
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(INSTANTS, st.integers(0, 60), CALENDARS)
def test_it_ends_on_a_working_day_with_the_promised_number_between(instant: datetime, days: int, by: Calendar) -> None:
    found = after(instant, days, by)
    assert found >= instant
    first, last = instant.astimezone(by.zone).date(), found.astimezone(by.zone).date()
    assert by.works_on(last)
    passed = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    # What came on a day off counts from the next working day, which is then one of those that were passed.
    assert sum(map(by.works_on, passed)) == days + (not by.works_on(first))


@given(INSTANTS, st.integers(0, 20), st.integers(0, 20), CALENDARS)
def test_what_comes_later_is_never_due_earlier(instant: datetime, days: int, hours: int, by: Calendar) -> None:
    assert after(instant, days, by) <= after(instant + timedelta(hours=hours), days, by) + timedelta(hours=1)
    assert after(instant, days, by) < after(instant, days + 1, by)
