from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from common.paging import page_of, sought
from courses import access
from courses.people import editors
from courses.selectors import course_in_company, unread_announcements
from progress.pages import outlines as pages
from progress.selectors import outlines, standings
from progress.services import visits
from progress.slots import links_of

EDITORS_NAMED = 5


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    words = sought(request)
    page = page_of(standings.studied(request.user, words), request)
    others = page_of(standings.not_studied(request.user, words), request, name="others")
    context = {"page": page, "standings": standings.standings(list(page)), "others": others, "words": words}
    return render(request, "progress/courses.html", context)


@require_safe
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    membership, company = course_in_company(request.user, course_id)
    student = membership.student
    seen = student.last_seen_at if student else None
    if student:
        visits.record_visit(student)
    outlined = outlines.of_one(student.pk if student else None, course_id)
    now = timezone.now()
    kinds = pages.kinds_of(outlined)
    may_edit = standings.may_edit(request.user, membership)
    next_step = outlined.proposed(now.timestamp(), seen) if student else None
    return render(
        request,
        "progress/course.html",
        {
            "course": membership.course,
            "enrolment": membership.enrolment,
            "student": student,
            "outline": outlined,
            "next": next_step,
            "kinds": kinds,
            "own_links": links_of(course_id, student.cohort_id, kinds, to_people=False) if student else [],
            "people_links": links_of(course_id, student.cohort_id, kinds, to_people=True) if student else [],
            "ticked": tuple(kinds.values()),
            "opened": pages.open_parts(outlined, next_step, request.GET.get("open", "")),
            "now": now,
            "company": company,
            "news": unread_announcements(request.user, membership.course),
            "may_edit": may_edit,
            # Who teaches a course and may not change it is told whom to ask.
            "editors": _editors(membership) if membership.sees_drafts and not may_edit else None,
        },
    )


def _editors(membership: access.Membership) -> list[User]:
    return [editor.user for editor in editors(membership.course)[:EDITORS_NAMED]]
