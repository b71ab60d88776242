"""The working calendar of a cohort: when those who teach it are at work. What promises count in."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from common.dates import FIRST_DAY, LAST_DAY
from courses import public_holidays
from courses.models import Cohort, DayOff, WorkingCalendar
from courses.models.calendar import USUAL_WEEKDAYS
from courses.working_days import DAY, Calendar
from notifications.services import planning

# Beyond the year that runs: a promise of sixty working days, made on its last day, stays within.
YEARS_AHEAD = 2
# Before a cohort opens, its teachers are promised nothing; but a letter goes in the week of its first day.
BEFORE = timedelta(days=7)
COMING = timedelta(days=365)
# With `cohorts`, their keys, in the transaction of what may have changed that promises count in: days off, zone, the
# number of days.
CHANGED = Signal()
READ = """
SELECT h.id, k.weekdays, (SELECT array_agg(o.day) FROM courses_dayoff o WHERE o.cohort_id = h.id)
  FROM unnest(%(cohorts)s::bigint[]) AS h(id)
  LEFT JOIN courses_workingcalendar k ON k.cohort_id = h.id
"""
# The years are those of `_years`.
LACKING = """
SELECT h.id FROM courses_workingcalendar k JOIN courses_cohort h ON h.id = k.cohort_id
 WHERE k.country <> '' AND h.deleted_at IS NULL
   AND (k.filled_by <> %(release)s
        OR k.filled_to < least(extract(year FROM h.ends_on) + 1,
                               greatest(extract(year FROM h.starts_on), %(year)s) + %(ahead)s))
 ORDER BY h.id
"""


@dataclass(frozen=True)
class Span:
    """Days off that somebody typed: one day, or several in a row."""

    first: date
    last: date
    name: str

    def days(self) -> Iterable[date]:
        return (self.first + DAY * number for number in range((self.last - self.first).days + 1))


@dataclass(frozen=True)
class Wanted:
    """What a person says of a calendar; all else follows."""

    weekdays: Sequence[int] = USUAL_WEEKDAYS
    country: str = ""
    subdivision: str = ""
    typed: Sequence[Span] = field(default_factory=tuple)


def plain(wanted: Wanted) -> dict[str, Any]:
    """As plain data, to undo a change."""
    typed = [[span.first.isoformat(), span.last.isoformat(), span.name] for span in wanted.typed]
    return asdict(wanted) | {"weekdays": list(wanted.weekdays), "typed": typed}


def from_plain(values: Mapping[str, Any]) -> Wanted:
    typed = [Span(date.fromisoformat(first), date.fromisoformat(last), name) for first, last, name in values["typed"]]
    return Wanted(**{**values, "typed": typed})


def calendar_of(cohort: Cohort) -> Calendar:
    """For `courses.working_days`; costs one query."""
    return calendars_of([cohort])[cohort.pk]


def calendars_of(cohorts: Sequence[Cohort]) -> dict[int, Calendar]:
    """By the cohort's id, in one query."""
    zones = {cohort.pk: cohort.timezone for cohort in cohorts}
    with connection.cursor() as cursor:
        cursor.execute(READ, {"cohorts": list(zones)})
        return {
            key: Calendar(frozenset(weekdays or USUAL_WEEKDAYS), frozenset(days or ()), zones[key])
            for key, weekdays, days in cursor
        }


def wanted_of(cohort: Cohort) -> tuple[Wanted, int]:
    """What was said of the calendar last, and how often anything was: 0 for the usual one."""
    found = WorkingCalendar.objects.filter(cohort=cohort).first()
    if found is None:
        return Wanted(), 0
    typed = DayOff.objects.filter(cohort=cohort, typed=True).order_by("day").values_list("day", "name")
    return Wanted(found.weekdays, found.country, found.subdivision, _in_spans(typed)), found.revision


def coming(cohort: Cohort, today: date) -> list[Span]:
    """The days off of a year that take away a working day, each holiday or holidays by itself."""
    usual = calendar_of(cohort).weekdays
    days = DayOff.objects.filter(cohort=cohort, day__range=(today, today + COMING)).order_by("day")
    spans = _in_spans(days.values_list("day", "name"))
    return [span for span in spans if any(day.isoweekday() in usual for day in span.days())]


def _in_spans(days: Iterable[tuple[date, str]]) -> list[Span]:
    """Days in a row that have one name are one span again."""
    spans: list[Span] = []
    for day, name in days:
        if spans and spans[-1].name == name and spans[-1].last + DAY == day:
            spans[-1] = Span(spans[-1].first, day, name)
        else:
            spans.append(Span(day, day, name))
    return spans


@transaction.atomic
def save(cohort: Cohort, wanted: Wanted, *, if_revision: int | None = None) -> int | None:
    """Put the calendar in the place of the one that was; its revision. With `if_revision`, None where it has another.

    A day that was typed keeps its own name where it is also a holiday.
    """
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    standing = WorkingCalendar.objects.filter(cohort=cohort).first()
    revision = standing.revision if standing else 0
    if if_revision not in (None, revision):
        return None
    calendar = WorkingCalendar(
        cohort=cohort,
        weekdays=sorted(set(wanted.weekdays)),
        country=wanted.country,
        subdivision=wanted.subdivision,
        revision=revision + 1,
    )
    DayOff.objects.filter(cohort=cohort).delete()
    _write(cohort, {day: span.name for span in wanted.typed for day in span.days()}, typed=True)
    _fill(cohort, calendar)
    CHANGED.send(WorkingCalendar, cohorts=[cohort.pk])
    planning.soon()
    return calendar.revision


@transaction.atomic
def fill_again(cohort: Cohort) -> None:
    """Its first or last day may have changed, and with them the years whose holidays matter."""
    calendar = WorkingCalendar.objects.select_for_update().filter(cohort=cohort).exclude(country="").first()
    years = _years(cohort)
    if calendar and (calendar.filled_from, calendar.filled_to) != (years[0], years[-1]):
        _fill(cohort, calendar)
    # Its zone may have, too, and the days promised.
    CHANGED.send(WorkingCalendar, cohorts=[cohort.pk])


def fill_lacking(until: float) -> int:
    """How many calendars were filled that lacked a year or were filled by an older release of the package, before the
    clock of `time.monotonic` showed `until`; the next night goes on."""
    given = {"release": public_holidays.version(), "year": timezone.now().year, "ahead": YEARS_AHEAD}
    with connection.cursor() as cursor:
        cursor.execute(LACKING, given)
        lacking = [key for (key,) in cursor]
    filled = 0
    for key in lacking:
        if time.monotonic() > until:
            break
        with transaction.atomic():
            found = WorkingCalendar.objects.select_for_update(skip_locked=True, of=("self",)).select_related("cohort")
            if calendar := found.filter(cohort=key).first():
                _fill(calendar.cohort, calendar)
                CHANGED.send(WorkingCalendar, cohorts=[key])
                filled += 1
    return filled


def _years(cohort: Cohort) -> range:
    """Those in which its days off are asked for. Of a long cohort, the nightly job adds a year in time."""
    last = max(cohort.starts_on.year, timezone.now().year) + YEARS_AHEAD
    if cohort.ends_on:
        last = min(cohort.ends_on.year + 1, last)
    return range((cohort.starts_on - BEFORE).year, last + 1)


def _fill(cohort: Cohort, calendar: WorkingCalendar) -> None:
    years = _years(cohort)
    DayOff.objects.filter(cohort=cohort, typed=False).delete()
    if calendar.country:
        _write(cohort, public_holidays.in_years(calendar.country, calendar.subdivision, years), typed=False)
    calendar.filled_from, calendar.filled_to, calendar.filled_by = years[0], years[-1], public_holidays.version()
    calendar.save()


def _write(cohort: Cohort, days: Mapping[date, str], *, typed: bool) -> None:
    """A day that is off already keeps the name that it has."""
    rows = [
        DayOff(cohort=cohort, day=day, name=name, typed=typed)
        for day, name in days.items()
        if FIRST_DAY <= day <= LAST_DAY
    ]
    DayOff.objects.bulk_create(rows, ignore_conflicts=True)
