"""The dates of a student, with what was agreed about them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from common import dates
from progress.outline import Step
from progress.selectors.standings import Standing

# What differs from the cohort's date, and what the date was without the extension: the cohort's, with the days that an
# accommodation gives. Only Postgres turns wall time into an instant.
AGREED = """
WITH due AS MATERIALIZED (
    SELECT enrolment_id, activity_id, base_at, due_at, zone, extended
      FROM courses_effective_due WHERE enrolment_id = ANY(%(enrolments)s::bigint[])
)
SELECT d.enrolment_id, d.activity_id, date_part('epoch', d.base_at), d.extended, coalesce(x.by_student, false),
       date_part('epoch', (d.base_at AT TIME ZONE d.zone + make_interval(days => coalesce(a.extra_days, 0)))
                          AT TIME ZONE d.zone)
  FROM due d
  LEFT JOIN courses_extension x ON x.enrolment_id = d.enrolment_id AND x.activity_id = d.activity_id
  LEFT JOIN courses_accommodation a ON a.enrolment_id = d.enrolment_id
 WHERE d.due_at > d.base_at
"""


@dataclass(frozen=True)
class Agreed:
    """Why a date is later than the cohort's, and when it was due before: with an extension, or by extra days."""

    extended: bool
    by_student: bool
    before: datetime


@dataclass(frozen=True)
class Date:
    step: Step
    standing: Standing
    agreed: Agreed | None

    @property
    def at(self) -> float:
        return self.step.due or 0


def of_standings(standings: list[Standing]) -> list[Date]:
    """Every date of these courses, the earliest first, in one query beside the outlines."""
    agreed = _agreed([standing.enrolment.pk for standing in standings]) if standings else {}
    found = [
        Date(step, standing, agreed.get((standing.enrolment.pk, step.id)))
        for standing in standings
        for step in standing.outline.steps
        if step.due is not None
    ]
    return sorted(found, key=lambda date: date.at)


def _agreed(enrolments: list[int]) -> dict[tuple[int, int], Agreed]:
    with connection.cursor() as cursor:
        cursor.execute(AGREED, {"enrolments": enrolments})
        return {
            (enrolment, activity): Agreed(extended, by_student, dates.moment(before if extended else base))
            for enrolment, activity, base, extended, by_student, before in cursor
        }
