"""Search through one course, and through all that a person may read."""

from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from common.paging import asked_for, page_of
from common.slots import Filled
from courses import access
from courses.finding import A_PAGE, find
from courses.models import Course
from courses.search_terms import LONGEST
from courses.selectors import searched_by
from progress.slots import EVERYWHERE, SEARCH, found_elsewhere


@require_safe
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    membership = access.readable_course(request.user, course_id)
    searched = membership.course
    context = _found(request, [searched], [searched.pk] if membership.sees_drafts else [])
    words = context["words"]
    context["course"] = searched
    context["elsewhere"] = found_elsewhere(request.user, searched, words) if words else []
    context["slots"] = _beneath(request.user, searched.pk, words)
    return render(request, "progress/search.html", context)


@require_safe
def everywhere(request: HttpRequest) -> HttpResponse:
    mine = searched_by(request.user)
    drafts = [course.pk for course, drafts in mine if drafts]
    context = _found(request, [course for course, _ in mine], drafts)
    context["slots"] = _beneath(request.user, EVERYWHERE, context["words"])
    return render(request, "progress/search.html", context)


def _beneath(viewer: User, subject: int, words: str) -> list[Filled]:
    return SEARCH.filled(viewer, subject, query=f"?{urlencode({'q': words}, quote_via=quote)}") if words else []


def _found(request: HttpRequest, courses: list[Course], drafts: list[int]) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()[:LONGEST]
    if not words:
        return {"words": ""}
    found = find(courses, words, drafts=drafts, page=asked_for(request))
    # The lessons of this page were read with their count.
    page = page_of(range(found.total), request, size=A_PAGE)
    return {"words": words, "is_one_word": len(words.split()) == 1, "page": page, "found": found}
