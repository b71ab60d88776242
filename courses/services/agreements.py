"""What is agreed with one student, a later date or more days; and how dates of every sort are put back as they were."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from courses.models import Activity, DueDate, EffectiveDue, Enrolment, Extension
from courses.services import cohorts, news
from courses.services.news import Agreement, plain

__all__ = ["Agreement", "NotLater", "agree", "plain", "put_back", "take_back"]


class NotLater(Exception):
    """The student has as much time without it."""


@transaction.atomic
def agree(
    enrolment: Enrolment, activity: Activity, agreed_wall: datetime, *, reason: str, by: User
) -> tuple[Extension, datetime]:
    """Agree a later date; with the instant that it makes the effective one. Raises NotLater, and changes nothing."""
    made, before = cohorts.extend(enrolment, activity, agreed_wall, reason=reason, by=by)
    due = EffectiveDue.objects.get(enrolment=enrolment, activity=activity)
    if not due.extended:
        raise NotLater
    news.extension_changed(enrolment, activity, before=before)
    return made, due.due_at


@transaction.atomic
def take_back(enrolment: Enrolment, activity: Activity) -> None:
    standing = Extension.objects.select_for_update().filter(enrolment=enrolment, activity=activity).first()
    if standing:
        standing.delete()
        news.extension_changed(enrolment, activity, before=standing)


@transaction.atomic
def put_back(model: type[Agreement], *, before: dict[str, Any] | None, after: dict[str, Any] | None, **of: Any) -> bool:
    """Make the agreement what it was `before`; not when it is no longer what the change made it, `after`."""
    found = model.objects.filter(**of)
    standing = found.select_for_update().first()
    if plain(standing) != after:
        return False
    if before is None:
        found.delete()
    else:
        model.objects.update_or_create(**of, defaults=before)
    _tell(model, standing, of)
    return True


def _tell(model: type[Agreement], standing: Any, of: dict[str, Any]) -> None:
    if model is DueDate:
        news.date_moved(of["cohort"], of["activity"], before=standing)
    elif model is Extension:
        news.extension_changed(of["enrolment"], of["activity"], before=standing)
    else:
        news.days_changed(of["enrolment"], before=standing)
