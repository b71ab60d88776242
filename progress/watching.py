"""What a student played of a lecture: reports of the player, how far they are believed, and the row they make.

A report carries absolute ranges of milliseconds. Ranges are united, so a report may come late, twice, out of order or
from two devices. It is believed as far as it can be true: nobody has played more than the time since the lecture was
first opened allows at the highest speed. What exceeds that is not cut off but answered "later": whoever watched
without a connection sends it again, and time makes it true.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg.types.multirange import Multirange

from common import dates
from common.timecode import LONGEST_MS
from courses.models import Activity, Enrolment
from progress.beacons import Refused
from progress.fields import literal

# A player counts in steps, and a signed opening in whole seconds.
GRACE = timedelta(seconds=1)
# A clock that says less is not set.
EARLIEST = dates.FIRST.replace(tzinfo=UTC)
MOST_RANGES = 500
Ranges = list[tuple[int, int]]


@dataclass(frozen=True)
class Report:
    """Half-open ranges in milliseconds, and where the player stood at an instant of its corrected clock."""

    ranges: Ranges
    position_ms: int
    at: datetime


@dataclass(frozen=True)
class Watched:
    covered: Ranges
    taken: bool

    @property
    def covered_ms(self) -> int:
        return length(self.covered)


def read(sent: dict[str, Any], duration_ms: int) -> Report:
    """A report as a player sends it, within the lecture's length. Raises Refused for what is no report."""
    try:
        if len(sent["ranges"]) > MOST_RANGES:
            raise Refused("Too many ranges at once.")
        ranges = [(int(start), int(end)) for start, end in sent["ranges"]]
        position, at = int(sent["position"]), datetime.fromtimestamp(int(sent["at"]) / 1000, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise Refused("A report holds ranges, a position and when it was there.") from error
    cut = [(max(0, start), min(end, duration_ms, LONGEST_MS)) for start, end in ranges]
    kept = [(start, end) for start, end in cut if start < end]
    return Report(kept, min(max(0, position), duration_ms), min(max(at, EARLIEST), timezone.now()))


# One statement, so that two devices cannot overwrite each other. `position` is the latest by the devices' corrected
# clocks; of two at one instant the further one, so that the order in which they come does not matter.
ADD = """
INSERT INTO progress_watch AS w (enrolment_id, activity_id, covered, position_ms, position_at, since)
SELECT %(enrolment)s::bigint, %(activity)s::bigint,
       CASE WHEN progress_covered_ms(new.ranges) <= progress_playable_ms(%(since)s, %(until)s)
            THEN new.ranges ELSE '{}' END,
       %(position)s::int, %(at)s::timestamptz, %(since)s::timestamptz
  FROM (SELECT %(ranges)s::int4multirange AS ranges) AS new
ON CONFLICT (enrolment_id, activity_id) DO UPDATE SET
    since = least(w.since, excluded.since),
    covered = CASE
        WHEN progress_covered_ms(w.covered + %(ranges)s::int4multirange)
             <= progress_playable_ms(least(w.since, excluded.since), %(until)s)
        THEN w.covered + %(ranges)s::int4multirange ELSE w.covered END,
    position_ms = CASE WHEN (excluded.position_at, excluded.position_ms) > (w.position_at, w.position_ms)
                       THEN excluded.position_ms ELSE w.position_ms END,
    position_at = greatest(w.position_at, excluded.position_at)
RETURNING covered, covered @> %(ranges)s::int4multirange
"""


def add(enrolment: Enrolment, activity: Activity, report: Report, *, opened_at: datetime) -> Watched:
    """Unite a report with what was played before. `opened_at` is the signed opening that the report came with."""
    values = {
        "enrolment": enrolment.pk,
        "activity": activity.pk,
        "ranges": literal(report.ranges),
        "position": report.position_ms,
        "at": report.at,
        "since": opened_at,
        "until": timezone.now() + GRACE,
    }
    with connection.cursor() as cursor:
        cursor.execute(ADD, values)
        covered, taken = cursor.fetchone()
    return Watched(pairs(covered, activity.lecture.recording.duration_ms), taken)


def length(ranges: Ranges) -> int:
    return sum(end - start for start, end in ranges)


def pairs(covered: "Multirange[int] | None", duration_ms: int) -> Ranges:
    """What was played, within the lecture: an earlier recording of it may have been longer."""
    bounds = [(int(part.lower), int(part.upper)) for part in covered or ()]
    return [(start, min(end, duration_ms)) for start, end in bounds if start < duration_ms]
