"""What authors, teachers and admins can take back: see `common.undo`."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, ngettext

from accounts.models import User
from common.undo import CannotUndo, deed
from courses import access
from courses.models import Activity, Cohort
from courses.permissions import Permission
from courses.services import cohorts, deleting, publishing


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
    if not cohorts.put_date_back(found, dated, before=before, after=after):
        raise CannotUndo(gettext("The date has been changed again since then, so it was left as it is."))
    return gettext("“%(title)s” has its former date again.") % {"title": dated.title}
