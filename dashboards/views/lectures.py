"""What a class has watched, for those who teach it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.paging import page_of, sought
from courses import access
from courses.models import LectureContent
from courses.permissions import Permission
from dashboards.selectors import watched
from forums.pages import lessons as talk_pages
from forums.selectors import lessons as talk


@require_safe
def lectures(request: HttpRequest, cohort_id: int) -> HttpResponse:
    cohort = access.cohort_with(request.user, cohort_id, Permission.SEE_STUDENTS)
    words = sought(request)
    page = page_of(watched.lectures(cohort, words), request)
    context = {"cohort": cohort, "page": page, "lectures": watched.overview(cohort, page.rows), "words": words}
    return render(request, "dashboards/lectures.html", context)


@require_safe
def lecture(request: HttpRequest, cohort_id: int, activity_id: int) -> HttpResponse:
    cohort = access.cohort_with(request.user, cohort_id, Permission.SEE_STUDENTS)
    mine = LectureContent.objects.filter(activity__module__course=cohort.course_id)
    content = get_object_or_404(mine.select_related("activity", "recording"), pk=activity_id)
    asked = list(talk.pinned(request.user, cohort, content.activity))
    taps = talk.taps(cohort, content.activity)
    context = {
        "cohort": cohort,
        "activity": content.activity,
        "watched": watched.by_second(cohort, content, taps, [thread.at_ms // 1000 for thread in asked]),
        "asked": talk_pages.listed(asked),
    }
    return render(request, "dashboards/lecture.html", context)
