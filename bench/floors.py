"""What any page of this site costs at the least: the two floors that docs/adr/0011 counts in.

They stay as they are. A floor that grows makes every page look faster, so nothing here is changed for a better table:
not the query, not the size of the template (20 KB), not that it has no loop and includes nothing. Nor does a page look
slower because the floor fell: session, account and the connection's health count as with Django itself (`spared`).
"""

import statistics
import time
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends import db
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User

TEMPLATE = "bench/floor.html"
ROUNDS = 300
# Of the signed-in one.
FLOOR = "/bench/signed-in/"
# Medians of one run against the next, on two shared cores: a ratio is called OVER only beyond what chance can do.
# Queries and bytes are counted, not measured, and have no tolerance.
TOLERANCE = 0.1


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """One SELECT and 20 KB; asked for without a cookie, so neither session nor user is looked for."""
    _title()
    return HttpResponse(_text())


def signed_in(request: HttpRequest) -> HttpResponse:
    """Session and user from the database, one SELECT, and 20 KB through the template engine."""
    return render(request, TEMPLATE, {"title": _title()})


def _title() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM courses_course ORDER BY id LIMIT 1")
        return str(cursor.fetchone()[0])


@cache
def _text() -> str:
    return (Path(__file__).parent / "templates" / TEMPLATE).read_text("utf-8")


@cache
def spared() -> float:
    """Seconds that Django takes longer than us to ask the connection whether it lives, and to read session and account.

    In this process; 0 where it does not.
    """
    person = User.objects.filter(is_active=True).order_by("pk")[0]
    ours = import_module(settings.SESSION_ENGINE).SessionStore
    made = ours()
    made["somebody"] = person.pk
    made.create()
    backend = get_backends()[0]
    took = [
        _median(lambda: (ours(made.session_key).load(), backend.get_user(person.pk))),
        _median(
            lambda: (
                connection.is_usable(),
                db.SessionStore(made.session_key).load(),
                User.objects.get(pk=person.pk),
            )
        ),
    ]
    made.delete()
    return max(0.0, took[1] - took[0])


def _median(step: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        step()
        took.append(time.perf_counter() - start)
    return statistics.median(took)
