"""When a student opened what, and which seconds it was on their screen."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from courses.models import Activity, Enrolment
from progress.fields import MOST_STRETCHES, literal

SEEN_EVERY = timedelta(minutes=10)

VISITED = """
WITH seen AS (
    UPDATE courses_enrolment SET last_seen_at = %(now)s
     WHERE id = %(enrolment)s AND (last_seen_at IS NULL OR last_seen_at < %(before)s)
)
INSERT INTO progress_visit (enrolment_id, activity_id, opened_at, last_opened_at)
VALUES (%(enrolment)s, %(activity)s, %(now)s, %(now)s)
ON CONFLICT (enrolment_id, activity_id) DO UPDATE SET last_opened_at = excluded.last_opened_at
"""


def record_opening(enrolment: Enrolment, activity: Activity) -> None:
    """Remember that an activity was opened now: what "in progress", "go on where you were" and "last seen" read."""
    now = timezone.now()
    values = {"enrolment": enrolment.pk, "activity": activity.pk, "now": now, "before": now - SEEN_EVERY}
    with connection.cursor() as cursor:
        cursor.execute(VISITED, values)


def record_lesson(student: Enrolment, activity: Activity, *, before: datetime | None) -> None:
    """A lesson's page was opened, and `before` was the last time: twice in ten minutes is one opening, so that going
    back and forth writes nothing."""
    if before is None or timezone.now() - before > SEEN_EVERY:
        record_opening(student, activity)
    else:
        record_visit(student)


def record_visit(enrolment: Enrolment) -> None:
    """Note the last visit, at most once in ten minutes, so that reading pages seldom writes."""
    now = timezone.now()
    if enrolment.last_seen_at and now - enrolment.last_seen_at < SEEN_EVERY:
        return
    Enrolment.objects.filter(pk=enrolment.pk).update(last_seen_at=now)
    enrolment.last_seen_at = now


ADD_VISIBLE = """
INSERT INTO progress_visit (enrolment_id, activity_id, opened_at, last_opened_at, visible, block)
VALUES (%(enrolment)s, %(activity)s, now(), now(), progress_bounded(%(visible)s::int8multirange, %(most)s), %(block)s)
ON CONFLICT (enrolment_id, activity_id)
DO UPDATE SET visible = progress_bounded(progress_visit.visible + excluded.visible, %(most)s),
              block = coalesce(nullif(excluded.block, ''), progress_visit.block)
RETURNING (SELECT coalesce(sum(upper(part) - lower(part)), 0) FROM unnest(visible) AS part)
"""

# Each second that was seen belongs to a minute of a day on the student's own calendar.
ADD_PRESENCE = """
INSERT INTO progress_presence (enrolment_id, day, minutes)
SELECT %(enrolment)s, local::date, range_agg(int4range(minute, minute + 1))
  FROM unnest(%(visible)s::int8multirange) AS part,
       generate_series(lower(part) / 60, (upper(part) - 1) / 60) AS unix_minute,
       LATERAL (SELECT to_timestamp(unix_minute * 60) AT TIME ZONE %(zone)s AS local) AS here,
       LATERAL (SELECT (extract(hour FROM local) * 60 + extract(minute FROM local))::int AS minute) AS clock
 GROUP BY local::date
ON CONFLICT (enrolment_id, day) DO UPDATE SET minutes = progress_presence.minutes + excluded.minutes
"""


@transaction.atomic
def add_visible(
    enrolment: Enrolment, activity: Activity, seconds: list[tuple[int, int]], *, zone: str, block: str = ""
) -> int:
    """Unite half-open ranges of Unix seconds with those in which `activity` was visible; return the seconds in all.

    `block` is where in the text they are now, "" where that is not known.
    """
    values = {"enrolment": enrolment.pk, "activity": activity.pk, "visible": literal(seconds), "zone": zone}
    values["block"] = block
    values["most"] = MOST_STRETCHES
    with connection.cursor() as cursor:
        cursor.execute(ADD_VISIBLE, values)
        (total,) = cursor.fetchone()
        cursor.execute(ADD_PRESENCE, values)
    return int(total)
