from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.paging import page_of, sought
from courses import access
from courses.selectors import search_passages
from progress.selectors import outlines, standings
from progress.services import visits
from progress.slots import found_elsewhere

HITS_A_PAGE = 20


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    words = sought(request)
    page = page_of(standings.studied(request.user, words), request)
    others = page_of(standings.not_studied(request.user, words), request, name="others")
    context = {"page": page, "standings": standings.standings(list(page)), "others": others, "words": words}
    return render(request, "progress/courses.html", context)


@require_safe
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    membership = access.readable_course(request.user, course_id)
    student = membership.student
    if student:
        visits.record_visit(student)
    outlined = outlines.of_one(student.pk if student else None, course_id)
    now = timezone.now()
    return render(
        request,
        "progress/course.html",
        {
            "course": membership.course,
            "enrolment": membership.enrolment,
            "student": student,
            "outline": outlined,
            "next": outlined.next_step(now.timestamp()) if student else None,
            "now": now,
            "may_edit": standings.may_edit(request.user, membership),
        },
    )


@require_safe
def search(request: HttpRequest, course_id: int) -> HttpResponse:
    membership = access.readable_course(request.user, course_id)
    words = request.GET.get("q", "").strip()[:200]
    found = search_passages(membership.course, words, drafts=membership.sees_drafts) if words else None
    context = {"course": membership.course, "words": words, "count": found.count if found else 0}
    context["page"] = page_of(found.passages, request, size=HITS_A_PAGE) if found else None
    context["elsewhere"] = found_elsewhere(request.user, membership.course, words) if words else []
    return render(request, "progress/search.html", context)
