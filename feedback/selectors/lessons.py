"""An assignment as its lesson page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from courses.models import Activity, Enrolment
from feedback import criteria
from feedback.models import Assignment, Rubric, Submission


@dataclass(frozen=True)
class OfLesson:
    """`attempts` are the student's, oldest first, without those that were taken back; empty for everybody else."""

    assignment: Assignment
    criteria: criteria.Criteria
    attempts: list[Submission]

    @property
    def standing(self) -> Submission | None:
        return self.attempts[-1] if self.attempts else None

    def told(self, now: datetime) -> Submission | None:
        """The latest whose feedback can be read."""
        return next((one for one in reversed(self.attempts) if one.release_at and one.release_at <= now), None)


def of_lesson(enrolment: Enrolment | None, activity: Activity) -> OfLesson:
    """In two queries."""
    latest = Rubric.objects.filter(assignment=OuterRef("pk")).order_by("-version")
    assignment: Any = Assignment.objects.annotate(plain=Subquery(latest.values("plain")[:1])).get(activity=activity)
    assignment.activity = activity
    found: list[Submission] = []
    if enrolment is not None and enrolment.is_student:
        mine = Submission.objects.filter(enrolment=enrolment, activity=activity, taken_back_at=None)
        found = list(mine.order_by("attempt"))
    return OfLesson(assignment, criteria.from_plain(assignment.plain or []), found)
