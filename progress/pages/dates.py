"""The dates of a student in the order in which they matter: what is late, what comes, what has been."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from progress.selectors.dates import Date


@dataclass(frozen=True)
class Group:
    anchor: str
    title: str
    dates: list[Date]


def groups(dates: list[Date], now: datetime) -> list[Group]:
    """Those that have dates; what has been stands with the latest first."""
    seconds = now.timestamp()
    late = [date for date in dates if date.step.is_pending(before=seconds)]
    coming = [date for date in dates if date.at >= seconds]
    open_ones = {date.step for date in late}
    past = [date for date in reversed(dates) if date.at < seconds and date.step not in open_ones]
    found = [
        Group("late", gettext("Late, but still open"), late),
        Group("coming", gettext("Coming up"), coming),
        Group("past", gettext("Past"), past),
    ]
    return [group for group in found if group.dates]
