"""What any page of this site costs at the least: the two floors that docs/adr/0011 counts in.

They stay as they are. A floor that grows makes every page look faster, so nothing here is changed for a better table:
not the query, not the size of the template (20 KB), not that it has no loop and includes nothing.
"""

from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TEMPLATE = "bench/floor.html"


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
