"""Undo, for what acts at once: a message says what was done, with a button that takes it back.

A deed is a function, registered by name, that takes it back for a person and the values it was offered with, and says
so in a sentence. It asks for the right again, and raises CannotUndo where something else has happened meanwhile. The
message stays until the next page, the button works for an hour. `docs/architecture.md` says how to add one.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

LASTS = timedelta(hours=1)
SALT = "common.undo"
# An address longer than this is refused by some proxies.
LONGEST = 4_000


class CannotUndo(Exception):
    """Its text is the sentence to show."""


TakeBack = Callable[..., str]
DEEDS: dict[str, TakeBack] = {}


def deed(name: str) -> Callable[[TakeBack], TakeBack]:
    """Register what takes a deed back; in the app's module `deeds`, which its configuration loads."""

    def register(take_back: TakeBack) -> TakeBack:
        DEEDS[name] = take_back
        return take_back

    return register


def offer(request: HttpRequest, sentence: str, name: str, *, back: str, **values: Any) -> None:
    """Say what was done, beside a button that undoes it and leads to the page `back`. `values` are plain data."""
    if name not in DEEDS:
        raise LookupError(name)
    token = signing.dumps([request.user.pk, name, back, values], salt=SALT, compress=True)
    # The extra tag of a message is the address of what takes the deed back.
    messages.success(request, sentence, extra_tags=reverse("undo", args=[token]) if len(token) <= LONGEST else "")


@require_POST
def undo(request: HttpRequest, token: str) -> HttpResponse:
    try:
        person, name, back, values = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Http404 from None
    if person != request.user.pk or name not in DEEDS:
        raise Http404
    try:
        signing.loads(token, salt=SALT, max_age=LASTS)
        messages.success(request, DEEDS[name](request.user, **values))
    except signing.SignatureExpired:
        messages.warning(request, gettext("It is too late to undo this. Nothing has changed."))
    except CannotUndo as refusal:
        messages.warning(request, refusal)
    return redirect(back)
