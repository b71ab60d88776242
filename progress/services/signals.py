"""Keeping what tells that students may need somebody: reckoned anew by a worker, a batch of cohorts at a time."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction

from courses.querysets import ACTIVE_SQL
from progress import work
from progress.models import Snooze

# So many students are reckoned in one statement, which ends long before its time is up.
AT_ONCE = 2_000
# Of a cohort `h`: by its own calendar.
RUNS_SQL = """(h.deleted_at IS NULL AND h.starts_on <= (%(now)s::timestamptz AT TIME ZONE h.timezone)::date
 AND (h.ends_on IS NULL OR h.ends_on >= (%(now)s::timestamptz AT TIME ZONE h.timezone)::date))"""
# The one that was reckoned longest ago comes first: what a run does not get to is the beginning of the next.
RUNNING = f"""
SELECT h.id, array_agg(e.id)
  FROM courses_cohort h
  JOIN courses_enrolment e ON e.cohort_id = h.id AND {ACTIVE_SQL} AND e.role = 'student'
  LEFT JOIN progress_reckoning r ON r.cohort_id = h.id
 WHERE {RUNS_SQL}
 GROUP BY h.id, r.at ORDER BY r.at NULLS FIRST, h.id
"""  # noqa: S608  all of it is ours
_HAS, _COMES = (", ".join(f"{table}.{name}" for name in work.COLUMNS) for table in ("progress_signals", "EXCLUDED"))
KEEP = f"""
INSERT INTO progress_signals (enrolment_id, {", ".join(work.COLUMNS)})
SELECT enrolment_id, {", ".join(work.COLUMNS)} FROM ({{reckoned}}) AS found
    ON CONFLICT (enrolment_id) DO UPDATE SET ({", ".join(work.COLUMNS)}) = ROW({_COMES})
 WHERE ({_HAS}) IS DISTINCT FROM ({_COMES})
"""  # noqa: S608  all of it is ours
STAMP = """
INSERT INTO progress_reckoning (cohort_id, at) SELECT unnest(%(cohorts)s::bigint[]), %(now)s
    ON CONFLICT (cohort_id) DO UPDATE SET at = EXCLUDED.at
"""
LEFT = f"""
DELETE FROM progress_signals s WHERE NOT EXISTS (
       SELECT FROM courses_enrolment e JOIN courses_cohort h ON h.id = e.cohort_id
        WHERE e.id = s.enrolment_id AND {ACTIVE_SQL} AND e.role = 'student' AND {RUNS_SQL})
"""  # noqa: S608  all of it is ours
OVER = f"""
DELETE FROM progress_reckoning r WHERE NOT EXISTS (
       SELECT FROM courses_cohort h WHERE h.id = r.cohort_id AND {RUNS_SQL})
"""  # noqa: S608  all of it is ours
# On every calendar of the world it is over.
FORGOTTEN = timedelta(days=2)

Cohorts = list[tuple[int, list[int]]]


def refresh(now: datetime, until: float) -> int:
    """How many rows were written before the clock of `time.monotonic` showed `until`; the next run goes on."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT, {"now": now})
        cursor.execute(OVER, {"now": now})
    Snooze.objects.filter(until__lt=(now - FORGOTTEN).date()).delete()
    written = 0
    for batch in _batches(running(now)):
        if time.monotonic() > until:
            break
        written += _keep(batch, now)
    return written


def running(now: datetime) -> Cohorts:
    """The cohorts that run, each with the enrolments of its students, in the order in which they are reckoned."""
    with connection.cursor() as cursor:
        cursor.execute(RUNNING, {"now": now})
        return cursor.fetchall()


@transaction.atomic
def _keep(batch: Cohorts, now: datetime) -> int:
    enrolments = [one for _, some in batch for one in some]
    written = 0
    with connection.cursor() as cursor:
        for some in _parts(enrolments):
            cursor.execute(KEEP.replace("{reckoned}", work.reckoned()), {"enrolments": some, "now": now})
            written += cursor.rowcount
        cursor.execute(STAMP, {"cohorts": [cohort for cohort, _ in batch], "now": now})
    return written


def _batches(running: Iterable[tuple[int, list[int]]]) -> Iterator[Cohorts]:
    """Whole cohorts, as many as make AT_ONCE students; one that is larger is a batch by itself."""
    batch: Cohorts = []
    size = 0
    for cohort, enrolments in running:
        if batch and size + len(enrolments) > AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append((cohort, enrolments))
        size += len(enrolments)
    if batch:
        yield batch


def _parts(enrolments: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(enrolments), AT_ONCE):
        yield enrolments[start : start + AT_ONCE]
