from datetime import datetime

from courses.models import Cohort, Enrolment
from forums.models import Thread


def without_answer(cohort: Cohort, now: datetime) -> set[int]:
    """Students of a cohort who asked in its forum and have no answer yet: their enrolments. What was asked without a
    name tells of nobody."""
    asked = Thread.objects.filter(cohort=cohort, anonymous=False).standing().unanswered().values("author")
    found = Enrolment.objects.active().students().filter(cohort=cohort, user__in=asked)
    return set(found.values_list("pk", flat=True))
