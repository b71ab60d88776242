"""What can be taken back of work and feedback."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.models import User
from common.undo import CannotUndo, deed
from courses.access import readable_course, removable_activity
from courses.models import Course
from courses.services import deleting
from courses.work import HOLDERS
from feedback import access
from feedback.models import Absence, Marking, Pause
from feedback.selectors.held import held, held_in_talk
from feedback.selectors.signals import HANDED_IN, MARKS
from feedback.selectors.talks import regular_of
from feedback.services import absences, checkins, comments, sets, settings, talks
from feedback.services.marking import Refused
from progress.work import HANDED_IN_SQL, MARKS_SQL

HOLDERS.extend((held, held_in_talk))
HANDED_IN_SQL.append(HANDED_IN)
MARKS_SQL.append(MARKS)


@deed("comment deleted")
def comment_deleted(viewer: User, submission: int, key: str) -> str:
    found, _ = access.written_submission(viewer, submission)
    if not comments.restore(found, UUID(key)):
        raise CannotUndo(gettext("This comment is back already, or the work has been sent again."))
    return gettext("The comment is back.")


@deed("bank comment deleted")
def bank_comment_deleted(viewer: User, source: str, course: int | None) -> str:
    try:
        comments.keep(source, by=viewer, course=Course.objects.filter(pk=course).first() if course else None)
    except Refused as refusal:
        raise CannotUndo(refusal.args[0]) from refusal
    return gettext("It is in your bank again.")


def _asked(get: Callable[[], Any]) -> Any:
    try:
        return get()
    except (Http404, PermissionDenied):
        raise CannotUndo(gettext("This can no longer be undone. Nothing has changed.")) from None


def _pause(viewer: User, key: int) -> Pause:
    pause = get_object_or_404(Pause.objects.select_related("cohort"), pk=key)
    access.decided_cohort(viewer, pause.cohort_id)
    return pause


def _absence(viewer: User, key: int) -> Absence:
    return get_object_or_404(Absence.objects.select_related("person", "substitute"), person=viewer, pk=key)


@deed("set made")
def set_made(viewer: User, keys: list[int]) -> str:
    made = _asked(lambda: [removable_activity(viewer, key) for key in keys])
    try:
        sets.unmake(made, by=viewer)
    except deleting.HoldsWork:
        raise CannotUndo(gettext("Students have work in these by now, so nothing was deleted.")) from None
    except deleting.Refused as refusal:
        raise CannotUndo(refusal.args[0]) from None
    return ngettext("%(n)d assignment was deleted.", "%(n)d assignments were deleted.", len(made)) % {"n": len(made)}


@deed("went away")
def went_away(viewer: User, key: int) -> str:
    found = _asked(lambda: _absence(viewer, key))
    if not absences.come_back(found, timezone.now()):
        raise CannotUndo(gettext("This was cancelled already."))
    return gettext("You are here on these days after all.")


@deed("came back")
def came_back(viewer: User, key: int) -> str:
    found = _asked(lambda: _absence(viewer, key))
    if not absences.go_after_all(found):
        raise CannotUndo(gettext("You are away on these days already."))
    return gettext("You are away on these days after all.")


@deed("marking paused")
def marking_paused(viewer: User, key: int) -> str:
    found = _asked(lambda: _pause(viewer, key))
    if not absences.go_on(found, timezone.now()):
        raise CannotUndo(gettext("This pause is over already."))
    return gettext("Marking is no longer paused.")


@deed("pause ended")
def pause_ended(viewer: User, key: int) -> str:
    found = _asked(lambda: _pause(viewer, key))
    if not absences.pause_after_all(found):
        raise CannotUndo(gettext("This pause lasts already."))
    return gettext("Marking is paused again.")


@deed("marking set")
def marking_set(viewer: User, cohort: int, before: dict[str, Any], after: dict[str, Any]) -> str:
    found = _asked(lambda: access.decided_cohort(viewer, cohort))
    marking = Marking.objects.get(cohort=found)
    now = {
        "feedback_days": found.feedback_days,
        "counted_from": marking.counted_from,
        "assistants_release": marking.assistants_release,
    }
    if now != after:
        raise CannotUndo(gettext("This has been changed again since then, so it was left as it is."))
    settings.save(found, **before)
    return gettext("Marking is set as it was before.")


@deed("talk settled")
def talk_settled(viewer: User, conversation: int, since: str, broken: str) -> str:
    talk = _asked(lambda: access.held_talk(viewer, conversation))
    was_broken = datetime.fromisoformat(broken) if broken else None
    if not talks.unsettle(talk.conversation, datetime.fromisoformat(since), was_broken):
        raise CannotUndo(gettext("More was written since then, so nothing has changed."))
    return gettext("The student can see again by when you answer.")


@deed("message hidden")
def message_hidden(viewer: User, key: int) -> str:
    if not talks.show(_asked(lambda: access.hideable_message(viewer, key))):
        raise CannotUndo(gettext("This message is shown already."))
    return gettext("The message is shown again.")


@deed("works alone")
def works_alone(viewer: User, course: int, alone: bool) -> str:
    student = _asked(lambda: readable_course(viewer, course)).student
    if student is None:
        raise CannotUndo(gettext("This can no longer be undone. Nothing has changed."))
    talks.work_alone(student, not alone)
    return gettext("It is as it was before.")


@deed("regular stopped")
def regular_stopped(viewer: User, cohort: int, source: str, every_weeks: int, first: str) -> str:
    found = _asked(lambda: access.checking_in(viewer, cohort))
    if regular_of(found, viewer) is not None:
        raise CannotUndo(gettext("Another regular check-in was set up since then, so it was left as it is."))
    checkins.repeat(found, viewer, source, every_weeks=every_weeks, first=date.fromisoformat(first))
    return gettext("The regular check-in continues.")
