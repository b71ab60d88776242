"""Counting in working days, as a promise of feedback does. Knows no cohort: `courses.services.calendars` has theirs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The days of the week on which people work (Monday is 1), the dates on which they do not, and where they live."""

    weekdays: frozenset[int]
    days_off: frozenset[date]
    zone: tzinfo

    def __post_init__(self) -> None:
        if not self.weekdays & set(range(1, 8)):
            raise ValueError("A calendar without a working day never comes to an end.")

    def works_on(self, day: date) -> bool:
        return day.isoweekday() in self.weekdays and day not in self.days_off

    def next_after(self, day: date) -> date:
        """The next working day."""
        day += DAY
        while not self.works_on(day):
            day += DAY
        return day

    def instant(self, day: date, clock: time) -> datetime:
        """In UTC. An hour that clocks leave out, or show twice, is the later of its two readings, as in Postgres."""
        return max(datetime.combine(day, clock.replace(fold=fold), self.zone).astimezone(UTC) for fold in (0, 1))


def after(instant: datetime, working_days: int, calendar: Calendar) -> datetime:
    """The same time of day, that many working days later, by the clocks of the calendar's zone; in UTC.

    - Friday 15:00 and one working day is Monday 15:00, where Saturday and Sunday are off.
    - What happens on a day off waits: it counts from the first moment of the next working day. Saturday and one working
      day is the first moment of Tuesday, for all of Monday has passed by then; and none at all is that of Monday.
    - An hour that clocks leave out on that day, or show twice, is that of `Calendar.instant`.

    Takes a step for each day that it passes, and passes no more than a week for each working day and each day off.
    """
    local = instant.astimezone(calendar.zone)
    day, clock = local.date(), local.time()
    if not calendar.works_on(day):
        day, clock = calendar.next_after(day), time.min
        instant = datetime.combine(day, clock, calendar.zone).astimezone(UTC)
    if working_days == 0:
        return instant.astimezone(UTC)
    for _ in range(working_days):
        day = calendar.next_after(day)
    return calendar.instant(day, clock)
