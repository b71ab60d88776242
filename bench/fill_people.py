"""Cohorts, students and teachers, who is in which cohort, and the dates that were set for them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from accounts.models import User
from bench.fill_courses import Written
from courses.models import Activity, Cohort, DueDate, Enrolment

ZONE = ZoneInfo("Europe/Berlin")
COURSES_EACH = 5
COHORTS_EACH = 10  # of a teacher
DAYS_IN = 35
# One studies five courses, the largest among them; the other the course of MIDDLE activities alone.
MEASURED, SINGLE, PASSWORD = "measured.student", "single.student", "a-password-of-the-bench"
# Teaches two more cohorts of the course of MIDDLE activities, of so many students each.
TEACHER, CLASSES = "measured.teacher", (300, 500)
ADMIN = "measured.admin"
# The place in a module at which something is due: in the middle, and at its end.
DUE_AT = (6, 12)
SEED = 2_000


@dataclass(frozen=True)
class People:
    enrolments: list[Enrolment]
    # Those of the student with five courses, the largest course first, and then the other's one.
    measured: list[Enrolment]


def students() -> QuerySet[User]:
    return User.objects.filter(enrolments__role=Enrolment.Role.STUDENT).distinct()


def gather(written: Written, count: int) -> People:
    chance = random.Random(SEED)
    first = datetime.now(ZONE).date() - timedelta(days=DAYS_IN)
    cohorts = Cohort.objects.bulk_create(
        Cohort(course=course, name=name, timezone=ZONE, starts_on=first, ends_on=first + timedelta(days=180))
        for course in written.courses
        for name in ("Morning group", "Evening group")
    )
    DueDate.objects.bulk_create(_due_dates(cohorts), batch_size=2000)
    people = User.objects.bulk_create(_people(count), batch_size=1000)
    enrolments = list(_enrolments(people, cohorts, first, chance))
    enrolments += _classes(written, people, first)
    made = Enrolment.objects.bulk_create(enrolments, batch_size=2000)
    admin = _person(ADMIN, "!")
    admin.is_staff = True
    admin.save()
    teachers = User.objects.bulk_create(_person(f"teacher{n}", "!") for n in range(len(cohorts) // COHORTS_EACH))
    Enrolment.objects.bulk_create(
        Enrolment(user=teachers[n // COHORTS_EACH], cohort=cohort, role=Enrolment.Role.TEACHER, started_on=first)
        for n, cohort in enumerate(cohorts)
    )
    return People(made, made[: COURSES_EACH + 1])


def _people(count: int) -> Iterator[User]:
    password = make_password(PASSWORD)
    yield _person(MEASURED, password)
    yield _person(SINGLE, password)
    for number in range(2, count):
        yield _person(f"student{number}", "!")


def _person(username: str, password: str) -> User:
    name = username.replace(".", " ").title()
    confirmed = datetime.now(UTC)
    return User(
        username=username, display_name=name, password=password, timezone=ZONE, zone_confirmed_at=confirmed, email=None
    )


def _enrolments(people: list[User], cohorts: list[Cohort], first: date, chance: random.Random) -> Iterator[Enrolment]:
    """Two cohorts of each course stand side by side in `cohorts`; the measured students take the first."""
    courses = range(len(cohorts) // 2)
    fixed = {MEASURED: courses[:COURSES_EACH], SINGLE: courses[1:2]}
    for person in people:
        chosen = fixed.get(person.username)
        for course in chosen or chance.sample(courses, COURSES_EACH):
            cohort = cohorts[2 * course + (0 if chosen else chance.randrange(2))]
            yield Enrolment(user=person, cohort=cohort, started_on=first)


def _classes(written: Written, people: list[User], first: date) -> Iterator[Enrolment]:
    """The largest classes, with dates as the others have; who has two in a course has them side by side."""
    teacher = _person(TEACHER, "!")
    teacher.save()
    for count in CLASSES:
        cohort = Cohort.objects.create(
            course=written.courses[1], name=f"Class of {count}", timezone=ZONE, starts_on=first
        )
        DueDate.objects.bulk_create(_due_dates([cohort]))
        Enrolment.objects.create(user=teacher, cohort=cohort, role=Enrolment.Role.TEACHER, started_on=first)
        for person in people[2 : 2 + count]:
            yield Enrolment(user=person, cohort=cohort, started_on=first)


def _due_dates(cohorts: list[Cohort]) -> Iterator[DueDate]:
    """A module takes a week: what is in its middle is due on the fourth evening, its end on the seventh."""
    places: dict[int, list[tuple[int, int, int]]] = {}
    rows = Activity.objects.filter(position__in=DUE_AT).values_list(
        "module__course", "module__position", "pk", "position"
    )
    for course, week, activity, place in rows:
        places.setdefault(course, []).append((week, activity, place))
    for cohort in cohorts:
        for week, activity, place in places.get(cohort.course_id, []):
            day = cohort.starts_on + timedelta(days=7 * week + (4 if place == DUE_AT[0] else 7))
            wall = datetime.combine(day, time(20, 0))
            yield DueDate(cohort=cohort, activity_id=activity, zone=ZONE, suggested_wall=wall)
