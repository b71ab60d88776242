from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses.models import Accommodation, Activity, Cohort, DueDate, Enrolment, Extension


class CannotMove(Exception):
    """Its text is the sentence to show."""


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


def find_people(lines: str) -> tuple[list[User], list[str]]:
    """The accounts named in `lines` (a username or an address each), and the names that nobody has."""
    names = [line.strip().lower() for line in lines.splitlines() if line.strip()]
    found = User.objects.filter(Q(username__in=names) | Q(email__in=names))
    known = {name for user in found for name in (user.username, user.email)}
    return list(found), [name for name in names if name not in known]


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


def set_due_date(cohort: Cohort, activity: Activity, due: DueDate | None) -> None:
    """Give `activity` the date of `due` in this cohort; None takes the date away."""
    if due is None:
        DueDate.objects.filter(cohort=cohort, activity=activity).delete()
        return
    due.cohort, due.activity, due.zone = cohort, activity, cohort.timezone
    due.save()


def extend(enrolment: Enrolment, activity: Activity, agreed_wall: datetime, *, reason: str, by: User) -> Extension:
    """Agree a later date, as a wall time in the cohort's zone. A later agreement replaces an earlier one."""
    values = {"agreed_wall": agreed_wall, "zone": enrolment.cohort.timezone, "reason": reason, "granted_by": by}
    values |= {"granted_at": timezone.now(), "by_student": by.pk == enrolment.user_id}
    return Extension.objects.update_or_create(enrolment=enrolment, activity=activity, defaults=values)[0]


def accommodate(enrolment: Enrolment, *, extra_days: int, note: str, by: User) -> Accommodation:
    values: dict[str, Any] = {"extra_days": extra_days, "note": note}
    values |= {"granted_by": by, "granted_at": timezone.now()}
    return Accommodation.objects.update_or_create(enrolment=enrolment, defaults=values)[0]
