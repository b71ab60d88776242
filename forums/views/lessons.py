"""The talk about a lesson: a part of its page, and a page of its own. In a lecture: asked and lost at a second."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from common import timecode, undo
from common.access import require
from common.paging import page_of
from courses.access import readable_activity, studied_activity
from courses.models import LectureContent
from forums import access
from forums.models import Discussion
from forums.pages import lessons as pages
from forums.selectors import forums as selectors
from forums.selectors import lessons
from forums.services import following, topics
from forums.services import lost as service


@require_safe
def talk(request: HttpRequest, activity_id: int) -> HttpResponse:
    activity, membership = readable_activity(request.user, activity_id)
    where = selectors.cohorts_on(request.user, membership.course, activity)
    about = lessons.About(request.user, activity, where)
    found = about.latest() if request.htmx else page_of(about, request, size=lessons.MOST)
    standing = where.standing(request.user)
    context = {
        "activity": activity,
        "course": membership.course,
        "where": where,
        "standing": standing,
        "page": found,
        "talk": pages.talk(found.rows, standing, where),
        "lost": pages.lost(where.lost),
    }
    if not request.htmx:
        context["muted"] = selectors.module_choice(request.user, where.cohorts, activity.module_id)
    return render(request, "forums/talk.html#body" if request.htmx else "forums/talk.html", context)


@require_POST
def follow_module(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The talk about all lessons of a module, in each of one's cohorts."""
    activity, membership = readable_activity(request.user, activity_id)
    cohorts = selectors.cohorts_on(request.user, membership.course).cohorts
    require(bool(cohorts))
    choice = request.POST.get("choice", following.NEITHER)
    for cohort in cohorts:
        following.choose(request.user, cohort, choice, module=activity.module)
    said = {
        following.FOLLOW: gettext("You follow this module: new threads about its lessons reach your inbox."),
        following.MUTE: gettext("This module is muted: it reaches your inbox only where someone names or answers you."),
    }
    messages.success(request, said.get(choice, gettext("You no longer follow this module.")))
    return redirect("forums:talk", activity.pk)


@require_safe
def ask(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Leads to the form for a question, at a second if `at` names one; who talks in several cohorts chooses first."""
    activity, membership = readable_activity(request.user, activity_id)
    where = selectors.cohorts_on(request.user, membership.course)
    require(where.standing(request.user).talks)
    at_ms = timecode.typed(request.GET["at"]) if activity.kind == "lecture" and "at" in request.GET else None
    query = urlencode({"activity": activity.pk} | ({} if at_ms is None else {"at": at_ms // 1000}))
    if len(where.cohorts) == 1:
        return redirect(f"{reverse('forums:new', args=[where.cohorts[0].pk])}?{query}")
    context = {"activity": activity, "course": membership.course, "where": where, "query": query, "at_ms": at_ms}
    return render(request, "forums/where.html", context)


@require_POST
def lost(request: HttpRequest, activity_id: int) -> HttpResponse:
    """A tap at the time that `at` names; with a script the player's, without one what stands in the field."""
    activity, student = studied_activity(request.user, activity_id)
    at_ms = timecode.typed(request.POST.get("at", ""))
    second, refusal = None, ""
    try:
        second = service.note(student, activity, at_ms // 1000)
    except LectureContent.DoesNotExist:
        raise Http404 from None
    except service.Full as full:
        refusal = str(full)
    if request.htmx:
        context = {"activity": activity, "at_ms": at_ms, "second": second, "refusal": refusal}
        return render(request, "forums/lost.html", context)
    back = reverse("progress:lesson", args=[activity.pk])
    if refusal:
        messages.warning(request, refusal)
    else:
        words = gettext("Noted at %(time)s.") % {"time": timecode.clock(at_ms)}
        undo.offer(request, words, "lost here", back=back, activity=activity.pk, second=second)
    return redirect(back)


@require_POST
def not_lost(request: HttpRequest, activity_id: int) -> HttpResponse:
    activity, student = studied_activity(request.user, activity_id)
    service.take_back(student, activity, timecode.typed(request.POST.get("second", "")) // 1000)
    if request.htmx:
        return render(request, "forums/lost.html", {"activity": activity})
    messages.success(request, gettext("Removed."))
    return redirect(reverse("progress:lesson", args=[activity.pk]))


@require_POST
def topic(request: HttpRequest, cohort_id: int, activity_id: int) -> HttpResponse:
    """Leads to the thread in which a cohort discusses a step of the course; whoever comes first begins it."""
    cohort, _ = access.forum(request.user, cohort_id)
    activity, _ = readable_activity(request.user, activity_id)
    asked = get_object_or_404(Discussion, activity=activity, activity__module__course=cohort.course_id)
    activity.discussion = asked
    return redirect("forums:thread", topics.thread_of(activity, cohort).pk)
