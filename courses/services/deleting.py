"""Deleting and archiving what was made by mistake or is over, and bringing it back. `common.removal` says how."""

from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.services import people
from courses.models import Activity, Cohort, Course, Enrolment, Module
from courses.permissions import Deletion, deletion
from courses.services.authoring import next_position
from courses.work import Work, work_in

Row = Activity | Module | Course | Cohort | User
UNMARKED: dict[str, Any] = {"deleted_at": None, "deleted_by": None, "archived": False}
# Where the work lies that goes with a row.
WHERE: dict[type[Model], str] = {
    Activity: "activity",
    Module: "activity__module",
    Course: "activity__module__course",
    Cohort: "enrolment__cohort",
    Enrolment: "enrolment",
    User: "enrolment__user",
}


class Refused(Exception):
    """Nothing has changed; its text says why."""


class AlreadyDeleted(Refused):
    """Somebody else, or another tab, was first."""


@dataclass
class HoldsWork(Exception):
    """It has to be archived, or deleted by a site admin who has counted what goes."""

    work: Work


def work_of(row: Row | Enrolment) -> Work:
    return work_in({WHERE[type(row)]: row.pk})


def together(row: Row) -> list[QuerySet[Any]]:
    """What goes with `row`, itself first, whatever its mark."""
    match row:
        case Activity():
            return [Activity.everything.filter(pk=row.pk)]
        case Module():
            return [Module.everything.filter(pk=row.pk), Activity.everything.filter(module=row.pk)]
        case Course():
            return [
                Course.everything.filter(pk=row.pk),
                Module.everything.filter(course=row.pk),
                Activity.everything.filter(module__course=row.pk),
                Cohort.everything.filter(course=row.pk),
                Enrolment.everything.filter(cohort__course=row.pk),
            ]
        case Cohort():
            return [Cohort.everything.filter(pk=row.pk), Enrolment.everything.filter(cohort=row.pk)]
        case _:
            return [User.everything.filter(pk=row.pk), Enrolment.everything.filter(user=row.pk)]


@transaction.atomic
def delete(row: Row, *, by: User, students: int | None = None) -> None:
    """Mark it for erasing. `students` is how many a site admin was told, and typed in, would lose work.

    Raises HoldsWork when that is wanted or wrong, and Refused.
    """
    found = _standing(row, by)
    work = work_of(found)
    way = deletion(holds_work=work.students > 0, is_admin=by.is_staff)
    if way is Deletion.ARCHIVE_ONLY or (way is Deletion.AFTER_COUNTING and students != work.students):
        raise HoldsWork(work)
    _mark(found, by, archived=False)


@transaction.atomic
def archive(row: Row, *, by: User) -> None:
    """Put it away, with all that students did in it, until somebody brings it back. Raises Refused."""
    _mark(_standing(row, by), by, archived=True)


def _standing(row: Row, by: User) -> Any:
    found = _locked(row)
    if found.deleted_at is not None:
        raise AlreadyDeleted(already(found))
    if isinstance(found, User) and found.pk == by.pk:
        raise Refused(gettext("You can't delete your own account. Ask another admin."))
    return found


def already(row: Row) -> str:
    """What a second tab is told."""
    words = gettext("“%(name)s” has already been archived.")
    if not row.archived:
        words = gettext("“%(name)s” has already been deleted.")
    return words % {"name": row}


def _locked(row: Row) -> Any:
    """The row as it is now; ticks that are on their way are waited for, and so counted."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
    try:
        found = type(row).everything.select_for_update(of=("self",)).filter(pk=row.pk).first()
    except OperationalError:
        words = gettext("“%(name)s” is being changed right now, perhaps by an import. Try again in a minute.")
        raise Refused(words % {"name": row}) from None
    if found is None:
        raise Refused(gettext("“%(name)s” has been erased.") % {"name": row})
    return found


def _mark(found: Any, by: User, *, archived: bool) -> None:
    now = timezone.now()
    for rows in together(found):
        rows.filter(deleted_at=None).update(deleted_at=now, deleted_by=by, archived=archived)
    if isinstance(found, User):
        people.give_up_names(found)


@transaction.atomic
def restore(row: Row) -> None:
    """Bring it back with what went together with it. What is back already stays. Raises Refused."""
    found = _locked(row)
    if found.deleted_at is None:
        return
    _refuse_without_parent(found)
    if isinstance(found, User) and not people.take_back_names(found):
        words = gettext("Someone else now has the username or email address of “%(name)s”. Change theirs first.")
        raise Refused(words % {"name": found})
    _make_room(found)
    itself, *others = together(found)
    itself.update(**UNMARKED)
    for rows in others:
        mine = rows.filter(deleted_at=found.deleted_at)
        if rows.model is Enrolment:
            _leave_to_the_other(mine)
        mine.update(**UNMARKED)


def _refuse_without_parent(found: Any) -> None:
    parent = {Activity: "module", Module: "course", Cohort: "course"}.get(type(found))
    above = getattr(found, parent) if parent else None
    if above is not None and above.deleted_at is not None:
        words = gettext("“%(name)s” is in “%(above)s”, which has been deleted too. Bring that back first.")
        raise Refused(words % {"name": found, "above": above})


def _make_room(found: Any) -> None:
    """What took its place meanwhile keeps it."""
    if isinstance(found, Activity | Module):
        siblings = found.course.modules if isinstance(found, Module) else found.module.activities
        if siblings.filter(position=found.position).exists():
            type(found).everything.filter(pk=found.pk).update(position=next_position(siblings))
    if isinstance(found, Module) and found.origin and found.course.modules.filter(origin=found.origin).exists():
        Module.everything.filter(pk=found.pk).update(origin="")
    if isinstance(found, Course) and found.origin and Course.objects.filter(origin=found.origin).exists():
        Course.everything.filter(pk=found.pk).update(origin="")


def _leave_to_the_other(enrolments: QuerySet[Enrolment]) -> None:
    """An enrolment whose cohort or person has been deleted meanwhile comes back with that one, and not before."""
    for name, above in (("cohort", Cohort), ("user", User)):
        when = above.everything.filter(pk=OuterRef(name)).values("deleted_at")
        enrolments.filter(**{f"{name}__deleted_at__isnull": False}).update(deleted_at=Subquery(when))
