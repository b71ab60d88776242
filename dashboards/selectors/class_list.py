from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db import connection
from django.utils import timezone

from courses.models import Accommodation, Cohort, Enrolment
from progress.outline import Outline
from progress.selectors import outlines

DAYS_DRAWN = 14
STUDENTS_A_PAGE = 50


@dataclass
class StudentRow:
    """One line of the teacher's class list."""

    enrolment: Enrolment
    outline: Outline
    late: int
    # Minutes at work on each of the last DAYS_DRAWN days, the oldest first.
    days: list[int]

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        """x, y and height of the drawing's bars, in a box of 16 units' height; an hour fills it."""
        heights = [min(16, -(-minutes * 16 // 60)) for minutes in self.days]
        return [(index * 5, 16 - height, height) for index, height in enumerate(heights) if height]

    @property
    def minutes(self) -> int:
        return sum(self.days)


PRESENCE = """
SELECT enrolment_id, day, (SELECT sum(upper(part) - lower(part)) FROM unnest(minutes) AS part)
  FROM progress_presence WHERE enrolment_id = ANY(%s) AND day BETWEEN %s AND %s
"""


@dataclass(frozen=True)
class ClassList:
    rows: list[StudentRow]
    page: Page
    days: list[date]


def class_list(cohort: Cohort, number: str | None) -> ClassList:
    """A page of a cohort's students as each of them sees their own progress; four queries at any size."""
    students = cohort.enrolments.active().students().select_related("user", "accommodation")
    page = Paginator(students.order_by("user__display_name", "pk"), STUDENTS_A_PAGE).get_page(number)
    enrolments = list(page)
    ways = outlines.of_pairs([(enrolment.pk, cohort.course_id) for enrolment in enrolments])
    today = timezone.now().astimezone(cohort.timezone).date()
    days = [today - timedelta(days=back) for back in range(DAYS_DRAWN - 1, -1, -1)]
    minutes = _minutes([enrolment.pk for enrolment in enrolments], days)
    now = timezone.now()
    rows = [
        StudentRow(e, one, _late(one, now), [minutes.get((e.pk, day), 0) for day in days])
        for e, one in zip(enrolments, ways, strict=True)
    ]
    return ClassList(rows, page, days)


def _late(found: Outline, now: datetime) -> int:
    """Due, still open, and not done."""
    seconds = now.timestamp()
    return sum(step.is_pending(seconds, before=seconds) for step in found.steps)


def _minutes(enrolments: list[int], days: list[date]) -> dict[tuple[int, date], int]:
    with connection.cursor() as cursor:
        cursor.execute(PRESENCE, [enrolments, days[0], days[-1]])
        return {(enrolment, day): int(count) for enrolment, day, count in cursor}


def accommodation_of(enrolment: Enrolment) -> Accommodation | None:
    return Accommodation.objects.filter(enrolment=enrolment).first()
