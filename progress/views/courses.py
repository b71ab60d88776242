from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses import access
from courses.models import Course, Enrolment
from courses.selectors import search_passages
from progress.pages.rows import Rows
from progress.selectors import outlines, standings
from progress.services import visits
from progress.slots import found_elsewhere


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    studies = standings.standings(standings.enrolments(request.user))
    studied = {standing.course.pk for standing in studies}
    others = Course.objects.readable_by(request.user).exclude(pk__in=studied)
    return render(request, "progress/courses.html", {"standings": studies, "others": others})


@require_safe
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    membership = access.readable_course(request.user, course_id)
    student = membership.student
    if student:
        visits.record_visit(student)
    outlined = outlines.of_one(student.pk if student else None, course_id)
    now = timezone.now()
    rows = Rows(now, student=student is not None)
    return render(
        request,
        "progress/course.html",
        {
            "course": membership.course,
            "enrolment": membership.enrolment,
            "student": student,
            "outline": outlined,
            "next": outlined.next_step(now.timestamp()) if student else None,
            "parts": [(part, rows.of(part.steps)) for part in outlined.parts],
            "may_edit": standings.may_edit(request.user, membership),
        },
    )


@require_safe
def search(request: HttpRequest, course_id: int) -> HttpResponse:
    membership = access.readable_course(request.user, course_id)
    words = request.GET.get("q", "").strip()[:200]
    drafts = membership.enrolment is None or membership.enrolment.role in (
        Enrolment.Role.TEACHER,
        Enrolment.Role.ASSISTANT,
    )
    found = search_passages(membership.course, words, drafts=drafts) if words else None
    page = Paginator(found, 20).get_page(request.GET.get("page")) if found is not None else None
    context = {"course": membership.course, "words": words, "page": page}
    context["elsewhere"] = found_elsewhere(request.user, membership.course, words) if words else []
    return render(request, "progress/search.html", context)
