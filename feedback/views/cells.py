"""A mark typed in its place in the gradebook: a cell that opens, or without a script a page of its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from common.access import require
from common.numbers import row_key
from feedback import access
from feedback.access import Standing
from feedback.forms.cells import CellForm
from feedback.models import Feedback, Submission
from feedback.pages import cells as pages
from feedback.pages import names
from feedback.selectors import marking as selectors
from feedback.selectors import queue
from feedback.services import marking, releasing
from feedback.services.marking import Refused, Stale
from feedback.views.marking import begun


@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Work without a mark, and work whose student may not be known yet, is marked on its own screen."""
    submission, standing = access.marked_submission(request.user, submission_id)
    submission.feedback = begun(submission)
    if names.is_nameless(submission, timezone.now()) or not pages.mark_field(submission.activity):
        screen = redirect("feedback:mark", submission.pk)
        return HttpResponseClientRedirect(screen.url) if request.htmx else screen
    if request.method == "POST":
        require(standing.may_write(submission))
        return _save(request, submission, standing)
    return _opened(request, submission, _form(request, submission))


def _form(request: HttpRequest, submission: Submission, data: Any = None) -> CellForm:
    # Several cells may stand open.
    own = {"auto_id": f"id_{submission.pk}_%s"} if request.htmx else {}
    return CellForm(data, submission=submission, said=marking.said_by(submission.feedback), **own)


def _save(request: HttpRequest, submission: Submission, standing: Standing) -> HttpResponse:
    if request.POST.get("keep") == "theirs":
        return _closed(request, submission, standing, gettext("The other mark stays."))
    form, revision = _form(request, submission, request.POST), row_key(request.POST.get("revision", ""))
    if not form.is_valid():
        return _opened(request, submission, form)
    try:
        outcome = marking.save(submission, form.said(), revision=revision, by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.args[0])
        return _opened(request, submission, form)
    if isinstance(outcome, Stale):
        return _opened(request, submission, form, theirs=outcome.feedback)
    submission.feedback = outcome
    if submission.release_at is not None:
        releasing.corrected(submission)
    is_read = submission.is_released(timezone.now())
    said = gettext("Saved. The student sees the correction.") if is_read else gettext("Saved, not released yet.")
    return _closed(request, submission, standing, said)


def _opened(
    request: HttpRequest, submission: Submission, form: CellForm, theirs: Feedback | None = None
) -> HttpResponse:
    """`theirs` where somebody saved another mark meanwhile: both are shown, and nothing is written."""
    feedback, assignment = theirs or submission.feedback, submission.activity.assignment
    found = selectors.changes(feedback) if feedback.pk else []
    feedback.submission = submission
    context = {
        "submission": submission,
        "name": submission.enrolment.user,
        "cohort": submission.enrolment.cohort,
        "form": form,
        "theirs": theirs,
        "their_mark": pages.said_in_cell(marking.said_by(feedback), assignment),
        "mark": pages.said_in_cell(form.said(), assignment) if theirs else "",
        "revision": feedback.revision,
        "history": pages.history(found, feedback),
    }
    template = "feedback/cell.html#opened" if request.htmx else "feedback/cell.html"
    return render(request, template, context, status=409 if theirs else 422 if form.errors else 200)


def _closed(request: HttpRequest, submission: Submission, standing: Standing, said: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said)
        return redirect("feedback:cell", submission.pk)
    cohort = submission.enrolment.cohort
    mark = pages.said_in_cell(marking.said_by(submission.feedback), submission.activity.assignment)
    context = {
        "submission": submission,
        "face": pages.face(submission, mark, selectors.stands(submission), timezone.now()),
        "mark": mark,
        "signs": pages.signs(),
        "said": said,
        "cohort": cohort,
        "unreleased": queue.unreleased(request.user, cohort),
        "releases": standing.releases,
    }
    return render(request, "feedback/cell.html#closed", context)
