"""Wall time into instants: hours that never happen, hours that happen twice, and every zone there is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.fields import ABBREVIATIONS
from courses.models import Activity, Cohort, DueDate, EffectiveDue, Enrolment
from tests.cast import Cast
from tests.conftest import SOAK
from tests.factories import courses as make

FIRST, LAST = date(2026, 1, 1), date(2036, 12, 31)
# Each changes its clocks in a way of its own.
QUICK = ["Africa/Cairo", "America/Santiago", "Australia/Lord_Howe", "Europe/Dublin"]
# Postgres 18.4 came with older rules for these.
QUICK += ["Africa/Casablanca", "America/Edmonton"]
BATCH = 40


def instants(cast: Cast, walls: list[tuple[str, datetime]]) -> list[datetime]:
    """What the view makes of wall times, each in its own zone."""
    DueDate.objects.all().delete()
    known = Activity.objects.filter(module=cast.module).count()
    Activity.objects.bulk_create(
        make.ActivityFactory.build(module=cast.module, position=1000 + known + more)
        for more in range(len(walls) - known)
    )
    activities = Activity.objects.filter(module=cast.module).order_by("pk")[: len(walls)]
    rows = [
        DueDate(cohort=cast.cohort, activity=activity, zone=zone, suggested_wall=wall)
        for activity, (zone, wall) in zip(activities, walls, strict=True)
    ]
    DueDate.objects.bulk_create(rows)
    return list(
        EffectiveDue.objects.filter(enrolment=cast.enrolment).order_by("activity").values_list("due_at", flat=True)
    )


def expected(zone: str, wall: datetime) -> datetime:
    """The later reading of an hour that happens twice; one that never happens moves forward by the gap."""
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    return (second if first.utcoffset() > second.utcoffset() else first).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        # Never on a clock: the hour after midnight.
        ("America/Santiago", "2026-09-06T00:30", "2026-09-06T04:30+00:00"),
        ("Africa/Cairo", "2026-04-24T00:15", "2026-04-23T22:15+00:00"),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30+00:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45+00:00"),
        # Twice on a clock: the usual deadline among them.
        ("America/Santiago", "2026-04-04T23:59", "2026-04-05T03:59+00:00"),
        ("Africa/Cairo", "2026-10-29T23:59", "2026-10-29T21:59+00:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T01:30+00:00"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T15:15+00:00"),
        # Nothing special, at the edges of the map.
        ("Pacific/Kiritimati", "2026-06-01T23:59", "2026-06-01T09:59+00:00"),
        ("Asia/Kathmandu", "2026-06-01T12:00", "2026-06-01T06:15+00:00"),
    ],
)
def test_wall_time_becomes_the_instant_that_favours_the_student(cast: Cast, zone: str, wall: str, instant: str) -> None:
    assert instants(cast, [(zone, datetime.fromisoformat(wall))]) == [datetime.fromisoformat(instant)]


def test_days_after_the_start_can_end_in_an_hour_that_never_happens(cast: Cast) -> None:
    Cohort.objects.update(timezone="America/Santiago")
    Enrolment.objects.update(started_on="2026-08-30")
    DueDate.objects.create(
        cohort=cast.cohort, activity=cast.reading, zone="America/Santiago", suggested_days=7, time_of_day="00:00"
    )
    due = EffectiveDue.objects.get(enrolment=cast.enrolment).due_at
    assert due.astimezone(ZoneInfo("America/Santiago")).isoformat() == "2026-09-06T01:00:00-03:00"


ZONES = sorted(available_timezones() - set(ABBREVIATIONS))


def test_postgres_has_the_rules_of_every_zone_that_can_be_agreed_on(db: None) -> None:
    days = [datetime(year, month, 15, 12) for year in range(2026, 2032) for month in range(1, 13)]
    everywhere = [(zone, wall) for zone in available_timezones() for wall in days]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wall AT TIME ZONE zone FROM unnest(%s::text[], %s::timestamp[]) AS given (zone, wall)",
            [[zone for zone, _ in everywhere], [wall for _, wall in everywhere]],
        )
        read = [instant for (instant,) in cursor]
    other = {zone for (zone, wall), instant in zip(everywhere, read, strict=True) if instant != expected(zone, wall)}
    assert other == set(ABBREVIATIONS)


walls = st.builds(
    lambda day, minute: datetime.combine(day, time(minute // 60, minute % 60)),
    st.dates(FIRST, LAST),
    st.one_of(st.sampled_from([0, 30, 60, 90, 120, 150, 180, 1439]), st.integers(0, 1439)),
)


@settings(
    max_examples=400 if SOAK else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_what_was_agreed_is_what_the_clock_shows_in_every_zone(cast: Cast, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.tuples(st.sampled_from(ZONES), walls), min_size=1, max_size=BATCH))
    got = instants(cast, chosen)
    assert got == [expected(zone, wall) for zone, wall in chosen]
    for instant, (zone, wall) in zip(got, chosen, strict=True):
        shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert shown - wall == gap(zone, wall)


def gap(zone: str, wall: datetime) -> timedelta:
    """How long the clocks jumped over `wall`; nothing where it is on the clock."""
    before, after = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return max(timedelta(0), after - before)


def changes(zone: str, first: date, last: date) -> list[datetime]:
    """Every half hour of the days around each change of the clocks."""
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    offset = {day: datetime.combine(day, time(12), ZoneInfo(zone)).utcoffset() for day in days}
    near = {day for day in days[1:] if offset[day] != offset[day - timedelta(days=1)]}
    near |= {day - timedelta(days=1) for day in near}
    return [datetime.combine(day, time(0)) + timedelta(minutes=30 * n) for day in sorted(near) for n in range(48)]


def test_hours_around_every_change_of_the_clocks(cast: Cast) -> None:
    zones = ZONES if SOAK else QUICK
    last = date(2030 if SOAK else 2027, 1, 1)
    for zone in zones:
        chosen = [(zone, wall) for wall in changes(zone, date(2026, 1, 1), last)]
        assert instants(cast, chosen) == [expected(*one) for one in chosen], zone


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Santiago"])
def test_oracle_of_these_tests_finds_gaps(zone: str) -> None:
    found = {gap(zone, wall) for wall in changes(zone, date(2026, 1, 1), date(2027, 1, 1))}
    assert found == {timedelta(0), timedelta(hours=1)}
