"""What a tick by the clock or the player costs: seconds of its own activity that no other tick of the person spent.

An activity's own seconds are those in which its page was visible or its lecture was played. Many lessons may be open
at once and all are counted; but a second of a person's life makes one tick only. Seconds in which nothing else of
theirs was open or playing are spent first, and of these the earliest, so that an overlap is left to the others.
"""

from django.db import connection

from courses.models import Activity, Enrolment
from progress.fields import MOST_STRETCHES

# All that a person's ticks have spent, in all courses.
MOST_SPENT = 5 * MOST_STRETCHES

FREE = """
WITH own AS (
    SELECT coalesce((SELECT visible FROM progress_visit
                      WHERE enrolment_id = %(enrolment)s AND activity_id = %(activity)s), '{}')
         + coalesce((SELECT played FROM progress_watch
                      WHERE enrolment_id = %(enrolment)s AND activity_id = %(activity)s), '{}') AS seconds
), free AS (
    SELECT seconds - coalesce((SELECT seconds FROM progress_spent WHERE user_id = %(user)s), '{}') AS seconds FROM own
)
"""
ENOUGH = """
SELECT coalesce(sum(upper(part) - lower(part)), 0) >= %(needed)s FROM free, unnest(seconds) AS part
"""
LOCK = """
INSERT INTO progress_spent AS s (user_id) VALUES (%(user)s)
ON CONFLICT (user_id) DO UPDATE SET seconds = s.seconds
"""
SPEND = """
, elsewhere AS (
    SELECT coalesce(range_agg(seen), '{}') AS seconds
      FROM (SELECT enrolment_id, activity_id, visible AS seen FROM progress_visit
             UNION ALL
            SELECT enrolment_id, activity_id, played FROM progress_watch) AS others
      JOIN courses_enrolment e ON e.id = enrolment_id
      JOIN free ON seen && free.seconds
     WHERE e.user_id = %(user)s AND (enrolment_id, activity_id) <> (%(enrolment)s, %(activity)s)
), parts AS (
    SELECT part, false AS shared FROM free, elsewhere, unnest(free.seconds - elsewhere.seconds) AS part
     UNION ALL
    SELECT part, true FROM free, elsewhere, unnest(free.seconds * elsewhere.seconds) AS part
), placed AS (
    SELECT lower(part) AS start, upper(part) AS stop,
           sum(upper(part) - lower(part)) OVER (ORDER BY shared, part) AS so_far
      FROM parts
), chosen AS (
    SELECT range_agg(int8range(start, (stop - greatest(0, so_far - %(needed)s))::bigint)) AS seconds
      FROM placed WHERE so_far - (stop - start) < %(needed)s
)
UPDATE progress_spent AS s SET seconds = progress_bounded(s.seconds + chosen.seconds, %(most)s)
  FROM chosen
 WHERE s.user_id = %(user)s AND (SELECT coalesce(max(so_far), 0) FROM placed) >= %(needed)s
"""


def enough(enrolment: Enrolment, activity: Activity, seconds: int) -> bool:
    """Whether so many seconds of this activity are not spent yet. Locks nothing."""
    with connection.cursor() as cursor:
        cursor.execute(FREE + ENOUGH, _values(enrolment, activity, seconds))
        (found,) = cursor.fetchone()
    return bool(found)


def lock(enrolment: Enrolment) -> None:
    """From here to the end of the transaction this person's ticks are made one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"user": enrolment.user_id})


def spend(enrolment: Enrolment, activity: Activity, seconds: int) -> bool:
    """Spend so many seconds of this activity, or none when there are fewer. Only after `lock`."""
    if seconds == 0:
        return True
    with connection.cursor() as cursor:
        cursor.execute(FREE + SPEND, _values(enrolment, activity, seconds))
        return cursor.rowcount == 1


def _values(enrolment: Enrolment, activity: Activity, seconds: int) -> dict[str, int]:
    return {
        "enrolment": enrolment.pk,
        "user": enrolment.user_id,
        "activity": activity.pk,
        "needed": seconds,
        "most": MOST_SPENT,
    }
