"""The day that is promised: over zones, clock changes, holidays, absences and pauses."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.working_days import Calendar
from feedback.promises import CLOSES, Span, promised
from tests.conftest import SOAK

MANY = settings(max_examples=5_000 if SOAK else 150, deadline=None)
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = sorted(available_timezones() - {"Factory", "localtime"})
FIRST, LAST = datetime(2024, 1, 1), datetime(2030, 12, 31, 23, 59)

instants = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
near_noon_of_a_change = st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2027, 4, 4), date(2028, 9, 24)])
at_a_change = st.builds(
    lambda day, minutes: datetime.combine(day, time(0), UTC) + timedelta(minutes=minutes),
    near_noon_of_a_change,
    st.integers(-3_000, 3_000),
)
starts = st.one_of(instants, at_a_change)
days_between = st.dates(FIRST.date(), LAST.date() + timedelta(days=120))
spans = st.lists(
    st.builds(lambda first, length: Span(first, first + DAY * length), days_between, st.integers(0, 40)), max_size=6
)
calendars = st.builds(
    Calendar,
    st.frozensets(st.integers(1, 7), min_size=1),
    st.frozensets(days_between, max_size=25),
    st.sampled_from(ZONES).map(ZoneInfo),
)
working_days = st.integers(1, 60)


def off(calendar: Calendar, away: Iterable[Span]) -> set[date]:
    return set(calendar.days_off) | {day for span in away for day in span.days()}


def works(calendar: Calendar, away: Iterable[Span], day: date) -> bool:
    return day.isoweekday() in calendar.weekdays and day not in off(calendar, away)


@MANY
@given(starts, working_days, calendars, spans)
def test_it_ends_at_five_on_a_working_day_after_just_so_many_of_them(
    start: datetime, days: int, calendar: Calendar, away: list[Span]
) -> None:
    found = promised(start, days, calendar, away)
    local, begun = found.astimezone(calendar.zone), start.astimezone(calendar.zone)
    assert found.tzinfo is UTC
    assert found > start
    assert local.time() == CLOSES
    assert works(calendar, away, local.date())
    # Counted the other way round: each working day after the first, which is that of the start if it came in time.
    between = [begun.date() + DAY * number for number in range(1, (local.date() - begun.date()).days + 1)]
    whole = sum(works(calendar, away, day) for day in between)
    in_time = works(calendar, away, begun.date()) and begun.time() <= CLOSES
    assert whole == days + (0 if in_time else 1)
    assert len(between) - whole <= sum(not works(calendar, away, day) for day in between)


@MANY
@given(starts, st.timedeltas(timedelta(0), timedelta(days=9)), working_days, calendars, spans)
def test_what_comes_later_is_never_promised_sooner(
    start: datetime, later: timedelta, days: int, calendar: Calendar, away: list[Span]
) -> None:
    assert promised(start, days, calendar, away) <= promised(start + later, days, calendar, away)


@MANY
@given(starts, working_days, calendars, spans, spans)
def test_more_days_away_never_bring_it_forward(
    start: datetime, days: int, calendar: Calendar, away: list[Span], more: list[Span]
) -> None:
    assert promised(start, days, calendar, away) <= promised(start, days, calendar, [*away, *more])


@MANY
@given(starts, working_days, calendars, spans)
def test_one_working_day_more_is_the_next_one(start: datetime, days: int, calendar: Calendar, away: list[Span]) -> None:
    one, next_one = promised(start, days, calendar, away), promised(start, days + 1, calendar, away)
    passed = (next_one.astimezone(calendar.zone).date() - one.astimezone(calendar.zone).date()).days
    day = one.astimezone(calendar.zone).date()
    assert passed >= 1
    assert not any(works(calendar, away, day + DAY * number) for number in range(1, passed))


@pytest.mark.parametrize(
    ("came", "days", "expected"),
    [
        ("2026-11-24 16:59", 3, "Fri 2026-11-27"),  # a Tuesday
        ("2026-11-24 17:00", 3, "Fri 2026-11-27"),
        ("2026-11-24 17:01", 3, "Mon 2026-11-30"),
        ("2026-11-28 09:00", 1, "Tue 2026-12-01"),  # a Saturday counts as Monday
        ("2026-03-27 12:00", 1, "Mon 2026-03-30"),  # over a night in which clocks change
        ("2026-12-23 12:00", 1, "Tue 2026-12-29"),
    ],
)
def test_as_people_count(came: str, days: int, expected: str) -> None:
    christmas = frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28)})
    by = Calendar(frozenset(range(1, 6)), christmas, BERLIN)
    found = promised(datetime.fromisoformat(came).replace(tzinfo=BERLIN), days, by)
    assert found.astimezone(BERLIN).strftime("%a %Y-%m-%d %H:%M") == f"{expected} 17:00"


def test_days_away_are_passed_over_and_those_before_it_change_nothing() -> None:
    by = Calendar(frozenset(range(1, 6)), frozenset(), BERLIN)
    tuesday = datetime(2026, 11, 24, 12, tzinfo=BERLIN)
    trip = Span(date(2026, 11, 25), date(2026, 12, 1))
    assert promised(tuesday, 1, by, [trip]).astimezone(BERLIN).date() == date(2026, 12, 2)
    assert promised(tuesday, 1, by, [Span(date(2026, 11, 2), date(2026, 11, 20))]) == promised(tuesday, 1, by)
