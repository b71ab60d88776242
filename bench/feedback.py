"""Marking in a class that hands in a great deal: the queue of 5,000, a piece of work with 40 comments, and the page of
a student with 60 pieces of feedback, in floors.

`python -m bench.feedback` measures this part alone.
"""

import sys
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import django

import bench.environment  # noqa: F401  before the settings

if __name__ == "__main__":
    django.setup()

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from bench import floors, inside
from bench.fill_people import TEACHER
from bench.floors import FLOOR, TOLERANCE
from courses.models import Activity, Enrolment
from feedback.criteria import Criteria, Criterion, Level, to_plain
from feedback.models import Assignment, Comment, Feedback, Rubric, Submission

MANY, FEW, EACH = 5_000, 50, 500
COMMENTS, PIECES = 40, 60
ROUNDS = 20
MOST_FLOORS, MOST_QUERIES = 3.0, 12
LEVELS = tuple(
    Level(str(number), f"Level {number}", "What such work looks like, in a sentence.") for number in range(4)
)
RUBRIC = Criteria(tuple(Criterion(f"c{n}", f"Criterion {n}", "What is looked at.", LEVELS) for n in range(6)))
TEXT = "<p>" + "</p><p>".join(["It flew to nine flowers, and then it flew home again. " * 12] * 12) + "</p>"


@dataclass(frozen=True)
class Took:
    """Seconds of a page at FEW and at MANY, of the floor beside it; and its queries."""

    name: str
    few: float
    many: float
    floor: float
    queries: int

    @property
    def floors(self) -> float:
        return self.many / (self.floor + floors.spared())

    @property
    def words(self) -> str:
        return (
            f"{self.name} {self.floors:.2f} of {MOST_FLOORS:g} floors ({self.few * 1000:.1f} ms at {FEW}, "
            f"{self.many * 1000:.1f} ms at {MANY}; {self.queries} queries)"
        )


@dataclass(frozen=True)
class Figures:
    took: list[Took]
    name: str = "feedback"

    @property
    def words(self) -> str:
        return f"Marking: {'; '.join(one.words for one in self.took)}."

    @property
    def over(self) -> list[str]:
        slow = [one for one in self.took if one.floors > MOST_FLOORS * (1 + TOLERANCE)]
        found = [f"{one.name} in {one.floors:.2f} floors of {MOST_FLOORS:g}" for one in slow]
        return found + [f"{one.name}: {one.queries} queries" for one in self.took if one.queries > MOST_QUERIES]


def measured() -> Figures:
    """In this process and in transactions that are taken back; the floor is asked by turns with the pages."""
    teacher = User.objects.get(username=TEACHER)
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    for count in (FEW, MANY):
        with inside.undone(), override_settings(REQUIRE_STAFF_SECOND_FACTOR=False):
            asked = {name: (path, teacher) for name, path in _paths(_write(teacher, count)).items()}
            student = _told(teacher)
            asked[f"{PIECES} pieces of feedback"] = (f"/courses/{student.cohort.course_id}/feedback/", student.user)
            found[count] = inside.by_turns({FLOOR: (FLOOR, teacher), **asked}, ROUNDS)
    few, many = found[FEW], found[MANY]
    floor = many[FLOOR].median
    return Figures(
        [
            Took(name, few[name].median, many[name].median, floor, max(few[name].queries, many[name].queries))
            for name in many
            if name != FLOOR
        ]
    )


def _write(teacher: User, count: int) -> Submission:
    """So much work, in ten assignments of one class; returned is one from the middle of the queue."""
    mine = Enrolment.objects.active().filter(user=teacher, role=Enrolment.Role.TEACHER).values("cohort")
    students = Enrolment.objects.active().students().filter(cohort__in=mine)
    biggest = max(set(mine.values_list("cohort", flat=True)), key=lambda one: students.filter(cohort=one).count())
    class_ = list(students.filter(cohort=biggest).order_by("pk")[:EACH])
    steps = _assignments(class_[0], -(-count // len(class_)), teacher)
    with inside.without_triggers():
        made = Submission.objects.bulk_create(_works(class_, steps, count), batch_size=1_000)
        one = made[len(made) // 2]
        _say(one, teacher, COMMENTS)
    inside.analyse()
    return one


def _told(teacher: User) -> Enrolment:
    """A student of another class, with so many pieces of feedback that can be read."""
    mine = Enrolment.objects.active().filter(user=teacher).values("cohort")
    others = Enrolment.objects.active().students().exclude(cohort__in=mine).filter(user__is_active=True)
    student = others.select_related("user", "cohort").order_by("pk")[0]
    works = _works([student], _assignments(student, PIECES, teacher), PIECES)
    for number, one in enumerate(works):
        one.release_at = one.counts_at - timedelta(hours=number)
    with inside.without_triggers():
        for one in Submission.objects.bulk_create(works):
            _say(one, teacher, 3)
    inside.analyse()
    return student


def _say(one: Submission, teacher: User, comments: int) -> None:
    feedback = Feedback(submission=one, rubric=one.rubric, source="Well seen.", html="<p>Well seen.</p>", revision=3)
    feedback.marks = {f"c{n}": {"level": "1", "words": "Look again at this."} for n in range(6)}
    feedback.save()
    Comment.objects.bulk_create(
        Comment(
            submission=one,
            start=n * 50,
            quote="nine flowers",
            before="It flew to ",
            after=", and",
            by=teacher,
            source="Which ones?",
            html="<p>Which ones?</p>",
        )
        for n in range(comments)
    )


def _assignments(student: Enrolment, count: int, teacher: User) -> list[tuple[Activity, Rubric]]:
    module = student.cohort.course.modules.first()
    made = []
    for number in range(count):
        step = Activity.objects.create(
            module=module,
            kind="assignment",
            title=f"Essay {number}",
            position=9_000 + number,
            rule="enough",
            published_at=timezone.now(),
        )
        assignment = Assignment.objects.create(activity=step, source="Write.", html="<p>Write.</p>")
        made.append((step, Rubric.objects.create(assignment=assignment, plain=to_plain(RUBRIC), made_by=teacher)))
    return made


def _works(class_: list[Enrolment], steps: list[tuple[Activity, Rubric]], count: int) -> list[Submission]:
    now = timezone.now()
    return [
        Submission(
            enrolment=class_[number % len(class_)],
            activity=steps[number // len(class_)][0],
            rubric=steps[number // len(class_)][1],
            key=uuid4(),
            source="It flew.",
            html=TEXT,
            sent_at=now,
            counts_at=now,
            sha256="0" * 64,
            # As many are promised for the same day as hand in on one.
            promised_at=now + timedelta(days=1 + number % 20),
        )
        for number in range(count)
    ]


def _paths(one: Submission) -> dict[str, str]:
    return {
        "queue": "/marking/",
        "queue of one assignment": f"/marking/?activity={one.activity_id}",
        "queue by name": "/marking/?q=an",
        f"work with {COMMENTS} comments": f"/marking/{one.pk}/",
    }


if __name__ == "__main__":
    from bench import alone

    sys.exit(alone.measure(measured))
