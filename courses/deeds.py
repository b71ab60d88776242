"""What authors, teachers and admins can take back: see `common.undo`."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.models import User
from common.access import require_admin
from common.dates import local
from common.undo import CannotUndo, deed
from courses import access
from courses.models import Accommodation, Activity, Cohort, DueDate, EffectiveDue, Enrolment, Extension
from courses.permissions import Permission
from courses.services import agreements, announcements, authoring, calendars, cohorts, deleting, publishing


def _person(viewer: User, person_id: int) -> User:
    return get_object_or_404(User.everything.manageable_by(viewer), pk=person_id)


# By the word that stands in the values of the deed and in forms.
REMOVABLE: dict[str, Callable[[User, int], deleting.Row]] = {
    "activity": access.removable_activity,
    "module": access.removable_module,
    "course": access.removable_course,
    "cohort": access.removable_cohort,
    "person": _person,
}


def _asked(get: Callable[[], Any]) -> Any:
    try:
        return get()
    except (Http404, PermissionDenied):
        raise CannotUndo(gettext("This can no longer be undone. Nothing has changed.")) from None


@deed("deleted")
def deleted(viewer: User, kind: str, key: int) -> str:
    row = _asked(lambda: REMOVABLE[kind](viewer, key))
    try:
        deleting.restore(row)
    except deleting.Refused as refusal:
        raise CannotUndo(str(refusal)) from None
    return gettext("“%(name)s” is back.") % {"name": row}


@deed("announcement deleted")
def announcement_deleted(viewer: User, key: int) -> str:
    found = _asked(lambda: access.removable_announcement(viewer, key))
    announcements.restore(found)
    return gettext("“%(name)s” is back.") % {"name": found}


@deed("published")
def published(viewer: User, course: int, **values: Any) -> str:
    found = _asked(lambda: access.editable_course(viewer, course))
    count = publishing.take_back(found, **values)
    return ngettext("%(n)d lesson is hidden again.", "%(n)d lessons are hidden again.", count) % {"n": count}


@deed("date changed")
def date_changed(viewer: User, cohort: int, activity: int, before: dict | None, after: dict | None) -> str:
    """Set back to what it was, unless somebody has changed it again."""

    def get() -> tuple[Cohort, Activity]:
        found = access.cohort_with(viewer, cohort, Permission.SET_DATES)
        return found, get_object_or_404(Activity.objects.filter(module__course=found.course_id), pk=activity)

    found, dated = _asked(get)
    if not agreements.put_back(DueDate, before=before, after=after, cohort=found, activity=dated):
        raise CannotUndo(gettext("The date has been changed again since then, so it was left as it is."))
    if before is None:
        return gettext("“%(title)s” has no date again.") % {"title": dated.title}
    return _said_again(found, dated)


DAY = "l j F, H:i"


def _said_again(cohort: Cohort, dated: Activity) -> str:
    """With the date that is there again: whether it is the earlier or the later one is nothing to be guessed."""
    standing = DueDate.objects.get(cohort=cohort, activity=dated)
    if standing.suggested_wall is None:
        return gettext("“%(title)s” is back to its previous date.") % {"title": dated.title}
    day = date_format(standing.suggested_wall, DAY)
    return gettext("“%(title)s” is back to %(day)s.") % {"title": dated.title, "day": day}


@deed("moved to module")
def moved_to_module(viewer: User, activity: int, to: int, module: int, position: int) -> str:
    found, former = _asked(lambda: (access.editable_activity(viewer, activity), access.editable_module(viewer, module)))
    if found.module_id != to or former.course_id != found.module.course_id:
        raise CannotUndo(CHANGED_SINCE)
    authoring.put_back(found, former, position)
    return gettext("“%(title)s” is back in “%(module)s”.") % {"title": found.title, "module": former}


CHANGED_SINCE = gettext_lazy("This has been changed again since then, so it was left as it is.")


@deed("state changed")
def state_changed(viewer: User, enrolment: int, before: str, after: str) -> str:
    def get() -> Enrolment:
        require_admin(viewer)
        return get_object_or_404(Enrolment.objects.taught_by(viewer).select_related("user"), pk=enrolment)

    found = _asked(get)
    if not cohorts.put_back_state(found, before, after=after, by=viewer):
        raise CannotUndo(CHANGED_SINCE)
    if before == Enrolment.State.ACTIVE:
        return gettext("%(name)s is in the cohort again.") % {"name": found.user}
    return gettext("%(name)s is out of the cohort again.") % {"name": found.user}


@deed("later date changed")
def later_date_changed(viewer: User, enrolment: int, activity: int, before: dict | None, after: dict | None) -> str:
    def get() -> tuple[Enrolment, Activity]:
        found = access.enrolment_with(viewer, enrolment, Permission.GRANT_EXTENSIONS)
        return found, access.activity_of(found, activity)

    found, dated = _asked(get)
    if not agreements.put_back(Extension, before=before, after=after, enrolment=found, activity=dated):
        raise CannotUndo(CHANGED_SINCE)
    due = EffectiveDue.objects.filter(enrolment=found, activity=dated).first()
    words = {"title": dated.title, "name": found.user}
    if due is None:
        return gettext("“%(title)s” is back to the previous date for %(name)s.") % words
    words["day"] = date_format(local(due.due_at, found.cohort.timezone), DAY)
    return gettext("“%(title)s” is back to %(day)s for %(name)s.") % words


@deed("accommodation changed")
def accommodation_changed(viewer: User, enrolment: int, before: dict | None, after: dict | None) -> str:
    found = _asked(lambda: access.enrolment_with(viewer, enrolment, Permission.GRANT_EXTENSIONS))
    if not agreements.put_back(Accommodation, before=before, after=after, enrolment=found):
        raise CannotUndo(CHANGED_SINCE)
    return gettext("The extra time of %(name)s is as it was before.") % {"name": found.user}


@deed("calendar changed")
def calendar_changed(viewer: User, cohort: int, revision: int, before: dict[str, Any]) -> str:
    found = _asked(lambda: access.cohort_with(viewer, cohort, Permission.SET_DATES))
    if calendars.save(found, calendars.from_plain(before), if_revision=revision) is None:
        raise CannotUndo(CHANGED_SINCE)
    return gettext("The working days are as they were before.")
