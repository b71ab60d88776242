"""The mail that a development machine would have sent: read here, kept as files, sent to nobody."""

import email
import email.policy
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

SHOWN = 50


@login_not_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Open without a sign-in, because it holds the link that a forgotten password needs. 404 outside development."""
    if not settings.DEMO_ALLOWED:
        raise Http404(gettext("Outgoing email can only be read on a development machine."))
    # By the time they were written: names of the same second end in a random number.
    written = {file: file.stat().st_mtime_ns for file in Path(settings.EMAIL_FILE_PATH).glob("*.log")}
    files = sorted(written, key=written.__getitem__, reverse=True)[:SHOWN]
    mails = [mail for file in files for mail in reversed(_mails(file))][:SHOWN]
    return render(request, "accounts/outbox.html", {"mails": mails})


def _mails(file: Path) -> list[dict[str, object]]:
    # Django's file backend writes one file per connection and a line of dashes after each message.
    parts = file.read_bytes().split(b"\n" + b"-" * 79)
    return [_mail(part.strip(), file) for part in parts if part.strip()]


def _mail(raw: bytes, file: Path) -> dict[str, object]:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain",))
    return {
        "to": message["To"],
        "subject": message["Subject"],
        "text": body.get_content() if body else "",
        "written": timezone.datetime.fromtimestamp(file.stat().st_mtime, timezone.get_current_timezone()),
    }
