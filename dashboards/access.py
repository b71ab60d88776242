from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from common.access import require_admin


def admins_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        require_admin(request.user)
        return view(request, *args, **kwargs)

    return guarded
