"""Out of a mail, without signing in: a link that shows a switch, and the POST of RFC 8058 that turns it.

Where the mail nudges, the page also offers a week without: less than the switch, so the same token will do.
"""

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from notifications.kinds import KINDS
from notifications.services import letters, preferences
from notifications.services.preferences import SNOOZE


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
    may_pause = any(kind.is_nudge for kind in kinds)
    if request.method != "POST":
        context = {"state": "asks", "kinds": kinds, "may_pause": may_pause}
        return render(request, "notifications/stop.html", context)
    if "snooze" in request.POST and may_pause:
        if owner:
            preferences.set_mailbox(owner, snoozed_until=timezone.now() + SNOOZE)
        return render(request, "notifications/stop.html", {"state": "paused"})
    if owner:
        preferences.stop_mail(owner, names)
    return render(request, "notifications/stop.html", {"state": "stopped", "kinds": kinds})
