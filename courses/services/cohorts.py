from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts import names
from accounts.models import User
from courses.models import Accommodation, Activity, Cohort, DueDate, Enrolment, Extension
from courses.services import calendars, news
from notifications.services import planning

Dated = TypeVar("Dated", DueDate, Extension)


class CannotMove(Exception):
    """Its text is the sentence to show."""


@dataclass(frozen=True)
class Named:
    """A line of a list of people: `number` counts from 1, blank lines too; `user` is None where nobody has the name."""

    number: int
    name: str
    user: User | None


@transaction.atomic
def save_cohort(cohort: Cohort) -> Cohort:
    cohort.save()
    calendars.fill_again(cohort)
    planning.soon()
    return cohort


@transaction.atomic
def enrol(user: User, cohort: Cohort, *, role: str, by: User | None, started_on: date | None = None) -> Enrolment:
    """Put somebody into a cohort, or bring them back into it; their progress of before is still there."""
    now = timezone.now()
    enrolment = _enrol(user, cohort, role=role, by=by, started_on=started_on)
    news.came_in(cohort, by=by, since=now)
    return enrolment


def _enrol(user: User, cohort: Cohort, *, role: str, by: User | None, started_on: date | None = None) -> Enrolment:
    today = timezone.now().astimezone(cohort.timezone).date()
    enrolment, made = Enrolment.objects.get_or_create(
        user=user,
        cohort=cohort,
        defaults={"role": role, "started_on": started_on or max(today, cohort.starts_on), "state_changed_by": by},
    )
    if not made:
        enrolment.role = role
        enrolment.save(update_fields=["role"])
        _set_state(enrolment, Enrolment.State.ACTIVE, by=by)
    return enrolment


def put_in(cohort: Cohort, people: Iterable[User], *, role: str, by: User) -> None:
    """Enrol all of them, in the caller's transaction; `courses.services.news` is for the caller to tell."""
    # Always in the same order, so that two lists with the same people do not wait for each other.
    for user in sorted(people, key=lambda user: user.pk):
        _enrol(user, cohort, role=role, by=by)


def find_people(lines: str) -> list[Named]:
    """Whom each of `lines` names, by username or address; blank ones are left out."""
    typed = [(number, line.strip()) for number, line in enumerate(lines.splitlines(), 1) if line.strip()]
    wanted = {names.folded(name) for _, name in typed}
    found = User.objects.filter(Q(username__in=wanted) | Q(email__in=wanted))
    known = {user.email: user for user in found if user.email} | {user.username: user for user in found}
    return [Named(number, name, known.get(names.folded(name))) for number, name in typed]


@transaction.atomic
def set_state(enrolment: Enrolment, state: str, *, by: User | None) -> None:
    now = timezone.now()
    _set_state(enrolment, state, by=by)
    if state == Enrolment.State.ACTIVE:
        news.came_in(enrolment.cohort, by=by, since=now)


@transaction.atomic
def put_back_state(enrolment: Enrolment, before: str, *, after: str, by: User) -> bool:
    """Make the state what it was `before`, and tell nobody; not when it is no longer `after`."""
    standing = Enrolment.objects.select_for_update().filter(pk=enrolment.pk, state=after).first()
    if standing:
        _set_state(standing, before, by=by)
    return standing is not None


def _set_state(enrolment: Enrolment, state: str, *, by: User | None) -> None:
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
    news.moved(enrolment, by=by)
    planning.soon()
    return enrolment


@transaction.atomic
def set_due_date(cohort: Cohort, activity: Activity, due: DueDate) -> DueDate:
    """Give `activity` the date of `due` in this cohort and its zone, in place of any that it had."""
    after, before = put_due_date(cohort, activity, due)
    news.date_moved(cohort, activity, before=before)
    return after


@transaction.atomic
def put_due_date(cohort: Cohort, activity: Activity, due: DueDate) -> tuple[DueDate, DueDate | None]:
    """As `set_due_date`, and nobody hears of it: for a look at what the date would do. Also as it was before."""
    values = {name: getattr(due, name) for name in news.DATED} | {"zone": cohort.timezone}
    return _put(DueDate, {"cohort": cohort, "activity": activity}, values)


@transaction.atomic
def clear_due_date(cohort: Cohort, activity: Activity) -> None:
    standing = DueDate.objects.select_for_update().filter(cohort=cohort, activity=activity).first()
    if standing:
        DueDate.objects.filter(pk=standing.pk).delete()
        news.date_moved(cohort, activity, before=standing)


@transaction.atomic
def extend(
    enrolment: Enrolment, activity: Activity, agreed_wall: datetime, *, reason: str, by: User
) -> tuple[Extension, Extension | None]:
    """Agree a later date, as a wall time in the cohort's zone. A later agreement replaces an earlier one: both."""
    values = {"agreed_wall": agreed_wall, "zone": enrolment.cohort.timezone, "reason": reason, "granted_by": by}
    values |= {"granted_at": timezone.now(), "by_student": by.pk == enrolment.user_id}
    return _put(Extension, {"enrolment": enrolment, "activity": activity}, values)


def _put(model: type[Dated], of: dict[str, Any], values: dict[str, Any]) -> tuple[Dated, Dated | None]:
    """The row as it is now, and as it was."""
    before = model.objects.select_for_update().filter(**of).first()
    # Somebody else may have made it since.
    made = model.objects.bulk_create(
        [model(**of, **values)], update_conflicts=True, unique_fields=[*of], update_fields=[*values]
    )
    return made[0], before


@transaction.atomic
def accommodate(enrolment: Enrolment, *, extra_days: int, note: str, by: User) -> Accommodation:
    values: dict[str, Any] = {"extra_days": extra_days, "note": note}
    values |= {"granted_by": by, "granted_at": timezone.now()}
    before = Accommodation.objects.select_for_update().filter(enrolment=enrolment).first()
    if extra_days != (before.extra_days if before else 0):
        news.days_changed(enrolment, before=before)
    return Accommodation.objects.update_or_create(enrolment=enrolment, defaults=values)[0]
