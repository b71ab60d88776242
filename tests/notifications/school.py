"""A class of which everybody has something due tomorrow, and what it means that they all heard of it once."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Enrolment
from notifications.models import Mailbox, Notice
from notifications.tasks import deliver
from tests.conftest import SOAK
from tests.factories import courses as make
from tests.factories.people import UserFactory, addresses

STUDENTS, DUE_DATES = (2_500, 4) if SOAK else (40, 2)


def make_school() -> Cohort:
    course = make.CourseFactory(title="Bees")
    cohort = make.CohortFactory(course=course, name="Everybody")
    module = make.ModuleFactory(course=course, title="Nectar", position=0)
    people = [UserFactory.build(username=f"pupil{number}", timezone=awake()) for number in range(STUDENTS)]
    User.objects.bulk_create(people)
    addresses(people)
    Enrolment.objects.bulk_create(
        make.EnrolmentFactory.build(user=person, cohort=cohort, role="student") for person in people
    )
    for number in range(DUE_DATES):
        activity = make.link(module, title=f"Step {number}", position=number)
        cohort.due_dates.create(activity=activity, zone="UTC", suggested_wall=tomorrow())
    return cohort


def awake() -> str:
    """A zone in which it is between 18 and 19 o'clock: the usual hour is over, and quiet hours have not begun."""
    ahead = 18 - timezone.now().hour
    ahead = ahead - 24 if ahead > 12 else ahead
    # The signs of these names are the other way round.
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


def tomorrow() -> datetime:
    return (timezone.now() + timedelta(days=1)).replace(tzinfo=None, microsecond=0)


def deliver_all() -> None:
    """Tick after tick: each stops after a while, so that other work comes in between."""
    deliver()
    planned = Notice.objects.filter(state="planned")
    while planned.filter(not_before__lte=timezone.now()).exists() or unmailed().filter(mail=None).exists():
        deliver()


def unmailed() -> QuerySet[Notice]:
    return Notice.objects.filter(state="told", mail_by="now", mailed_at=None)


def everybody_was_told_once() -> None:
    told = Notice.objects.filter(state="told", kind="due_soon")
    per_person = Counter(told.values_list("person", "subject"))
    assert len(per_person) == STUDENTS * DUE_DATES
    assert set(per_person.values()) == {1}
    assert not Notice.objects.filter(state="planned", not_before__lte=timezone.now()).exists()
    in_inboxes = Notice.objects.filter(state="told", in_inbox=True, read_at=None)
    unread = Counter(in_inboxes.values_list("person", flat=True))
    assert dict(Mailbox.objects.filter(unread__gt=0).values_list("person", "unread")) == dict(unread)
