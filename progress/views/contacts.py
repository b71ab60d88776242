from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.access import require
from common.paging import page_of
from courses.access import readable_course
from progress.pages import contacts as pages
from progress.selectors.contacts import spoke_to


@require_safe
def answered(request: HttpRequest, course_id: int) -> HttpResponse:
    """The people who spoke to a student in a course: theirs alone to see."""
    membership = readable_course(request.user, course_id)
    require(membership.student is not None)
    page = page_of(spoke_to(membership.student), request)
    context = {"course": membership.course, "page": page, "people": pages.spoken(page.rows)}
    return render(request, "progress/answered.html", context)
