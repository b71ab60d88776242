"""Where a mail provider reports bounces and complaints. Anymail reads the format of each, and checks who it is."""

from collections.abc import Callable
from functools import cache
from importlib import import_module

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods


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
    name, views = settings.MAIL_PROVIDER, _views()
    view = views.get(f"{name}_tracking_webhook") or views.get(f"{name}_webhook")
    if view is None:
        raise Http404
    return view


@cache
def _views() -> dict[str, Callable[[HttpRequest], HttpResponse]]:
    """Loaded when a provider first reports: they bring 7 MB of libraries, one of them that of a whole cloud."""
    return {pattern.name: pattern.callback for pattern in import_module("anymail.urls").urlpatterns}
