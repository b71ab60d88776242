from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from courses import access
from files import serving


@require_safe
def course_file(request: HttpRequest, file_id: str, name: str) -> HttpResponse:
    """`name` is only what the browser shows; the file is found by its id alone."""
    return serving.respond(request, access.readable_file(request.user, file_id).file)
