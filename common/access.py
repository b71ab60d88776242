from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext


class Gone(Http404):
    """What the reader was told of a moment ago has been deleted; its text is the sentence to show."""


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    gone = str(exception) if isinstance(exception, Gone) else ""
    return render(request, "404.html", {"gone": gone}, status=404)


def require_admin(viewer: Any) -> None:
    """404 for everybody but site admins: to how a site is run, all others are outsiders."""
    if not viewer.is_staff:
        raise Http404


def require(allowed: bool) -> None:
    """403 for somebody who may know that the thing exists. Who may not gets 404 from the queryset before this."""
    if not allowed:
        raise PermissionDenied(gettext("You can view this but not change it."))
