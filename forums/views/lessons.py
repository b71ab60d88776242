"""The talk about a lesson: a part of its page, and a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.access import readable_activity
from forums.pages import talk as pages
from forums.selectors import forums as selectors
from forums.selectors import threads


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
