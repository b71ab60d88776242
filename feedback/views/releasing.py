"""Giving feedback back: one piece, or many, now or at an hour; and holding it back before the hour comes."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from common.access import require
from common.numbers import row_key
from feedback import access
from feedback.forms.marking import ReleaseForm
from feedback.models import Feedback, Submission
from feedback.pages import marking as pages
from feedback.pages import names
from feedback.pages import queue as queue_pages
from feedback.selectors import marking as selectors
from feedback.selectors import queue
from feedback.selectors.queue import Filter, Show, ToMark
from feedback.services import marking, releasing
from feedback.services.marking import Refused

AT_ONCE = 200


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Asks, and then leads on to what comes next in the same list."""
    submission, _ = access.released_by(request.user, submission_id)
    asked, now, zone = Filter.of(request.GET), timezone.now(), submission.enrolment.cohort.timezone
    form, name = ReleaseForm(request.POST or None, zone=zone), names.name_of(submission, now)
    feedback = getattr(submission, "feedback", None) or Feedback(submission=submission)
    lacks = releasing.lacking(submission, marking.said_by(feedback))
    if not lacks and form.is_valid():
        # As it stood: what is released leaves the list.
        after = queue.around(request.user, submission, asked, now).after
        try:
            at = form.at(now)
            releasing.release(submission, at=at, now=now, by=request.user)
            said = (
                gettext("Released to %(name)s.")
                if at <= now
                else gettext("%(name)s can read it from the time you set.")
            )
            messages.success(request, said % {"name": name})
            if after is None:
                return redirect(reverse("feedback:queue") + asked.query())
            return redirect(reverse("feedback:mark", args=[after]) + asked.query())
        except Refused as refusal:
            form.add_error(None, refusal.args[0])
    context = {"submission": submission, "form": form, "name": name, "asked": asked, "zone": zone, "lacks": lacks}
    context |= {"feedback": feedback, "given": pages.said_in_words(feedback), "levels": pages.levels_in(feedback)}
    context["comments"] = len(selectors.comments_of(submission))
    template = "feedback/release.html#screen" if request.htmx else "feedback/release.html"
    wrong = request.method == "POST" and (form.errors or lacks)
    return render(request, template, context, status=422 if wrong else 200)


@require_POST
def hold_back(request: HttpRequest, submission_id: int) -> HttpResponse:
    submission, _ = access.released_by(request.user, submission_id)
    try:
        releasing.hold_back(submission, now=timezone.now())
        messages.success(request, gettext("Held back. The student has not seen it."))
    except Refused as refusal:
        messages.warning(request, refusal.args[0])
    return redirect(reverse("feedback:mark", args=[submission.pk]) + Filter.of(request.GET).query())


@require_http_methods(["GET", "HEAD", "POST"])
def release_many(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """What is marked in a cohort: chosen, counted in words, and released once that was read."""
    cohort, standing = access.marking_in(request.user, cohort_id)
    require(standing.releases)
    asked = Filter(Show.MARKED, cohort.pk, row_key(request.GET.get("activity", "")))
    now = timezone.now()
    found = queue.Listed(request.user, asked, now)[:AT_ONCE]
    keys = {row_key(one) for one in request.POST.getlist("work")}
    chosen = [one for one in found if one.pk in keys]
    form = ReleaseForm(request.POST or None, zone=cohort.timezone)
    if chosen and form.is_valid() and "sure" in request.POST:
        _release_all(request, chosen, form, now)
        return redirect(request.get_full_path())
    nothing = request.method == "POST" and not chosen
    context = {
        "cohort": cohort,
        "asked": asked,
        "rows": queue_pages.rows(found, asked, request.user, now),
        "chosen": {one.pk for one in chosen},
        "asks": bool(chosen) and form.is_valid(),
        "count": queue_pages.students(len(chosen)),
        "form": form,
        "nothing": nothing,
    }
    return render(request, "feedback/release_many.html", context, status=422 if form.errors or nothing else 200)


def _release_all(request: HttpRequest, chosen: list[ToMark], form: ReleaseForm, now: datetime) -> None:
    """One refusal keeps none of the others back."""
    at, released = form.at(now), 0
    works = Submission.objects.in_bulk([one.pk for one in chosen])
    for one in chosen:
        name = queue_pages.called(one, now)
        try:
            releasing.release(works[one.pk], at=at, now=now, by=request.user)
            released += 1
        except Refused as refusal:
            said = gettext("%(name)s: %(why)s") % {"name": name, "why": refusal.args[0]}
            messages.warning(request, said)
    if released:
        said = gettext("Released to %(count)s.") if at <= now else gettext("Set to be released to %(count)s.")
        messages.success(request, said % {"count": queue_pages.students(released)})
