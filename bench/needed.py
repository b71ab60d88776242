"""Who needs a teacher: the list of a class of 500 and a home of 20 cohorts, in floors, and what a worker reckons of
100,000 students with a million days at work.

`python -m bench.needed` measures this part alone.
"""

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import django

import bench.environment  # noqa: F401  before the settings

if __name__ == "__main__":
    django.setup()

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from bench import inside, pages_in_floors, school
from bench.fill_people import TEACHER
from bench.pages_in_floors import OF_STAFF, Page
from courses.models import Cohort, Enrolment
from progress.models import Signals
from progress.services import signals

STUDENTS, DATES, DAYS, CLASS, COHORTS = 100_000, 10, 10, 500, 20
MOST_SECONDS, ROUNDS = 60.0, 40
# Each was at work on so many days of the last weeks, has done a part of what was due, and was spoken to once.
AT_WORK = """
INSERT INTO progress_presence (enrolment_id, day, minutes)
SELECT e.id, current_date - (n * (1 + mod(e.id, 5)))::int, '{[600,630)}'
  FROM courses_enrolment e CROSS JOIN generate_series(1, %(days)s) AS n
 WHERE e.cohort_id = ANY(%(cohorts)s) AND e.role = 'student'
    ON CONFLICT DO NOTHING
"""
DONE = """
INSERT INTO progress_completion (enrolment_id, activity_id, completed_at, how, evidence, activity_revision)
SELECT e.id, a.id, now() - interval '5 days', 'read', '{}', 1
  FROM courses_enrolment e
  JOIN courses_cohort h ON h.id = e.cohort_id
  JOIN courses_module m ON m.course_id = h.course_id
  JOIN courses_activity a ON a.module_id = m.id
 WHERE e.cohort_id = ANY(%(cohorts)s) AND e.role = 'student' AND mod(e.id + a.id, 3) > 0
    ON CONFLICT DO NOTHING
"""
SPOKEN_TO = """
INSERT INTO progress_contact (cohort_id, by_id, person_id, what, subject, at)
SELECT e.cohort_id, %(by)s, e.user_id, 'reply', 'post ' || e.id, now() - make_interval(days => mod(e.id, 20)::int)
  FROM courses_enrolment e WHERE e.cohort_id = ANY(%(cohorts)s) AND e.role = 'student' AND e.user_id <> %(by)s
"""


@dataclass(frozen=True)
class Figures:
    pages: list[Page]
    # Seconds from nothing, and once more; and the rows that were written each time.
    first: float
    again: float
    written: int
    rewritten: int
    name: str = "who needs a teacher"

    @property
    def words(self) -> str:
        return (
            f"Who needs a teacher: {'; '.join(page.words for page in self.pages)}. {self.written} students are "
            f"reckoned in {self.first:.1f} s (at most {MOST_SECONDS:g}), and once more in {self.again:.1f} s, which "
            f"writes {self.rewritten} rows."
        )

    @property
    def over(self) -> list[str]:
        found = [words for page in self.pages for words in page.over]
        slow = [f"reckoning in {took:.1f} s" for took in (self.first, self.again) if took > MOST_SECONDS]
        return found + slow


def measured() -> Figures:
    """In this process and in transactions that are taken back; the floor is asked by turns with the pages."""
    teacher = User.objects.get(username=TEACHER)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    with inside.undone(), override_settings(REQUIRE_STAFF_SECOND_FACTOR=False):
        pages = _pages(teacher)
    with inside.undone():
        now = timezone.now()
        school.fill(STUDENTS, DATES, at=datetime(now.year, now.month, now.day, 12, tzinfo=UTC) - timedelta(days=3))
        # Those of the school alone.
        Cohort.objects.exclude(course__title="School").update(ends_on=now.date() - timedelta(days=2))
        _live(list(Cohort.objects.filter(course__title="School").values_list("pk", flat=True)), teacher)
        first, again = _reckoned(now), _reckoned(now + timedelta(minutes=10))
        if (kept := Signals.objects.count()) < STUDENTS:
            raise SystemExit(f"{kept} of {STUDENTS} students were reckoned.")
    return Figures(pages, first[0], again[0], first[1], again[1])


def _reckoned(now: datetime) -> tuple[float, int]:
    started = time.perf_counter()
    written = signals.refresh(now, time.monotonic() + 10 * MOST_SECONDS)
    return time.perf_counter() - started, written


def _live(cohorts: list[int], by: User) -> None:
    with inside.without_triggers(), connection.cursor() as cursor:
        for statement in (AT_WORK, DONE, SPOKEN_TO):
            cursor.execute(statement, {"cohorts": cohorts, "days": DAYS, "by": by.pk})
    inside.analyse()


def _pages(teacher: User) -> list[Page]:
    class_ = Cohort.objects.get(name=f"Class of {CLASS}")
    mine = Enrolment.objects.active().filter(user=teacher, role=Enrolment.Role.TEACHER).values("cohort")
    # The bench has a thousand more in it, who watch a lecture.
    others = class_.enrolments.students().order_by("pk").values("pk")[CLASS:]
    Enrolment.objects.filter(pk__in=list(others.values_list("pk", flat=True))).update(state="left")
    more = Cohort.objects.exclude(pk__in=mine).order_by("pk")[: COHORTS - mine.count()]
    Enrolment.objects.bulk_create(
        Enrolment(user=teacher, cohort=one, role=Enrolment.Role.TEACHER, started_on=one.starts_on) for one in more
    )
    _live([class_.pk], teacher)
    _reckoned(timezone.now())
    inside.analyse()
    paths = {f"the list of {CLASS}": f"/teach/cohorts/{class_.pk}/needed/", f"a home of {COHORTS} cohorts": "/teach/"}
    return pages_in_floors.measured({name: (path, teacher, OF_STAFF) for name, path in paths.items()}, teacher, ROUNDS)


if __name__ == "__main__":
    from bench import alone

    sys.exit(alone.measure(measured))
