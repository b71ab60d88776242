from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts import names
from accounts.models import User
from courses.models import Accommodation, Activity, Cohort, DueDate, Enrolment, Extension

# What a date in a cohort consists of, in the one style or the other.
DATED = ("suggested_wall", "cutoff_wall", "suggested_days", "cutoff_days", "time_of_day")


class CannotMove(Exception):
    """Its text is the sentence to show."""


@dataclass(frozen=True)
class Named:
    """A line of a list of people: `number` counts from 1, blank lines too; `user` is None where nobody has the name."""

    number: int
    name: str
    user: User | None


class NobodyNamed(Exception):
    """Lines that name nobody, so that nobody was enrolled."""

    def __init__(self, unknown: list[Named]) -> None:
        super().__init__(", ".join(line.name for line in unknown))
        self.unknown = unknown


def save_cohort(cohort: Cohort) -> Cohort:
    cohort.save()
    return cohort


@transaction.atomic
def enrol(user: User, cohort: Cohort, *, role: str, by: User | None, started_on: date | None = None) -> Enrolment:
    """Put somebody into a cohort, or bring them back into it; their progress of before is still there."""
    today = timezone.now().astimezone(cohort.timezone).date()
    enrolment, made = Enrolment.objects.get_or_create(
        user=user,
        cohort=cohort,
        defaults={"role": role, "started_on": started_on or max(today, cohort.starts_on), "state_changed_by": by},
    )
    if not made:
        enrolment.role = role
        enrolment.save(update_fields=["role"])
        set_state(enrolment, Enrolment.State.ACTIVE, by=by)
    return enrolment


@transaction.atomic
def enrol_named(cohort: Cohort, lines: str, *, role: str, by: User) -> list[Named]:
    """Enrol everybody named in `lines`, or nobody: raises NobodyNamed when a line names no account."""
    named = find_people(lines)
    if unknown := [line for line in named if line.user is None]:
        raise NobodyNamed(unknown)
    # Always in the same order, so that two lists with the same people do not wait for each other.
    for user in sorted({line.user for line in named if line.user}, key=lambda user: user.pk):
        enrol(user, cohort, role=role, by=by)
    return named


def find_people(lines: str) -> list[Named]:
    """Whom each of `lines` names, by username or address; blank ones are left out."""
    typed = [(number, line.strip()) for number, line in enumerate(lines.splitlines(), 1) if line.strip()]
    wanted = {names.folded(name) for _, name in typed}
    found = User.objects.filter(Q(username__in=wanted) | Q(email__in=wanted))
    known = {user.email: user for user in found if user.email} | {user.username: user for user in found}
    return [Named(number, name, known.get(names.folded(name))) for number, name in typed]


def set_state(enrolment: Enrolment, state: str, *, by: User | None) -> None:
    enrolment.state, enrolment.state_changed_at, enrolment.state_changed_by = state, timezone.now(), by
    enrolment.save(update_fields=["state", "state_changed_at", "state_changed_by"])


@transaction.atomic
def move(enrolment: Enrolment, cohort: Cohort, *, by: User) -> Enrolment:
    """Move a person to another cohort of the same course; progress belongs to the enrolment and moves with it.

    Raises CannotMove for a cohort of another course, or one the person is in already.
    """
    if cohort.course_id != enrolment.cohort.course_id:
        raise CannotMove(gettext("That cohort is on a different course."))
    if Enrolment.objects.filter(user=enrolment.user_id, cohort=cohort).exists():
        raise CannotMove(gettext("This person is already in that cohort."))
    enrolment.cohort, enrolment.state_changed_at, enrolment.state_changed_by = cohort, timezone.now(), by
    enrolment.save(update_fields=["cohort", "state_changed_at", "state_changed_by"])
    return enrolment


def set_due_date(cohort: Cohort, activity: Activity, due: DueDate) -> DueDate:
    """Give `activity` the date of `due` in this cohort and its zone, in place of any that it had."""
    values = {name: getattr(due, name) for name in DATED} | {"zone": cohort.timezone}
    return DueDate.objects.update_or_create(cohort=cohort, activity=activity, defaults=values)[0]


def clear_due_date(cohort: Cohort, activity: Activity) -> None:
    DueDate.objects.filter(cohort=cohort, activity=activity).delete()


def extend(enrolment: Enrolment, activity: Activity, agreed_wall: datetime, *, reason: str, by: User) -> Extension:
    """Agree a later date, as a wall time in the cohort's zone. A later agreement replaces an earlier one."""
    values = {"agreed_wall": agreed_wall, "zone": enrolment.cohort.timezone, "reason": reason, "granted_by": by}
    values |= {"granted_at": timezone.now(), "by_student": by.pk == enrolment.user_id}
    return Extension.objects.update_or_create(enrolment=enrolment, activity=activity, defaults=values)[0]


def accommodate(enrolment: Enrolment, *, extra_days: int, note: str, by: User) -> Accommodation:
    values: dict[str, Any] = {"extra_days": extra_days, "note": note}
    values |= {"granted_by": by, "granted_at": timezone.now()}
    return Accommodation.objects.update_or_create(enrolment=enrolment, defaults=values)[0]
