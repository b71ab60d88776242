"""Who belongs to which segment of a cohort (`feedback.segments`): each in one query, or in two."""

from datetime import datetime, timedelta

from django.db.models import Q

from courses.models import Cohort, Enrolment
from feedback import segments
from feedback.models import Asked
from progress.selectors import tallies

NOT_SEEN_FOR, THINGS_LATE = timedelta(days=7), 2


def students(cohort: Cohort) -> set[int]:
    return set(Enrolment.objects.active().students().filter(cohort=cohort).values_list("pk", flat=True))


def everyone(cohort: Cohort, now: datetime) -> set[int]:
    return students(cohort)


def not_seen(cohort: Cohort, now: datetime) -> set[int]:
    """Who never came counts from the day on which they joined."""
    since = now - NOT_SEEN_FOR
    away = Q(last_seen_at__lt=since) | Q(last_seen_at=None, state_changed_at__lt=since)
    found = Enrolment.objects.active().students().filter(away, cohort=cohort)
    return set(found.values_list("pk", flat=True))


def late(cohort: Cohort, now: datetime) -> set[int]:
    counted = tallies.of_class(sorted(students(cohort)), cohort.course_id, now)
    return {enrolment for enrolment, tally in counted.items() if tally.late >= THINGS_LATE}


def without_an_answer(cohort: Cohort, now: datetime) -> dict[int, datetime]:
    """By person, when they were asked last, alone or with some others, and could answer until now."""
    asked = Asked.objects.filter(check_in__cohort=cohort, opened_at__isnull=False, answered_at=None, expires_at__gt=now)
    told = asked.exclude(check_in__segment=segments.EVERYONE).order_by("opened_at")
    return dict(told.values_list("person", "opened_at"))
