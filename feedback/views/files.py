"""Files of work: brought before it is handed in, and read as the work is."""

from pathlib import PurePosixPath
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.bodies import takes_files
from drafts import selectors as drafts
from drafts.services import Full
from feedback import access
from feedback.forms.files import BringForm
from feedback.names import place_of
from feedback.pages import files as pages
from feedback.selectors import files as selectors
from feedback.services import handing_in, uploads
from files import serving


def _may(viewer: User, activity_id: int) -> bool:
    activity, _ = access.own_assignment(viewer, activity_id)
    return activity.assignment.takes_files


@takes_files(uploads.LARGEST, may=_may)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest, activity_id: int) -> HttpResponse:
    """A script gets what it lists, and names the file in the draft; without one, this page does both."""
    activity, enrolment = access.own_assignment(request.user, activity_id)
    if not activity.assignment.takes_files:
        raise Http404
    wants_page = request.accepts("text/html")
    if request.method != "POST" and not wants_page:
        asked = [key for key in map(_key, request.GET.getlist("files")[: handing_in.MOST_FILES]) if key]
        return JsonResponse({"files": pages.listed(selectors.brought(enrolment, activity, asked))})
    if key := _key(request.POST.get("remove", "")):
        uploads.throw_away(enrolment, key)
        if not wants_page:
            return JsonResponse({"files": []})
        uploads.remove_from_draft(enrolment, activity, key)
        return redirect("feedback:bring", activity.pk)
    form = BringForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            made = uploads.bring(enrolment, activity, upload, upload.name, upload.size, by=request.user)
            if not wants_page:
                return JsonResponse({"files": pages.listed([made])})
            uploads.add_to_draft(enrolment, activity, made.pk)
            return redirect("feedback:bring", activity.pk)
        except (uploads.Refused, Full) as refusal:
            form.add_error("file", refusal.args[0])
    if not wants_page:
        return JsonResponse({"error": " ".join(form.errors.get("file", [gettext("Choose a file.")]))}, status=422)
    held = drafts.writing(request.user, place_of(activity.pk)).files
    brought = pages.listed(selectors.brought(enrolment, activity, held))
    context = {"activity": activity, "course": activity.module.course, "form": form, "brought": brought}
    return render(request, "feedback/bring.html", context, status=422 if form.errors else 200)


def _key(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


@require_safe
def work_file(request: HttpRequest, file_id: UUID, name: str) -> HttpResponse:
    """`name` is only what the browser shows; what it is saved as comes from the row."""
    found = access.readable_work_file(request.user, file_id)
    found.file.name = pages.name_of(found, nameless=found.is_nameless_to(request.user))
    return serving.respond(request, found.file)


@require_safe
def page(request: HttpRequest, page_id: int, ext: str) -> HttpResponse:
    """A page as it was drawn. Its own name says nothing but its number."""
    found = access.readable_page(request.user, page_id)
    if PurePosixPath(found.file.name).suffix != f".{ext}":
        raise Http404
    return serving.respond(request, found.file)
