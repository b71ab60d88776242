"""The students of a class with what tells that they may need somebody: as it is kept, or as it is at this moment."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from accounts.models import User
from courses.models import Cohort
from courses.querysets import ACTIVE_SQL
from progress import work
from progress.models import Reckoning

# Days are those of each student's own calendar; that of a snooze is its teacher's. Who never was at work, or was never
# spoken to, has been so since the course opened to them.
STUDENTS = f"""
SELECT e.cohort_id, r.at, e.id, e.user_id, coalesce(nullif(trim(u.display_name), ''), u.username),
       greatest(here.today - greatest(s.last_day, here.opens), 0),
       greatest(here.today - greatest((s.contact_at AT TIME ZONE u.timezone)::date, here.opens), 0),
       s.last_day IS NOT NULL, coalesce(b.break_until >= here.today, false), z.until, s.enrolment_id IS NOT NULL,
       s.active_days_7, s.active_days_14, s.active_days_28, s.due, s.missing, s.late, s.share_done,
       s.through, s.mean_mark
  FROM courses_enrolment e
  JOIN courses_cohort h ON h.id = e.cohort_id
  JOIN accounts_user u ON u.id = e.user_id
  LEFT JOIN progress_reckoning r ON r.cohort_id = h.id
 CROSS JOIN LATERAL (
       SELECT (%(now)s::timestamptz AT TIME ZONE u.timezone)::date AS today,
              greatest(e.started_on, h.starts_on) AS opens) AS here
  LEFT JOIN notifications_mailbox b ON b.person_id = u.id
  LEFT JOIN progress_snooze z ON z.enrolment_id = e.id AND z.teacher_id = %(viewer)s AND z.until > %(day)s
  LEFT JOIN {{signals}} s ON s.enrolment_id = e.id
 WHERE {{which}} AND {ACTIVE_SQL} AND e.role = 'student'
 ORDER BY u.display_name, e.id
"""  # noqa: S608  all of it is ours
KEPT = STUDENTS.replace("{signals}", "progress_signals").replace("{which}", "e.cohort_id = ANY(%(cohorts)s::bigint[])")


class Student(NamedTuple):
    """Who came since their cohort was last reckoned is not `known`, and has no figures."""

    cohort: int
    # When the cohort was last reckoned.
    reckoned_at: datetime | None
    enrolment: int
    person: int
    name: str
    # Since they were at work, and since somebody spoke to them.
    days_silent: int
    days_alone: int
    begun: bool
    # They said that they are on a break.
    away: bool
    # Where the viewer put them off.
    snoozed_until: date | None
    known: bool
    active_days_7: int
    active_days_14: int
    active_days_28: int
    due: int
    missing: int
    late: int
    share_done: float
    through: bool
    mean_mark: float | None


def of_cohorts(cohorts: Sequence[int], now: datetime) -> list[Student]:
    """As they are kept; in one query."""
    return _read(KEPT, cohorts=list(cohorts), now=now, viewer=None, day=None)


def of_class(viewer: User, cohort: Cohort, now: datetime, day: date) -> list[Student]:
    """As they are kept, by name; `day` is the viewer's."""
    return _read(KEPT, cohorts=[cohort.pk], now=now, viewer=viewer.pk, day=day)


def at_this_moment(viewer: User, enrolments: Sequence[int], now: datetime, day: date) -> dict[int, Student]:
    """By enrolment, reckoned anew."""
    sql = STUDENTS.replace("{signals}", f"({work.reckoned()})").replace(
        "{which}", "e.id = ANY(%(enrolments)s::bigint[])"
    )
    found = _read(sql, enrolments=list(enrolments), now=now, viewer=viewer.pk, day=day)
    return {one.enrolment: one for one in found}


def reckoned_at(cohort: Cohort) -> datetime | None:
    return Reckoning.objects.filter(cohort=cohort).values_list("at", flat=True).first()


def _read(sql: str, **values: Any) -> list[Student]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Student._make(row) for row in cursor.fetchall()]
