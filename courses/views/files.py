from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from courses import access
from files import serving


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
