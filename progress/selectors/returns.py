"""Who came back, by the minutes of `Presence`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

# A minute of the day on the student's own wall becomes an instant here, as everywhere, in Postgres.
BACK = """
SELECT EXISTS (
    SELECT FROM courses_enrolment e
      JOIN accounts_user u ON u.id = e.user_id
      JOIN progress_presence p ON p.enrolment_id = e.id
       AND p.day BETWEEN (t.at AT TIME ZONE u.timezone)::date AND ((t.at + %(within)s) AT TIME ZONE u.timezone)::date
     CROSS JOIN LATERAL unnest(p.minutes) AS part
     WHERE e.user_id = t.person
       AND (p.day + make_interval(mins => upper(part))) AT TIME ZONE u.timezone > t.at
       AND (p.day + make_interval(mins => lower(part))) AT TIME ZONE u.timezone < t.at + %(within)s)
  FROM unnest(%(people)s::bigint[], %(instants)s::timestamptz[]) WITH ORDINALITY AS t(person, at, place)
 ORDER BY t.place
"""


def came_back(told: Sequence[tuple[int, datetime]], within: timedelta) -> list[bool]:
    """Of each person and instant, whether they were at work in any course within so long after it; one query."""
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"within": within, "people": [person for person, _ in told]}
        cursor.execute(BACK, {**given, "instants": [at for _, at in told]})
        return [back for (back,) in cursor]
