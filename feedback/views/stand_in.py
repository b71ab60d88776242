"""In the place of pages that are being written."""

from django.http import HttpRequest, HttpResponse


def nothing(request: HttpRequest, **_: object) -> HttpResponse:
    return HttpResponse("")
