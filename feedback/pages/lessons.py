"""An assignment in words, as its lesson page shows it."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from courses.models import Enrolment
from feedback.selectors.lessons import OfLesson


def panel(found: OfLesson, viewer: User, enrolment: Enrolment | None) -> dict[str, Any]:
    now = timezone.now()
    return {
        "assignment": found.assignment,
        "criteria": found.criteria.criteria,
        "studies": enrolment is not None and enrolment.is_student,
        "standing": found.standing,
        "told": found.told(now),
        "attempts": found.attempts,
    }
