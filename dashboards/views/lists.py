"""The whole lists behind a site admin's overview: courses, cohorts, imports, people."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from common.paging import page_of, sought
from courses.selectors import cohorts_overview, courses_overview, imports_overview
from dashboards.access import admins_only


@admins_only
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    words = sought(request)
    return _list(request, "dashboards/courses.html", courses_overview(request.user, words), words)


@admins_only
@require_safe
def cohorts(request: HttpRequest) -> HttpResponse:
    words = sought(request)
    return _list(request, "dashboards/cohorts.html", cohorts_overview(words), words)


@admins_only
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    words = sought(request)
    return _list(request, "dashboards/imports.html", imports_overview(request.user, words), words)


@admins_only
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    words = sought(request)
    found = User.objects.manageable_by(request.user).order_by("display_name", "pk")
    return _list(request, "dashboards/people.html", found.named_like(words) if words else found, words)


def _list(request: HttpRequest, template: str, found: QuerySet, words: str) -> HttpResponse:
    return render(request, template, {"page": page_of(found, request), "words": words})
