"""Whether nudges bring anybody back: those who were sent one, against the tenth from whom it was withheld by lot."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import hypot, sqrt

from django.db import connection

# By when somebody whom a nudge moved is back, how far we look, and at how many of the latest at most.
BACK_WITHIN, LOOKED_AT, MOST = timedelta(hours=72), timedelta(days=365), 50_000
# With fewer on either side the shares say nothing, whatever their interval.
FEWEST = 10
# Of a 95 % interval.
Z = 1.959964

# Back is who was at work in any course: by the minutes of `Presence`, which a minute on the student's own wall becomes
# an instant of in Postgres, or by a visit, which browsers without a script leave too.
TRIAL = """
WITH nudged AS MATERIALIZED (
    SELECT n.person_id, n.state, n.settled_at AS at, u.timezone AS zone
      FROM notifications_notice n JOIN accounts_user u ON u.id = n.person_id
     WHERE n.kind = %(kind)s AND n.state IN ('told', 'held out') AND NOT u.minor
       AND n.settled_at BETWEEN %(since)s AND %(until)s
     ORDER BY n.settled_at DESC LIMIT %(most)s
)
SELECT count(*) FILTER (WHERE state = 'told'), count(*) FILTER (WHERE state = 'told' AND back),
       count(*) FILTER (WHERE state <> 'told'), count(*) FILTER (WHERE state <> 'told' AND back)
  FROM (SELECT state, EXISTS (
               SELECT FROM courses_enrolment e
                WHERE e.user_id = nudged.person_id AND (
                      e.last_seen_at > at AND e.last_seen_at < at + %(within)s
                   OR EXISTS (
                      SELECT FROM progress_presence p CROSS JOIN LATERAL unnest(p.minutes) AS part
                       WHERE p.enrolment_id = e.id
                         AND p.day BETWEEN (at AT TIME ZONE zone)::date AND ((at + %(within)s) AT TIME ZONE zone)::date
                         AND (p.day + make_interval(mins => upper(part))) AT TIME ZONE zone > at
                         AND (p.day + make_interval(mins => lower(part))) AT TIME ZONE zone < at + %(within)s)
                   OR EXISTS (
                      SELECT FROM progress_visit v
                       WHERE v.enrolment_id = e.id
                         AND (v.opened_at > at AND v.opened_at < at + %(within)s
                           OR v.last_opened_at > at AND v.last_opened_at < at + %(within)s)))) AS back
          FROM nudged) AS looked_after
"""


@dataclass(frozen=True)
class Side:
    """Nudges of one side of a trial, and after how many of them the person came back."""

    count: int
    back: int

    @property
    def share(self) -> float:
        return self.back / self.count if self.count else 0

    def wilson(self) -> tuple[float, float]:
        """The 95 % interval of the share."""
        n, p = self.count, self.share
        middle, spread = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return (middle - spread) / (1 + Z * Z / n), (middle + spread) / (1 + Z * Z / n)


@dataclass(frozen=True)
class Trial:
    sent: Side
    held_out: Side

    @property
    def difference(self) -> float:
        return self.sent.share - self.held_out.share

    def interval(self) -> tuple[float, float] | None:
        """Of the difference, 95 %, as Newcombe makes it of two intervals of Wilson's; None where a side is empty."""
        if not (self.sent.count and self.held_out.count):
            return None
        (low, high), (other_low, other_high) = self.sent.wilson(), self.held_out.wilson()
        below = hypot(self.sent.share - low, other_high - self.held_out.share)
        above = hypot(high - self.sent.share, self.held_out.share - other_low)
        return self.difference - below, self.difference + above

    @property
    def has_too_few(self) -> bool:
        return min(self.sent.count, self.held_out.count) < FEWEST

    @property
    def is_clear(self) -> bool:
        interval = self.interval()
        return interval is not None and not self.has_too_few and not interval[0] <= 0 <= interval[1]


def trial(kind: str, now: datetime) -> Trial:
    """Of the nudges of a kind to adults whose 72 hours are over; one statement."""
    given = {"kind": kind, "since": now - LOOKED_AT, "until": now - BACK_WITHIN, "within": BACK_WITHIN, "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(TRIAL, given)
        sent, sent_back, held_out, held_out_back = cursor.fetchone()
    return Trial(Side(sent, sent_back), Side(held_out, held_out_back))
