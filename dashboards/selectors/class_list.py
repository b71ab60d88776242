from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.utils import timezone

from common.addresses import quick_url
from common.paging import Sliced
from common.parts import holds, holds_sql
from common.walks import walked
from courses.models import Accommodation, Cohort, Enrolment
from courses.people import members_walk
from progress.selectors import tallies
from progress.selectors.tallies import Tally

DAYS_DRAWN = 14
# Units of the drawing: an hour fills its height.
HEIGHT, BAR, BAR_AND_GAP = 16, 3.5, 5


@dataclass(frozen=True)
class Student:
    enrolment_id: int
    name: str
    last_seen_at: datetime | None
    extra_time: bool

    @property
    def url(self) -> str:
        return quick_url("teach:student", self.enrolment_id)


@dataclass(frozen=True)
class StudentRow:
    """One line of the teacher's class list."""

    student: Student
    tally: Tally
    # Minutes at work on each of the last DAYS_DRAWN days, the oldest first.
    days: list[int]

    @property
    def bars(self) -> str:
        """The path of the drawing: a bar for each day with a minute at work."""
        heights = [min(HEIGHT, -(-minutes * HEIGHT // 60)) for minutes in self.days]
        return "".join(
            f"M{place * BAR_AND_GAP} {HEIGHT}v-{height}h{BAR}v{height}"
            for place, height in enumerate(heights)
            if height
        )

    @property
    def minutes(self) -> int:
        return sum(self.days)


PRESENCE = """
SELECT enrolment_id, day, (SELECT sum(upper(part) - lower(part)) FROM unnest(minutes) AS part)::int
  FROM progress_presence WHERE enrolment_id = ANY(%s) AND day BETWEEN %s AND %s
"""


BY_NAME = members_walk("e.role = 'student' AND e.state = 'active'", found=holds_sql("r.display_name"))
COLUMNS = ("pk", "user__display_name", "last_seen_at", "accommodation__extra_days", "accommodation__time_percent")


def students(cohort: Cohort, words: str = "") -> QuerySet[Enrolment]:
    """The active students, as what `rows` takes; with `words`, those whose name holds them."""
    found = cohort.enrolments.active().students()
    if words:
        found = found.filter(holds("user__display_name", words))
    return found.order_by("user__display_name", "user_id").values_list(*COLUMNS)


def in_order(cohort: Cohort, words: str, order: str) -> Sliced:
    """The same by name, or those first who were not seen for longest ("visit") or are furthest behind ("late")."""
    if order == "visit":
        last = F("last_seen_at").asc(nulls_first=True)
        return students(cohort, words).order_by(last, "user__display_name", "user_id")
    if order == "late":
        listed: list[Any] = list(students(cohort, words))
        counted = tallies.of_class([pk for pk, *_ in listed], cohort.course_id, timezone.now())
        return sorted(listed, key=lambda one: (-counted[one[0]].late, counted[one[0]].done))
    shown = Enrolment.objects.order_by("user__display_name", "user_id").values_list(*COLUMNS)
    return walked(shown, BY_NAME, cohort=cohort.pk, words=words)


def first_day(cohort: Cohort) -> date:
    """The first of the days that are drawn, in the cohort's calendar."""
    return timezone.now().astimezone(cohort.timezone).date() - timedelta(days=DAYS_DRAWN - 1)


def rows(cohort: Cohort, listed: list[tuple[Any, ...]]) -> list[StudentRow]:
    """What each of the students `listed` sees of their own progress; two queries."""
    shown = [Student(pk, name, seen, bool(days) or (percent or 100) > 100) for pk, name, seen, days, percent in listed]
    enrolments = [student.enrolment_id for student in shown]
    counted = tallies.of_class(enrolments, cohort.course_id, timezone.now())
    days = _days(enrolments, first_day(cohort))
    return [StudentRow(one, counted[one.enrolment_id], days[one.enrolment_id]) for one in shown]


def _days(enrolments: list[int], first: date) -> dict[int, list[int]]:
    found = {enrolment: [0] * DAYS_DRAWN for enrolment in enrolments}
    with connection.cursor() as cursor:
        cursor.execute(PRESENCE, [enrolments, first, first + timedelta(days=DAYS_DRAWN - 1)])
        for enrolment, day, minutes in cursor:
            found[enrolment][(day - first).days] = minutes or 0
    return found


def accommodation_of(enrolment: Enrolment) -> Accommodation | None:
    return Accommodation.objects.filter(enrolment=enrolment).first()


def chosen_for(enrolment: Enrolment) -> tuple[Accommodation | None, bool]:
    """The accommodation of a student, and whether they prefer to work alone; in one query."""
    found = Enrolment.objects.select_related("accommodation", "works_alone").get(pk=enrolment.pk)
    return getattr(found, "accommodation", None), hasattr(found, "works_alone")
