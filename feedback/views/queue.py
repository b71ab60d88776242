"""The queue of those who mark, and who has which work."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.access import require
from common.numbers import row_key
from common.paging import page_of
from feedback import access
from feedback.models import Submission
from feedback.pages import names
from feedback.pages import promises as promise_pages
from feedback.pages import queue as pages
from feedback.selectors import queue as selectors
from feedback.selectors.marking import markers
from feedback.selectors.queue import Filter
from feedback.services import marking


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """All work to mark, over all cohorts; to somebody who marks nowhere, an explanation."""
    asked, now = Filter.of(request.GET), timezone.now()
    page = page_of(selectors.Listed(request.user, asked, now), request)
    cohorts, assignments = selectors.offered(request.user, asked.cohort)
    context = {
        "page": page,
        "rows": pages.rows(page, asked, request.user, now),
        "asked": asked,
        "words": asked.words,
        "sentence": pages.sentence(selectors.ahead(request.user), now),
        "choices": pages.choices(asked),
        "cohorts": cohorts,
        "assignments": assignments,
        "here": request.get_full_path(),
    }
    return render(request, "feedback/queue.html", context)


@require_POST
def take(request: HttpRequest, submission_id: int) -> HttpResponse:
    found, _ = access.marked_submission(request.user, submission_id)
    if taken := marking.take(found, by=request.user):
        messages.success(request, promise_pages.handed(gettext("It is yours now."), taken.moved))
    elif found.marker_id == request.user.pk:
        messages.info(request, gettext("You have it already."))
    else:
        messages.warning(request, gettext("Someone else took it first."))
    return _back(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, submission_id: int) -> HttpResponse:
    """To one of those who mark in the cohort, or to nobody. Who has it may free it, whoever they are."""
    found, standing = access.marked_submission(request.user, submission_id)
    is_own = found.marker_id == request.user.pk
    if request.method == "POST":
        to = row_key(request.POST.get("to", ""))
        require(standing.decides or (is_own and not to))
        person = markers(found.enrolment.cohort).filter(pk=to).first() if to else None
        if to and person is None:
            messages.warning(request, gettext("This person does not mark in this cohort. Nothing has changed."))
        else:
            given = marking.give(found, person, by=request.user)
            done = gettext("Given to %(name)s.") % {"name": person} if person else gettext("It is free again.")
            messages.success(request, promise_pages.handed(done, given.moved))
        return _back(request, found)
    require(standing.decides)
    context = {
        "submission": found,
        "name": names.name_of(found, timezone.now()),
        "people": markers(found.enrolment.cohort),
        "asked": Filter.of(request.GET),
    }
    return render(request, "feedback/give.html", context)


def _back(request: HttpRequest, submission: Submission) -> HttpResponse:
    """To the list where the button was, else to the work."""
    query = Filter.of(request.GET).query()
    if "list" in request.POST:
        return redirect(reverse("feedback:queue") + query)
    return redirect(reverse("feedback:mark", args=[submission.pk]) + query)
