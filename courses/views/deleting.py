"""Deleting and archiving, asked about where students' work goes with it; and what was deleted, to bring it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from common import undo
from common.numbers import row_key
from common.paging import page_of
from courses import access
from courses.deeds import REMOVABLE
from courses.permissions import Deletion, deletion
from courses.selectors import deleted_in
from courses.services import deleting


@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    found = access.removable_activity(request.user, activity_id)
    outline = reverse("edit:course", args=[found.module.course_id])
    return remove(request, found, "activity", back=reverse("edit:activity", args=[found.pk]), after=outline)


@require_http_methods(["GET", "HEAD", "POST"])
def module(request: HttpRequest, module_id: int) -> HttpResponse:
    found = access.removable_module(request.user, module_id)
    outline = reverse("edit:course", args=[found.course_id])
    return remove(request, found, "module", back=reverse("edit:module", args=[found.pk]), after=outline)


@require_http_methods(["GET", "HEAD", "POST"])
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    found = access.removable_course(request.user, course_id)
    back = reverse("edit:course_details", args=[found.pk])
    return remove(request, found, "course", back=back, after=reverse("progress:courses"))


def remove(request: HttpRequest, row: deleting.Row, kind: str, *, back: str, after: str) -> HttpResponse:
    """Delete or archive `row`. `back` is the page it was asked from, `after` the one that is there without it.

    What holds no work goes at once. Everything else is shown first: what goes, and what the viewer may do about it.
    """
    if row.deleted_at is not None:
        messages.info(request, deleting.already(row))
        return redirect(after)
    try:
        if request.method == "POST":
            return _removed(request, row, kind, after)
        work = deleting.work_of(row)
    except deleting.AlreadyDeleted as refusal:
        messages.info(request, refusal)
        return redirect(after)
    except deleting.Refused as refusal:
        messages.warning(request, refusal)
        return redirect(back)
    except deleting.HoldsWork as held:
        work = held.work
    way = deletion(holds_work=work.students > 0, is_admin=request.user.is_staff)
    typed = request.POST.get("students")
    context = {
        "row": row,
        "kind": kind,
        "work": work,
        "back": back,
        "may_delete": way is not Deletion.ARCHIVE_ONLY,
        "counts": way is Deletion.AFTER_COUNTING,
        "wrong": typed is not None,
        "typed": typed or "",
    }
    return render(request, "courses/delete.html", context, status=422 if typed is not None else 200)


def _removed(request: HttpRequest, row: deleting.Row, kind: str, after: str) -> HttpResponse:
    if "archive" in request.POST:
        deleting.archive(row, by=request.user)
        words = gettext("“%(name)s” was archived.")
    else:
        typed = request.POST.get("students", "").strip()
        # What is no number counts nobody.
        deleting.delete(row, by=request.user, students=row_key(typed) if typed else None)
        words = gettext("“%(name)s” was deleted.")
    undo.offer(request, words % {"name": row}, "deleted", back=after, kind=kind, key=row.pk)
    return redirect(after)


@require_http_methods(["GET", "HEAD"])
def deleted(request: HttpRequest, course_id: int) -> HttpResponse:
    """The modules and activities of a course that were deleted or archived by themselves."""
    found = access.editable_course(request.user, course_id)
    modules, activities = deleted_in(found)
    context = {
        "course": found,
        "modules": page_of(modules, request, name="modules"),
        "activities": page_of(activities, request),
    }
    return render(request, "courses/deleted.html", context)


@require_POST
def restore(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """Bring something back for as long as it is kept; the Undo of a message is for the first hour."""
    if kind not in REMOVABLE:
        raise Http404
    row = REMOVABLE[kind](request.user, key)
    try:
        deleting.restore(row)
        messages.success(request, gettext("“%(name)s” is back.") % {"name": row})
    except deleting.Refused as refusal:
        messages.warning(request, refusal)
    if kind in ("activity", "module"):
        course = row.module.course_id if kind == "activity" else row.course_id
        return redirect("edit:deleted", course)
    return redirect("dashboards:deleted")
