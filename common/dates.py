"""Which dates a course may have, and how an instant is shown that no calendar of the reader's zone reaches.

Wide enough for every course that was or will be planned here; narrow enough that no sum of a start, days after it,
an accommodation and the distance of a zone leaves the years that Python, Postgres and browsers agree on (1 to 9999).
"""

from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common import zones

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
FIRST, LAST = datetime.combine(FIRST_DAY, time.min), datetime.combine(LAST_DAY, time(23, 59, 59))
# From a student's own start: ten years.
MOST_DAYS = 3_660
OUT_OF_BOUNDS = _("Choose a date between 2000 and 2099.")


def within_bounds(value: date) -> None:
    """A validator for dates and for wall times."""
    day = value.date() if isinstance(value, datetime) else value
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(OUT_OF_BOUNDS, code="out_of_bounds")


def local(moment: datetime, zone: tzinfo | None = None) -> datetime:
    """`moment` in `zone`, else the reader's own; as it is where the calendar ends on the way there."""
    try:
        return timezone.localtime(moment, zone)
    except OverflowError:
        return moment


def moment(seconds: float) -> datetime:
    """Unix seconds as an instant; the first or the last of the calendar for what lies beyond it."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC) if seconds > 0 else datetime.min.replace(tzinfo=UTC)


def at(instant: datetime) -> str:
    """In the reader's zone, with its name, for lines without markup: "Tue 24 November, 23:59 (Berlin)"."""
    return _at(instant, timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=4096)
def _at(instant: datetime, zone: tzinfo, language: str) -> str:
    """Remembered, because an inbox says it in every row. `language` is only the key."""
    return f"{date_format(local(instant, zone), 'D j F, H:i')} ({zones.city(str(zone))})"
