from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse


def admins_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 for everybody else: that a site is managed somewhere is nobody's business."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
