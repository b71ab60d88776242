"""What every browser test does: sign somebody in, make them a course, look at where the focus is."""

import time
from dataclasses import dataclass

from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from accounts.models import User
from courses.models import Activity, Cohort, Course, Enrolment, Module
from progress.fields import total
from progress.models import Completion, Visit
from tests.factories import courses as make
from tests.factories.people import UserFactory


def signed_in(context: BrowserContext, user: User, home: str, *, with_factors: bool = True) -> str:
    """Without the form: a session whose password and factors count as just shown for a whole run. Returns its key."""
    client = Client()
    client.force_login(user)
    session = client.session
    factors = Authenticator.objects.filter(user=user) if with_factors else []
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        *({"method": "mfa", "id": one.pk, "type": one.type, "at": time.time()} for one in factors),
        {"method": "password", "at": time.time() + 3600, "reauthenticated": True},
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": home}])
    return session.session_key


TEXT = """## How bees see

Bees see ultraviolet light, and *red* is black to them.

## How bees count

A honeybee counts to four, and tells nought from one.
"""
ELSEWHERE = "https://example.org/garden"


@dataclass
class Study:
    """One student in a small course of one module: two readings, a file and a link."""

    student: User
    course: Course
    cohort: Cohort
    module: Module
    reading: Activity
    second: Activity
    file: Activity
    link: Activity

    @property
    def enrolment(self) -> Enrolment:
        return Enrolment.objects.get(user=self.student, cohort=self.cohort)

    def tick(self, activity: Activity) -> Completion | None:
        return Completion.objects.standing().filter(enrolment__user=self.student, activity=activity).first()

    def seconds(self, activity: Activity) -> int:
        visit = Visit.objects.filter(enrolment__user=self.student, activity=activity).first()
        return total(visit.visible) if visit else 0


def study(dwell: int = 600, **person: object) -> Study:
    """`dwell` is how long the first reading asks to be open; the other never ticks by itself in a test."""
    course = make.CourseFactory(title="Bees and flowers")
    cohort = make.CohortFactory(course=course, name="Morning group")
    module = make.ModuleFactory(course=course, title="Nectar", position=0)
    student = UserFactory(**person)
    make.EnrolmentFactory(user=student, cohort=cohort)
    made = Study(
        student=student,
        course=course,
        cohort=cohort,
        module=module,
        reading=make.reading(module, TEXT, title="Bee eyes", position=0),
        second=make.reading(module, "Nectar is sweet.", title="Nectar", position=1),
        file=make.file_activity(module, "sheet.txt", b"Count the bees.", title="Counting sheet", position=2),
        link=make.link(module, ELSEWHERE, title="A bee garden", position=3),
    )
    asks(made.reading, dwell)
    asks(made.second, 600)
    return made


def asks(activity: Activity, seconds: int) -> None:
    activity.dwell_seconds = seconds
    activity.save(update_fields=["dwell_seconds"])


def close_offline(page: Page) -> None:
    """A tab that is closed says goodbye, and being offline ends with it: that would get through."""
    page.evaluate("""() => {
      window.fetch = () => Promise.reject(new TypeError("no connection"));
      navigator.sendBeacon = () => false;
    }""")
    page.close()
