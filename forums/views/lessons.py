"""The talk about a lesson: a part of its page, and a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from courses.access import readable_activity
from forums import access
from forums.models import Discussion
from forums.pages import talk as pages
from forums.selectors import forums as selectors
from forums.selectors import threads
from forums.services import topics


@require_safe
def talk(request: HttpRequest, activity_id: int) -> HttpResponse:
    activity, membership = readable_activity(request.user, activity_id)
    where = selectors.cohorts_on(request.user, membership.course)
    found = threads.about(request.user, activity, where.cohorts)[: threads.MOST_BESIDE]
    context = {
        "activity": activity,
        "course": membership.course,
        "where": where,
        "rows": pages.thread_rows(found, where.standing(request.user), cohorts=len(where.cohorts) > 1),
    }
    if request.htmx:
        return render(request, "forums/talk.html#body", context)
    return render(request, "forums/talk.html", context)


@require_POST
def topic(request: HttpRequest, cohort_id: int, activity_id: int) -> HttpResponse:
    """Leads to the thread in which a cohort discusses a step of the course; whoever comes first begins it."""
    cohort, _ = access.forum(request.user, cohort_id)
    activity, _ = readable_activity(request.user, activity_id)
    asked = get_object_or_404(Discussion, activity=activity, activity__module__course=cohort.course_id)
    activity.discussion = asked
    return redirect("forums:thread", topics.thread_of(activity, cohort).pk)
