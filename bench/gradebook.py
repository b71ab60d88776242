"""The gradebook of a class of 500: fifty students beside sixty activities, in floors.

`python -m bench.gradebook` measures this part alone.
"""

import sys
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import django

import bench.environment  # noqa: F401  before the settings

if __name__ == "__main__":
    django.setup()

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from bench import inside, pages_in_floors
from bench.fill_people import TEACHER
from bench.pages_in_floors import OF_STAFF, Page
from courses.models import Activity, Cohort, DueDate, Enrolment, Module
from feedback.models import Assignment, Feedback, Submission

CLASS, MOST, ASSIGNMENTS, ROUNDS = 500, 60, 40, 40
# What is released is done, and what is not is with the teacher.
DONE = """
INSERT INTO progress_completion (enrolment_id, activity_id, completed_at, how, evidence, activity_revision)
SELECT s.enrolment_id, s.activity_id, now(), 'released', '{}', 1
  FROM feedback_submission s JOIN courses_enrolment e ON e.id = s.enrolment_id
 WHERE e.cohort_id = %(cohort)s AND s.release_at IS NOT NULL
    ON CONFLICT DO NOTHING
"""
WAITING = """
INSERT INTO progress_waiting (enrolment_id, activity_id, waits_for, since, promised_at, reason)
SELECT s.enrolment_id, s.activity_id, 'teacher', now(), s.promised_at, ''
  FROM feedback_submission s JOIN courses_enrolment e ON e.id = s.enrolment_id
 WHERE e.cohort_id = %(cohort)s AND s.release_at IS NULL
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Figures:
    pages: list[Page]
    name: str = "gradebook"

    @property
    def words(self) -> str:
        return f"Gradebook of {CLASS}: {'; '.join(page.words for page in self.pages)}."

    @property
    def over(self) -> list[str]:
        return [words for page in self.pages for words in page.over]


def measured() -> Figures:
    """In this process and in a transaction that is taken back; the floor is asked by turns with the pages."""
    teacher = User.objects.get(username=TEACHER)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    with inside.undone(), override_settings(REQUIRE_STAFF_SECOND_FACTOR=False):
        asked = {name: (path, teacher, OF_STAFF) for name, path in _paths(_class()).items()}
        return Figures(pages_in_floors.measured(asked, teacher, ROUNDS))


def _class() -> Cohort:
    """Forty assignments, of which each student has handed in most, and twenty readings with a date."""
    class_ = Cohort.objects.get(name=f"Class of {CLASS}")
    module = Module.objects.create(course=class_.course, title="Marked", position=9_000)
    now = timezone.now()
    steps = Activity.objects.bulk_create(
        Activity(
            module=module,
            kind="assignment" if number < ASSIGNMENTS else "reading",
            title=f"Piece of work number {number}",
            position=number,
            rule="released" if number < ASSIGNMENTS else "marked",
            published=True,
            published_at=now,
        )
        for number in range(MOST)
    )
    scales = [{"scale": "points", "most_points": Decimal(20)}, {"scale": "levels", "levels": ["Good", "Fair"]}, {}]
    Assignment.objects.bulk_create(
        Assignment(activity=one, **scales[number % 3]) for number, one in enumerate(steps[:ASSIGNMENTS])
    )
    DueDate.objects.filter(cohort=class_).delete()
    DueDate.objects.bulk_create(
        DueDate(cohort=class_, activity=one, zone="Europe/Berlin", suggested_wall=now.replace(tzinfo=None))
        for one in steps
    )
    students = list(class_.enrolments.active().students().order_by("pk"))
    # The bench has a thousand more in it, who watch a lecture.
    Enrolment.objects.filter(pk__in=[one.pk for one in students[CLASS:]]).update(state="left")
    with inside.without_triggers():
        _work(students[:CLASS], steps[:ASSIGNMENTS])
        with connection.cursor() as cursor:
            cursor.execute(DONE, {"cohort": class_.pk})
            cursor.execute(WAITING, {"cohort": class_.pk})
    inside.analyse()
    return class_


def _work(students: list[Enrolment], steps: list[Activity]) -> None:
    now = timezone.now()
    works = Submission.objects.bulk_create(
        (
            Submission(
                enrolment=student,
                activity=step,
                key=uuid4(),
                source="It flew.",
                html="<p>It flew.</p>",
                sent_at=now,
                counts_at=now,
                sha256="0" * 64,
                promised_at=now + timedelta(days=1),
                release_at=now - timedelta(hours=1) if place % 2 else None,
            )
            for student in students
            for place, step in enumerate(steps)
            if (student.pk + place) % 10
        ),
        batch_size=2_000,
    )
    marked = {"points": lambda n: {"points": Decimal(n % 41) / 2}, "levels": lambda n: {"level": "Good"}}
    kinds = {step.pk: ["points", "levels", "enough"][place % 3] for place, step in enumerate(steps)}
    judged = marked.get
    Feedback.objects.bulk_create(
        (
            Feedback(
                submission=one,
                revision=1,
                source="Well seen.",
                **(judged(kinds[one.activity_id]) or (lambda n: {"good_enough": n % 4 > 0}))(number),
            )
            for number, one in enumerate(works)
            if number % 5
        ),
        batch_size=2_000,
    )


def _paths(class_: Cohort) -> dict[str, str]:
    page = f"/teach/cohorts/{class_.pk}/gradebook/"
    module = Module.objects.get(course=class_.course, position=9_000)
    first = module.activities.order_by("position")[0]
    return {
        f"50 by {MOST}": page,
        "found by name": f"{page}?q=an",
        "furthest behind": f"{page}?by=late",
        "by a mark": f"{page}?by=high-{first.pk}",
    }


if __name__ == "__main__":
    from bench import alone

    sys.exit(alone.measure(measured))
