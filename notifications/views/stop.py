"""Out of a mail, without signing in: a link that shows a switch, and the POST of RFC 8058 that turns it."""

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from notifications.kinds import KINDS
from notifications.services import letters, preferences


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Needs no cookie, answers without a redirect, and says nothing of the person: links in mail get passed on."""
    try:
        person, names = letters.read_stop_token(token)
    except BadSignature:
        return render(request, "notifications/stop.html", {"state": "unknown"}, status=404)
    kinds = [KINDS[name] for name in names if name in KINDS]
    owner = User.objects.filter(pk=person).first()
    if request.method != "POST":
        return render(request, "notifications/stop.html", {"state": "asks", "kinds": kinds})
    if owner:
        preferences.stop_mail(owner, names)
    return render(request, "notifications/stop.html", {"state": "stopped", "kinds": kinds})
