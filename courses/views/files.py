from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from common import bringing, richtext
from common.bodies import takes_files
from courses import access
from courses.forms.pictures import PictureForm
from courses.services import course_files
from files import pictures, serving


def _may(viewer: object, course_id: int) -> bool:
    access.editable_course(viewer, course_id)
    return True


@takes_files(pictures.LARGEST, may=_may)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_picture(request: HttpRequest, course_id: int) -> HttpResponse:
    """For any text of the course that its authors write."""
    course = access.editable_course(request.user, course_id)
    wants_page = request.accepts("text/html")
    form = PictureForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    written = address = words = ""
    if form.is_valid():
        upload, words = form.cleaned_data["file"], form.cleaned_data["alternative"]
        try:
            found = course_files.add_picture(course, upload, upload.name, upload.size, by=request.user)
            address = course_files.reference(found)
            written = richtext.link(words, address, shown=True)
        except course_files.Refused as refusal:
            form.add_error("file", refusal.args[0])
    if not wants_page:
        return bringing.answer(form, written)
    context = {"course": course, "form": PictureForm() if written else form}
    context |= {"written": written, "address": address, "alternative": words}
    return render(request, "courses/bring_picture.html", context, status=422 if form.errors else 200)


@require_safe
def course_file(request: HttpRequest, file_id: str, name: str) -> HttpResponse:
    """`name` is only what the browser shows; the file is found by its id alone."""
    return serving.respond(request, access.readable_file(request.user, file_id).file)


@require_safe
def recording(request: HttpRequest, recording_id: int, name: str) -> HttpResponse:
    return serving.respond(request, access.readable_recording(request.user, recording_id).file)


@require_safe
def poster(request: HttpRequest, recording_id: int) -> HttpResponse:
    return serving.respond(request, access.readable_poster(request.user, recording_id))


@require_safe
def captions(request: HttpRequest, track_id: int) -> HttpResponse:
    """Text of people too, although `courses.captions` wrote it: guarded as their files are."""
    serving.refuse_to_run(request)
    vtt = access.readable_track(request.user, track_id).vtt
    return serving.guarded(HttpResponse(vtt, content_type="text/vtt; charset=utf-8"))
