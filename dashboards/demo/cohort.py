"""The demo cohort: thirty students with a past, two teachers, an assistant, an admin, and dates ahead."""

import time as clock
import tomllib
import unicodedata
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from accounts.services.people import reached, save_person
from courses.models import Activity, Cohort, Course, DueDate, Enrolment
from courses.services import cohorts
from dashboards.demo import asked, course, history, talk, told, work
from progress.services import signals

PASSWORD = "study-in-peace"  # noqa: S105 printed at every start, and impossible under production settings
ZONE = ZoneInfo("Europe/London")
DAYS_IN = 30
LONGEST = 60
NAMED = {"student": "student@ownpace.test", "teacher": "teacher@ownpace.test"}


@transaction.atomic
def load() -> Cohort:
    """Make the whole demo; where it is there already, nothing changes."""
    # By its origin, which nobody edits: an admin may have renamed the cohort and the course.
    if found := Cohort.objects.filter(course__origin__startswith="learning-on-").order_by("pk").first():
        return found
    written = course.load()
    work.set_tasks(written)
    now = timezone.now()
    first = now.astimezone(ZONE).date() - timedelta(days=DAYS_IN)
    _published_before(written, datetime.combine(first, time(0), ZONE) - timedelta(days=7))
    cohort = Cohort.objects.create(
        course=written,
        name="Autumn evening group",
        timezone=ZONE,
        starts_on=first,
        ends_on=first + timedelta(days=70),
        feedback_days=3,
    )
    _dates(cohort, written)
    _admin()
    people = _people(cohort, now)
    talk.write(cohort, people, now)
    work.write(cohort, people, now)
    asked.write(cohort, people, now)
    told.write(cohort, now)
    # The first teacher who looks does not wait for the worker.
    signals.refresh(now, clock.monotonic() + LONGEST)
    return cohort


def _published_before(written: Course, moment: datetime) -> None:
    Activity.objects.filter(module__course=written).update(published_at=moment)


def _dates(cohort: Cohort, written: Course) -> None:
    """The last required lesson of each module is due in the evening, every eleven days; one is always near."""
    for number, module in enumerate(written.modules.order_by("position"), start=1):
        read = module.activities.filter(required=True).exclude(kind="assignment")
        last = read.order_by("-position").first()
        day = cohort.starts_on + timedelta(days=11 * number + 1)
        wall = datetime.combine(day, time(20, 0))
        DueDate.objects.create(cohort=cohort, activity=last, zone=ZONE, suggested_wall=wall)


def _admin() -> None:
    admin = User(username="admin", email="admin@ownpace.test", display_name="Ada Marsh", timezone=ZONE, is_staff=True)
    _with_password(save_person(admin))


def _people(cohort: Cohort, now: datetime) -> dict[str, User]:
    """By their given names."""
    cast = tomllib.loads((settings.BASE_DIR / "demo" / "people.toml").read_text("utf-8"))["people"]
    lessons = Activity.objects.filter(module__course=cohort.course).exclude(kind="assignment")
    activities = list(lessons.order_by("module__position", "position"))
    taken: set[str] = set()
    people = {}
    for one in cast:
        user = people[one["given"]] = _person(one, email=NAMED.get(one["role"], "") if one["role"] not in taken else "")
        taken.add(one["role"])
        enrolment = cohorts.enrol(user, cohort, role=one["role"], by=None, started_on=cohort.starts_on)
        if enrolment.role == Enrolment.Role.STUDENT:
            zone = ZoneInfo(one["zone"])
            past = history.sittings(activities, one["pattern"], zone, cohort.starts_on, now, user.username)
            history.write(enrolment, past)
    return people


def _person(told: dict[str, Any], *, email: str) -> User:
    plain = unicodedata.normalize("NFKD", f"{told['given']} {told['family']}")
    user = User(
        username=email.partition("@")[0] or slugify(plain).replace("-", "."),
        email=email or None,
        display_name=f"{told['given']} {told['family']}",
        timezone=told["zone"],
        zone_confirmed_at=timezone.now(),
        minor=told["minor"],
    )
    save_person(user)
    return _with_password(user) if email else user


def _with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    reached(user)
    return user
