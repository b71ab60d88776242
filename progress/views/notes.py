import re
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from common import undo
from common.origin import absolute
from common.paging import page_of, sought
from common.timecode import clock, typed
from courses import access
from courses.models import Activity
from progress.models import Note
from progress.pages.notes import as_markdown
from progress.selectors.notes import listed, of_course
from progress.services import notes

VERSION = re.compile(r"^\d{1,9}$")


@require_safe
def notes_page(request: HttpRequest, course_id: int) -> HttpResponse:
    course = access.readable_course(request.user, course_id).course
    words = sought(request)
    page = page_of(listed(request.user, course, words), request)
    return render(request, "progress/notes.html", {"course": course, "page": page, "words": words})


@require_safe
def export(request: HttpRequest, course_id: int) -> HttpResponse:
    course = access.readable_course(request.user, course_id).course
    text = as_markdown(course, list(of_course(request.user, course)), timezone.localtime(), absolute())
    name = f"{slugify(course.title) or 'course'}-notes.md"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(text, content_type="text/markdown; charset=utf-8", headers=headers)


@require_POST
def save(request: HttpRequest, activity_id: int, key: UUID) -> HttpResponse:
    """Write a note, new or not. A script gets JSON; a form without one goes back to the lesson."""
    activity, student = access.studied_activity(request.user, activity_id)
    # In a page that one student left open, another may have signed in meanwhile.
    if request.POST.get("writer", str(student.pk)) != str(student.pk):
        raise PermissionDenied(gettext("Someone else opened this page."))
    text, seen = request.POST.get("text", ""), request.POST.get("version", "")
    version = int(seen) if VERSION.match(seen) else None
    at_ms = typed(request.POST.get("at", ""))
    try:
        saved = notes.save(student, activity, key=key, at_ms=at_ms, text=text, version=version)
    except notes.Full as full:
        return _refused(request, activity, key, str(full))
    if saved is None:
        return redirect("progress:lesson", activity.pk)
    if request.accepts("text/html"):
        if saved.apart:
            messages.warning(request, gettext("This note was also changed somewhere else. Both versions are saved."))
        else:
            messages.success(request, gettext("Note at %(time)s saved.") % {"time": clock(saved.note.at_ms)})
        return redirect(reverse("progress:lesson", args=[activity.pk]) + "#notes")
    return JsonResponse({"id": str(saved.note.pk), "version": saved.note.version, "apart": saved.apart})


def _refused(request: HttpRequest, activity: Activity, key: UUID, why: str) -> HttpResponse:
    """What was typed stays: with a script in its field, without one in a form of its own."""
    if not request.accepts("text/html"):
        return JsonResponse({"error": why}, status=422)
    context = {"activity": activity, "key": key, "why": why, "sent": request.POST}
    return render(request, "progress/note_refused.html", context, status=422)


@require_POST
def delete(request: HttpRequest, key: UUID) -> HttpResponse:
    note = get_object_or_404(Note.objects.of(request.user), pk=key)
    back = reverse("progress:lesson", args=[note.activity_id]) + "#notes"
    notes.delete(note)
    words = gettext("Note at %(time)s deleted.") % {"time": clock(note.at_ms)}
    undo.offer(request, words, "note deleted", back=back, key=str(key))
    return redirect(back)
