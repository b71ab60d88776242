"""What students can take back, and what they did as apps below ask for it."""

from datetime import date

from django.utils.translation import gettext

from accounts.models import User
from common.undo import CannotUndo, deed
from courses import access
from courses.permissions import Permission
from courses.work import HOLDERS, THROUGH_SQL
from progress.models import Note
from progress.querysets import DONE_SQL, WAITING_SQL
from progress.selectors.work import held
from progress.services import notes, snoozes, waits

HOLDERS.append(held)
THROUGH_SQL.extend((DONE_SQL, WAITING_SQL))


@deed("excused")
def excused(viewer: User, enrolment: int, activity: int) -> str:
    student = access.enrolment_with(viewer, enrolment, Permission.TICK)
    step = access.activity_of(student, activity)
    if not waits.no_longer_excused(student, step):
        raise CannotUndo(gettext("They are not excused from this step any more."))
    return gettext("Not excused any more.")


@deed("note deleted")
def note_deleted(viewer: User, key: str) -> str:
    note = Note.objects.of(viewer).filter(pk=key).first()
    if note is None:
        raise CannotUndo(gettext("This note has been erased."))
    try:
        notes.restore(note)
    except notes.Full as full:
        raise CannotUndo(str(full)) from None
    return gettext("Note restored.")


@deed("snoozed")
def snoozed(viewer: User, enrolment: int, before: str, after: str) -> str:
    student = access.enrolment_with(viewer, enrolment, Permission.SEE_STUDENTS)
    if snoozes.snoozed_until(viewer, student) != date.fromisoformat(after):
        raise CannotUndo(gettext("You have changed this since. Nothing was undone."))
    snoozes.snooze(viewer, student, date.fromisoformat(before) if before else None)
    return gettext("%(name)s is on your list as before.") % {"name": student.user}
