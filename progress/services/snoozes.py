"""Putting a student off one's own list for some days, and taking that back."""

from datetime import date

from accounts.models import User
from courses.models import Enrolment
from progress.models import Snooze

# For how many days.
CHOICES = (1, 3, 7)


def snoozed_until(teacher: User, enrolment: Enrolment) -> date | None:
    return Snooze.objects.filter(teacher=teacher, enrolment=enrolment).values_list("until", flat=True).first()


def snooze(teacher: User, enrolment: Enrolment, until: date | None) -> None:
    """Until a day of the teacher's own calendar; None takes them back at once. For this teacher alone."""
    if until is None:
        Snooze.objects.filter(teacher=teacher, enrolment=enrolment).delete()
    else:
        Snooze.objects.update_or_create(teacher=teacher, enrolment=enrolment, defaults={"until": until})
