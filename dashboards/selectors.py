from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db import connection
from django.utils import timezone

from accounts.models import User
from courses.models import Accommodation, Cohort, Enrolment

DAYS_DRAWN = 14
STUDENTS_A_PAGE = 50


@dataclass
class StudentRow:
    """One line of the teacher's class list."""

    enrolment: Enrolment
    done: int = 0
    late: int = 0
    last_done_at: datetime | None = None
    # Minutes at work on each of the last DAYS_DRAWN days, the oldest first.
    days: list[int] = field(default_factory=list)

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        """x, y and height of the drawing's bars, in a box of 16 units' height; an hour fills it."""
        heights = [min(16, -(-minutes * 16 // 60)) for minutes in self.days]
        return [(index * 5, 16 - height, height) for index, height in enumerate(heights) if height]

    @property
    def minutes(self) -> int:
        return sum(self.days)


REQUIRED = """
SELECT count(*) FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
 WHERE m.course_id = %s AND a.published AND m.published AND a.required
"""

# Done and late of many students at once. Late: due, still open, and nothing done.
COUNTS = """
SELECT e.id,
       count(c.id) FILTER (WHERE a.required),
       count(*) FILTER (WHERE c.id IS NULL AND d.due_at < now() AND (d.closes_at IS NULL OR d.closes_at > now())),
       max(c.completed_at)
  FROM courses_enrolment e
  JOIN courses_cohort k ON k.id = e.cohort_id
  JOIN courses_module m ON m.course_id = k.course_id AND m.published
  JOIN courses_activity a ON a.module_id = m.id AND a.published
  LEFT JOIN progress_completion c ON c.enrolment_id = e.id AND c.activity_id = a.id AND c.withdrawn_at IS NULL
  LEFT JOIN courses_effective_due d ON d.enrolment_id = e.id AND d.activity_id = a.id
 WHERE e.id = ANY(%s)
 GROUP BY e.id
"""

PRESENCE = """
SELECT enrolment_id, day, (SELECT sum(upper(part) - lower(part)) FROM unnest(minutes) AS part)
  FROM progress_presence WHERE enrolment_id = ANY(%s) AND day > %s
"""


@dataclass(frozen=True)
class ClassList:
    rows: list[StudentRow]
    required: int
    page: Page
    days: list[date]


def class_list(cohort: Cohort, number: str | None) -> ClassList:
    """A page of a cohort's students with progress, last visit and the last fortnight; six queries at any size."""
    students = cohort.enrolments.active().students().select_related("user", "accommodation")
    page = Paginator(students.order_by("user__display_name", "pk"), STUDENTS_A_PAGE).get_page(number)
    rows = {enrolment.pk: StudentRow(enrolment) for enrolment in page}
    today = timezone.now().astimezone(cohort.timezone).date()
    days = [today - timedelta(days=back) for back in range(DAYS_DRAWN - 1, -1, -1)]
    with connection.cursor() as cursor:
        cursor.execute(REQUIRED, [cohort.course_id])
        (required,) = cursor.fetchone()
        cursor.execute(COUNTS, [list(rows)])
        for pk, done, late, last_done_at in cursor:
            rows[pk].done, rows[pk].late, rows[pk].last_done_at = done, late, last_done_at
        cursor.execute(PRESENCE, [list(rows), days[0] - timedelta(days=1)])
        minutes = {(pk, day): count for pk, day, count in cursor}
    for pk, row in rows.items():
        row.days = [int(minutes.get((pk, day), 0)) for day in days]
    return ClassList(list(rows.values()), required, page, days)


def teaches(viewer: User) -> bool:
    return Enrolment.objects.of(viewer).filter(role__in=("teacher", "assistant")).exists()


def accommodation_of(enrolment: Enrolment) -> Accommodation | None:
    return Accommodation.objects.filter(enrolment=enrolment).first()
