"""By when feedback is promised: counted in working days, until five in the afternoon. Knows no model and no request."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from courses.working_days import DAY, Calendar

# By the clocks of the cohort's zone: a promise ends with a working day, and work that comes later counts as the next's.
CLOSES = time(17)


@dataclass(frozen=True)
class Span:
    """Days on which somebody does not mark, the last one included: an absence, or a pause."""

    first: date
    last: date

    def days(self) -> Iterable[date]:
        return (self.first + DAY * number for number in range((self.last - self.first).days + 1))


def promised(counted_from: datetime, working_days: int, calendar: Calendar, away: Iterable[Span] = ()) -> datetime:
    """So many working days later, at 17:00 in the calendar's zone; in UTC.

    - What comes after 17:00, or on a day off, counts as having come on the next working day.
    - Tuesday 16:59 and three days is Friday 17:00; Tuesday 17:01 is Monday.
    - Days of `away` are no working days.
    - Where clocks show 17:00 twice, the later; where they leave it out, the instant that Postgres would make of it.

    `working_days` is 1 at least.
    """
    calendar = without(calendar, away)
    local = counted_from.astimezone(calendar.zone)
    day = local.date()
    if not calendar.works_on(day) or local.time() > CLOSES:
        day = calendar.next_after(day)
    for _ in range(working_days):
        day = calendar.next_after(day)
    return calendar.instant(day, CLOSES)


def without(calendar: Calendar, away: Iterable[Span]) -> Calendar:
    """The calendar of somebody who is away on those days."""
    gone = frozenset(day for span in away for day in span.days())
    return replace(calendar, days_off=calendar.days_off | gone) if gone else calendar
