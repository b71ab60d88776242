"""The working calendar of a cohort: as it is saved, kept filled, and read."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from courses import public_holidays
from courses.models import Cohort, DayOff, WorkingCalendar
from courses.services import calendars, cohorts
from courses.services.calendars import Span, Wanted
from courses.tasks import fill_calendars
from courses.working_days import after
from tests.cast import Cast
from tests.factories import courses as make

pytestmark = pytest.mark.django_db
BAVARIA = Wanted(country="DE", subdivision="BY")
TODAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
BREAK = Span(date(2026, 12, 21), date(2027, 1, 2), "Winter break")


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


def off(cohort: Cohort) -> dict[str, str]:
    return {str(one.day): one.name for one in DayOff.objects.filter(cohort=cohort).order_by("day")}


def years(cohort: Cohort) -> tuple[str, str]:
    days = list(off(cohort))
    return days[0][:4], days[-1][:4]


def test_a_cohort_works_from_monday_to_friday_until_somebody_says_otherwise(cast: Cast) -> None:
    found = calendars.calendar_of(cast.cohort)
    assert (found.weekdays, found.days_off, str(found.zone)) == ({1, 2, 3, 4, 5}, frozenset(), "Europe/Berlin")
    assert calendars.wanted_of(cast.cohort) == (Wanted(), 0)


def test_holidays_come_by_country_and_region(cast: Cast) -> None:
    calendars.save(cast.cohort, Wanted(country="DE"))
    assert "2026-12-25" in off(cast.cohort)
    assert "2027-01-06" not in off(cast.cohort)
    calendars.save(cast.cohort, BAVARIA)
    assert off(cast.cohort)["2027-01-06"] == "Epiphany"
    calendars.save(cast.cohort, Wanted())
    assert off(cast.cohort) == {}


def test_what_is_typed_stands_beside_the_holidays_and_keeps_its_name(cast: Cast) -> None:
    calendars.save(cast.cohort, Wanted(country="DE", typed=[BREAK]))
    found = off(cast.cohort)
    assert [found[f"2026-12-{day}"] for day in (21, 25, 31)] == ["Winter break"] * 3
    assert found["2027-05-01"] == "Labor Day"
    wanted, revision = calendars.wanted_of(cast.cohort)
    assert (wanted.typed, wanted.country, revision) == ([BREAK], "DE", 1)
    calendars.save(cast.cohort, Wanted(country="DE"))
    assert off(cast.cohort)["2026-12-25"] == "Christmas Day"


def test_days_with_another_name_or_apart_are_spans_of_their_own(cast: Cast) -> None:
    spans = [
        Span(date(2027, 3, 1), date(2027, 3, 2), "Field trip"),
        Span(date(2027, 3, 3), date(2027, 3, 3), "Sports day"),
        Span(date(2027, 3, 5), date(2027, 3, 5), "Sports day"),
    ]
    calendars.save(cast.cohort, Wanted(typed=spans))
    assert calendars.wanted_of(cast.cohort)[0].typed == spans


def test_promises_count_in_it(cast: Cast) -> None:
    calendars.save(cast.cohort, Wanted(country="DE", typed=[BREAK]))
    friday = datetime(2026, 12, 18, 14, tzinfo=UTC)
    assert after(friday, 1, calendars.calendar_of(cast.cohort)) == datetime(2027, 1, 4, 14, tzinfo=UTC)


def test_calendars_are_read_in_one_query_however_many(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    calendars.save(cast.cohort, BAVARIA)
    calendars.save(cast.elsewhere, Wanted(weekdays=[6, 7]))
    with django_assert_num_queries(1):
        calendars.calendar_of(cast.cohort)
    with django_assert_num_queries(1):
        found = calendars.calendars_of([cast.cohort, cast.elsewhere, make.CohortFactory.build(pk=999, timezone="UTC")])
    assert date(2027, 1, 6) in found[cast.cohort.pk].days_off
    assert [found[key].weekdays for key in (cast.elsewhere.pk, 999)] == [{6, 7}, {1, 2, 3, 4, 5}]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        # A week before its first day, and the year after its last.
        (date(2027, 1, 4), date(2027, 6, 30), ("2026", "2028")),
        (date(2026, 9, 1), date(2026, 12, 18), ("2026", "2027")),
        (date(2026, 9, 1), None, ("2026", "2028")),
        (date(2030, 9, 1), None, ("2030", "2032")),
        # Of a long one, as far ahead as anybody is promised anything.
        (date(2020, 1, 20), date(2099, 12, 31), ("2020", "2028")),
    ],
)
def test_holidays_are_known_for_the_years_that_matter(
    cast: Cast, starts: date, ends: date | None, expected: tuple[str, str]
) -> None:
    cast.cohort.starts_on, cast.cohort.ends_on = starts, ends
    cohorts.save_cohort(cast.cohort)
    calendars.save(cast.cohort, Wanted(country="DE"))
    assert years(cast.cohort) == expected


def test_dates_of_a_cohort_that_change_bring_other_years(cast: Cast) -> None:
    calendars.save(cast.cohort, Wanted(country="DE", typed=[BREAK]))
    cast.cohort.starts_on, cast.cohort.ends_on = date(2028, 1, 20), date(2028, 9, 30)
    cohorts.save_cohort(cast.cohort)
    found = off(cast.cohort)
    assert min(found) == "2026-12-21", "What was typed is kept."
    assert max(found)[:4] == "2029"
    assert "2027-05-01" not in found


def test_the_nightly_job_adds_a_year_once_it_comes_near(cast: Cast, clock: time_machine.Traveller) -> None:
    calendars.save(cast.cohort, Wanted(country="DE", typed=[BREAK]))
    calendars.save(cast.elsewhere, Wanted())
    assert calendars.fill_lacking(time.monotonic() + 60) == 0
    clock.move_to(datetime(2027, 1, 1, 4, tzinfo=UTC))
    assert fill_calendars() == 1
    assert years(cast.cohort) == ("2025", "2029")
    assert off(cast.cohort)["2026-12-25"] == "Winter break"
    assert fill_calendars() == 0


def test_the_nightly_job_brings_what_a_newer_release_knows(cast: Cast) -> None:
    calendars.save(cast.cohort, Wanted(country="DE"))
    WorkingCalendar.objects.update(filled_by="0.1")
    DayOff.objects.filter(day="2026-12-25").delete()
    assert fill_calendars() == 1
    assert off(cast.cohort)["2026-12-25"] == "Christmas Day"
    assert fill_calendars() == 0


def test_the_nightly_job_stops_in_time_and_passes_over_deleted_cohorts(cast: Cast) -> None:
    for cohort in (cast.cohort, cast.elsewhere):
        calendars.save(cohort, Wanted(country="DE"))
    WorkingCalendar.objects.update(filled_by="0.1")
    assert calendars.fill_lacking(time.monotonic() - 1) == 0
    Cohort.objects.filter(pk=cast.cohort.pk).update(deleted_at=TODAY)
    assert fill_calendars() == 1


def test_a_country_that_no_release_knows_any_more_has_no_holidays(cast: Cast) -> None:
    calendars.save(cast.cohort, Wanted(country="YU"))
    assert off(cast.cohort) == {}
    calendars.save(cast.cohort, Wanted(country="DE", subdivision="ZZ"))
    assert off(cast.cohort)["2026-12-25"] == "Christmas Day"


def test_a_later_change_is_not_taken_back_with_an_earlier_one(cast: Cast) -> None:
    first = calendars.save(cast.cohort, BAVARIA)
    assert calendars.save(cast.cohort, Wanted(weekdays=[1]), if_revision=first) == 2
    assert calendars.save(cast.cohort, BAVARIA, if_revision=first) is None
    assert calendars.calendar_of(cast.cohort).weekdays == {1}


@pytest.mark.parametrize("weekdays", [[], [0, 1], [1, 8]])
def test_a_week_without_a_working_day_or_with_an_eighth_is_not_stored(cast: Cast, weekdays: list[int]) -> None:
    with pytest.raises(IntegrityError, match="calendar_has_a_working_day"), transaction.atomic():
        calendars.save(cast.cohort, Wanted(weekdays=weekdays))


def test_a_region_belongs_to_a_country(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="calendar_region_of_a_country"), transaction.atomic():
        calendars.save(cast.cohort, Wanted(subdivision="BY"))


def test_days_off_go_with_their_cohort(cast: Cast) -> None:
    calendars.save(cast.elsewhere, Wanted(country="DE"))
    cast.elsewhere.enrolments.all().delete()
    cast.elsewhere.delete()
    assert not DayOff.objects.exists()


def test_statements_by_hand_find_a_row_for_each_day_off(cast: Cast) -> None:
    calendars.save(cast.cohort, Wanted(country="DE", typed=[BREAK]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE typed) FROM courses_dayoff WHERE day >= '2026-12-21'")
        every, typed = cursor.fetchone()
    assert typed == 13
    assert every > typed


def test_countries_have_the_names_that_time_zones_have_in_their_order() -> None:
    found = public_holidays.countries()
    assert found["DE"] == "Germany"
    assert list(found.values()).index("Åland Islands") < list(found.values()).index("Albania")
    assert len(found) > 240


def test_regions_have_names_and_not_abbreviations() -> None:
    assert public_holidays.subdivisions("DE")["BY"] == "Bayern"
    assert public_holidays.subdivisions("AT")["9"] == "Wien"
    assert public_holidays.subdivisions("FR")["971"] == "Guadeloupe"
    assert public_holidays.subdivisions("IE") == public_holidays.subdivisions("YU") == {}


@pytest.mark.parametrize("country", ["DE", "JP", "IL", "NZ", "BR", "EG"])
def test_holidays_are_named_in_english(country: str) -> None:
    names = public_holidays.in_years(country, "", [2027]).values()
    assert names
    assert all(name.isascii() for name in names), names


def test_no_process_loads_the_package_before_it_is_asked_for_a_holiday() -> None:
    started = (
        "import sys, django; django.setup()\n"
        "import config.urls, config.celery\n"
        "assert 'courses.services.calendars' in sys.modules\n"
        "assert 'holidays' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", started], check=True)
