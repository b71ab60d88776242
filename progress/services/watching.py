"""The row that reports of a player make; what a report is, and how far it is believed: `progress.played`."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from courses.models import Activity, Enrolment
from progress.fields import MOST_STRETCHES, literal
from progress.played import GRACE, Ranges, Report, length, pairs, snapped, within


@dataclass(frozen=True)
class Watched:
    covered: Ranges
    taken: bool

    @property
    def covered_ms(self) -> int:
        return length(self.covered)


# One statement, so that two devices cannot overwrite each other. `position` is the latest by the devices' corrected
# clocks; of two at one instant the further one, so that the order in which they come does not matter.
ADD = """
INSERT INTO progress_watch AS w (enrolment_id, activity_id, covered, played, position_ms, position_at, since)
SELECT %(enrolment)s::bigint, %(activity)s::bigint,
       CASE WHEN progress_covered_ms(new.ranges) <= progress_playable_ms(%(since)s, %(until)s)
            THEN new.ranges ELSE '{}' END, progress_bounded(%(wall)s::int8multirange, %(most)s),
       %(position)s::int, %(at)s::timestamptz, %(since)s::timestamptz
  FROM (SELECT %(ranges)s::int4multirange AS ranges) AS new
ON CONFLICT (enrolment_id, activity_id) DO UPDATE SET
    since = least(w.since, excluded.since),
    covered = CASE
        WHEN progress_covered_ms(w.covered + %(ranges)s::int4multirange)
             <= progress_playable_ms(least(w.since, excluded.since), %(until)s)
        THEN w.covered + %(ranges)s::int4multirange ELSE w.covered END,
    played = progress_bounded(w.played + excluded.played, %(most)s),
    position_ms = CASE WHEN (excluded.position_at, excluded.position_ms) > (w.position_at, w.position_ms)
                       THEN excluded.position_ms ELSE w.position_ms END,
    position_at = greatest(w.position_at, excluded.position_at)
RETURNING covered, covered @> %(ranges)s::int4multirange
"""


def add(enrolment: Enrolment, activity: Activity, report: Report, *, opened_at: datetime) -> Watched:
    """Unite a report with what was played before. `opened_at` is the signed opening that the report came with."""
    now, duration = timezone.now(), activity.lecture.recording.duration_ms
    values = {
        "enrolment": enrolment.pk,
        "activity": activity.pk,
        "ranges": literal(snapped(report.ranges, duration)),
        "wall": literal(within(report.wall, int(opened_at.timestamp()), int(now.timestamp()))),
        "most": MOST_STRETCHES,
        "position": report.position_ms,
        "at": report.at,
        "since": opened_at,
        "until": now + GRACE,
    }
    with connection.cursor() as cursor:
        cursor.execute(ADD, values)
        covered, taken = cursor.fetchone()
    return Watched(pairs(covered, duration), taken)
