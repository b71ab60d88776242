"""Where a mail provider reports bounces and complaints. Anymail reads the format of each, and checks who it is."""

from collections.abc import Callable

from anymail.urls import urlpatterns
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

VIEWS = {pattern.name: pattern.callback for pattern in urlpatterns}


@csrf_exempt
@login_not_required
@require_http_methods(["HEAD", "POST"])
def mail_events(request: HttpRequest) -> HttpResponse:
    """400 without our secret, and without the provider's signature where it signs. 404 where no secret is set: only
    some providers sign, and an open address would let anybody silence anybody."""
    if not settings.ANYMAIL["WEBHOOK_SECRET"]:
        raise Http404
    return _view()(request)


def _view() -> Callable[[HttpRequest], HttpResponse]:
    name = settings.MAIL_PROVIDER
    view = VIEWS.get(f"{name}_tracking_webhook") or VIEWS.get(f"{name}_webhook")
    if view is None:
        raise Http404
    return view
