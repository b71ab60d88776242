"""What is agreed with one student, a later date or more days; and how dates of every sort are put back as they were."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from accounts.models import User
from courses.models import Accommodation, Activity, DueDate, EffectiveDue, Enrolment, Extension
from courses.services import cohorts

KEPT = {
    DueDate: (*cohorts.DATED, "zone"),
    Extension: ("agreed_wall", "zone", "reason", "by_student", "granted_by_id", "granted_at"),
    Accommodation: ("extra_days", "time_percent", "note", "granted_by_id", "granted_at"),
}
Agreement = DueDate | Extension | Accommodation


class NotLater(Exception):
    """The student has as much time without it."""


@transaction.atomic
def agree(
    enrolment: Enrolment, activity: Activity, agreed_wall: datetime, *, reason: str, by: User
) -> tuple[Extension, datetime]:
    """Agree a later date; with the instant that it makes the effective one. Raises NotLater, and changes nothing."""
    made = cohorts.extend(enrolment, activity, agreed_wall, reason=reason, by=by)
    due = EffectiveDue.objects.get(enrolment=enrolment, activity=activity)
    if not due.extended:
        raise NotLater
    return made, due.due_at


def take_back(enrolment: Enrolment, activity: Activity) -> None:
    Extension.objects.filter(enrolment=enrolment, activity=activity).delete()


def plain(row: Agreement | None) -> dict[str, Any] | None:
    """An agreement as plain data, for undoing a change of it."""
    if row is None:
        return None
    values = {name: getattr(row, name) for name in KEPT[type(row)]}
    if "zone" in values:
        values["zone"] = str(values["zone"])
    return {name: value.isoformat() if isinstance(value, date | time) else value for name, value in values.items()}


@transaction.atomic
def put_back(
    model: type[Agreement], *, before: dict[str, Any] | None, after: dict[str, Any] | None, **of: object
) -> bool:
    """Make the agreement what it was `before`; not when it is no longer what the change made it, `after`."""
    found = model.objects.filter(**of)
    if plain(found.select_for_update().first()) != after:
        return False
    if before is None:
        found.delete()
    else:
        model.objects.update_or_create(**of, defaults=before)
    return True
