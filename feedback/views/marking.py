"""Marking on one screen: the work beside its rubric, saved as a whole under a revision."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from common import richtext
from common.access import require
from common.numbers import row_key
from drafts import selectors as drafts
from drafts import services as draft_services
from drafts.fields import sent_with, typed
from feedback import access, criteria
from feedback.access import Standing
from feedback.forms.marking import MarkingForm
from feedback.models import Feedback, Submission
from feedback.pages import files as file_pages
from feedback.pages import marking as pages
from feedback.pages import names
from feedback.selectors import marking as selectors
from feedback.selectors import queue
from feedback.selectors.queue import Filter
from feedback.services import marking, releasing
from feedback.services.marking import Refused, Said, Stale
from feedback.views.comments import answer_place, comment_place, composing

KEEP = ("mine", "both", "theirs")


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, submission_id: int) -> HttpResponse:
    submission, standing = access.marked_submission(request.user, submission_id)
    if request.method == "POST":
        require(standing.may_write(submission))
        return _save(request, submission, standing)
    return screen(request, submission, standing)


def begun(submission: Submission) -> Feedback:
    return getattr(submission, "feedback", None) or Feedback(submission=submission)


def _form(submission: Submission, data: Any = None, **more: Any) -> MarkingForm:
    feedback = begun(submission)
    rubric = marking.rubric_for(submission, feedback)
    by = rubric.criteria if rubric else criteria.Criteria()
    return MarkingForm(data, submission=submission, rubric=by, said=marking.said_by(feedback), **more)


def screen(request: HttpRequest, submission: Any, standing: Standing, form: MarkingForm | None = None) -> HttpResponse:
    """The page, or for htmx its main part. `form` where it comes back with what is wrong."""
    asked, now, posted = Filter.of(request.GET), timezone.now(), request.POST if form else None
    place, revision = marking.place_of(submission.pk), str(begun(submission).revision)
    of_comment, of_answer = comment_place(submission), answer_place(submission)
    may_write = standing.may_write(submission)
    writings = drafts.writings(request.user, {place: revision, of_comment: "", of_answer: ""})
    writing = drafts.writing(request.user, place, base=revision, posted=posted) if posted else writings[place]
    form = form or _form(submission, initial=writing.initial)
    found = selectors.screen(submission, now)
    head = pages.head(submission, standing, now)
    files = pages.file_rows(found.files, nameless=head.nameless)
    context = {
        "submission": submission,
        "head": head,
        "files": files,
        "work": file_pages.work_of(submission, found.files, nameless=head.nameless),
        "comments": found.comments,
        "where": pages.where(found.comments, files),
        "attempts": pages.attempt_rows(found, submission, now),
        "remarks": found.remarks,
        "form": form,
        # A form that is asked for anything in a template looks among its fields first, and says which there are.
        "fields": form.fields,
        "verdict": {"choices": form.verdicts, "wrong": form.wrong("good_enough")},
        "is_wrong": bool(form.errors),
        "rows": pages.criteria_rows(form.rubric, form.typed, form.wrong),
        "writing": writing,
        "answering": writings[of_answer],
        "answer": writings[of_answer].fields.get("source", ""),
        "composer": composing(submission, files, writings[of_comment]),
        "editing": pages.Editing(request.GET.get("edit", "") if may_write else ""),
        "standing": standing,
        "may_write": may_write,
        "around": queue.around(request.user, submission, asked, now),
        "query": asked.query(),
        "cohort": submission.enrolment.cohort,
        "feedback": begun(submission),
    }
    return _shown(request, "feedback/marking.html", context, status=422 if form.errors else 200)


def _shown(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, f"{template}#screen" if request.htmx else template, context, status=status)


def _save(request: HttpRequest, submission: Submission, standing: Standing) -> HttpResponse:
    form, place = _form(submission, request.POST), marking.place_of(submission.pk)
    keep = request.POST.get("keep", "")
    if keep == "theirs":
        draft_services.discard(request.user, place)
        messages.success(request, gettext("The other version stays."))
        return redirect(_address(request, submission))
    if not form.is_valid():
        return screen(request, submission, standing, form)
    said, revision = form.said(), row_key(request.POST.get("draft_base", ""))
    if request.POST.get("then") == "release":
        for field, words in releasing.lacking(submission, said).items():
            form.add_error(field, words)
        if form.errors:
            return screen(request, submission, standing, form)
    if keep == "both":
        said = pages.both(said, marking.said_by(begun(submission)))
    try:
        stamp = sent_with(request.POST)
        outcome = marking.save(submission, said, revision=revision, by=request.user, stamp=stamp, typed=typed(form))
    except (Refused, richtext.TooMuch) as refusal:
        form.add_error(None, refusal.args[0])
        return screen(request, submission, standing, form)
    if isinstance(outcome, Stale):
        return _two(request, submission, said, form.rubric, outcome.feedback)
    if submission.release_at is not None:
        releasing.corrected(submission)
    return _saved(request, submission, outcome)


def _saved(request: HttpRequest, submission: Submission, feedback: Feedback) -> HttpResponse:
    if request.accepts("text/html"):
        if request.POST.get("then") == "release":
            return redirect(reverse("feedback:release", args=[submission.pk]) + Filter.of(request.GET).query())
        released = submission.release_at is not None and submission.release_at <= timezone.now()
        said = gettext("Saved. The student sees the correction.") if released else gettext("Saved.")
        messages.success(request, said)
        return redirect(_address(request, submission))
    return JsonResponse({"revision": feedback.revision})


def _address(request: HttpRequest, submission: Submission) -> str:
    return reverse("feedback:mark", args=[submission.pk]) + Filter.of(request.GET).query()


def _two(
    request: HttpRequest, submission: Submission, said: Said, rubric: criteria.Criteria, theirs: Feedback
) -> HttpResponse:
    """Somebody saved since: both versions beside each other, and nothing lost of either."""
    if not request.accepts("text/html"):
        return JsonResponse({"revision": theirs.revision}, status=409)
    context = {
        "submission": submission,
        "name": names.name_of(submission, timezone.now()),
        "cohort": submission.enrolment.cohort,
        "lines": pages.versions(said, marking.said_by(theirs), submission.activity.assignment, rubric),
        "by": str(theirs.saved_by or ""),
        "at": theirs.saved_at,
        "revision": theirs.revision,
        "asked": Filter.of(request.GET),
        # All that was typed, to be sent again with whichever is chosen.
        "sent": [
            (name, value)
            for name, value in request.POST.items()
            if name not in {"csrfmiddlewaretoken", "draft_base", "keep", "then"}
        ],
    }
    return _shown(request, "feedback/two_versions.html", context, status=409)


@require_POST
def here(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Said every half minute by who has it open; answered with who else has."""
    submission, _ = access.marked_submission(request.user, submission_id)
    others = marking.be_here(submission, request.user, timezone.now())
    return render(request, "feedback/here.html", {"others": others})
