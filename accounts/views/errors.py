"""What a form is told that could not be sent, with the words that were in it."""

import re
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

# More than the longest text of a form has, and fewer fields than a page could bear.
LONGEST, MOST_FIELDS = 400_000, 20
SECRET = re.compile(r"pass|secret|token|code|key", re.IGNORECASE)
# One word of signs as machines write them: a number, a choice, an identifier, a date.
MACHINE_MADE = re.compile(r"[!-~]*")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Named by settings.CSRF_FAILURE_VIEW. Says what to do, and shows what was typed."""
    return render(request, "403_csrf.html", {"typed": typed_words(request)}, status=403)


def signed_out(request: HttpRequest, typed: list[str], login: str) -> HttpResponse:
    """In the place of a bare way to the sign-in, where words would be lost on it."""
    here, came_from = request.get_full_path(), urlsplit(request.headers.get("Referer", ""))
    if came_from.path:
        # The page of the form: what was sent to may answer no one who looks at it.
        here = came_from._replace(scheme="", netloc="").geturl()
    context = {"typed": typed, "sign_in": redirect_to_login(here, login).url}
    return render(request, "accounts/signed_out.html", context, status=403)


def typed_words(request: HttpRequest) -> list[str]:
    """The words in a form of ours that could not be sent: never a password, a code, or what a page hides.

    A form says no more than names and values, so words are what has a space or a letter beyond ASCII. What another
    site sends is not shown: it would stand here as ours.
    """
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if request.method != "POST" or not ours or request.resolver_match.func.__module__.startswith("allauth."):
        return []
    try:
        posted = [(name, text) for name, texts in request.POST.lists() for text in texts]
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return []
    words, left = [], LONGEST
    for name, text in posted:
        if SECRET.search(name) or MACHINE_MADE.fullmatch(text.strip()):
            continue
        if len(words) < MOST_FIELDS and len(text) <= left:
            words.append(text)
            left -= len(text)
    return words
