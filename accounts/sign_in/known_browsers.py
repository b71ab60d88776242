"""A cookie that says who has signed in here before. It opens nothing; it only lets them try where strangers wait."""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

SALT = "accounts.sign_in.known_browsers"
AGE = 180 * 24 * 60 * 60
MOST_PEOPLE = 8


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Of a browser that several share, the last few people are kept."""
    kept = _read(request) or {"mark": secrets.token_urlsafe(12), "people": {}}
    people = {pk: proof for pk, proof in kept["people"].items() if pk != str(person.pk)}
    people = dict([*people.items(), (str(person.pk), _proof(person))][-MOST_PEOPLE:])
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps({"mark": kept["mark"], "people": people}, salt=SALT),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def mark_for(request: HttpRequest, name: str) -> str | None:
    """What this browser counts by, if the person who signs in as `name` has done so here with today's password."""
    kept = _read(request)
    if not kept:
        return None
    people = User.objects.filter(Q(username=name) | Q(email=name), pk__in=kept["people"])
    known = any(constant_time_compare(kept["people"][str(person.pk)], _proof(person)) for person in people)
    return kept["mark"] if known else None


def _proof(person: User) -> str:
    return salted_hmac(SALT, person.password, algorithm="sha256").hexdigest()[:32]


def _read(request: HttpRequest) -> dict[str, Any] | None:
    try:
        return signing.loads(request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return None
