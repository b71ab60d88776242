"""A student's work: to write it, to hand it in, its receipt, and to take it back."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import richtext
from courses.models import Activity, Enrolment
from drafts import selectors as drafts
from drafts.fields import sent_with, typed
from feedback import access
from feedback.forms.work import WorkForm, files_of, initial_of
from feedback.models import Submission, WorkFile
from feedback.names import place_of
from feedback.pages import files as file_pages
from feedback.pages import lessons as pages
from feedback.pages import work as work_pages
from feedback.selectors import files, lessons
from feedback.services import handing_in
from feedback.services.handing_in import Sending, Work


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, activity_id: int) -> HttpResponse:
    activity, enrolment = access.studied(request.user, activity_id)
    enrolment.user = request.user
    found = lessons.of_lesson(enrolment, activity, with_text=True)
    posted = request.POST if request.method == "POST" else None
    writing = drafts.writing(request.user, place_of(activity.pk), posted=posted)
    form = WorkForm(posted, assignment=found.assignment, initial=initial_of(_before(found), writing.initial))
    kept = _kept(request, activity, enrolment, found, writing)
    # What is named and not there any more is refused, not left out in silence.
    keys = files_of(request.POST)
    other = None
    is_valid = form.is_valid()
    if posted is not None and "bring" in request.POST:
        return _to_files(request, activity, enrolment, form, keys)
    if is_valid and "preview" not in request.POST:
        outcome = _sent(request, activity, enrolment, form, keys)
        if isinstance(outcome, HttpResponse):
            return outcome
        if outcome is not None:
            # What is typed is another sending from now on.
            other, writing = outcome, replace(writing, key=uuid4())
    context = {
        "activity": activity,
        "course": activity.module.course,
        "panel": pages.panel(found, request.user, enrolment),
        "form": form,
        "writing": writing,
        "brought": file_pages.listed(kept),
        "preview": form.html if is_valid and "preview" in request.POST and "source" in form.fields else "",
        "other": other,
    }
    return render(request, "feedback/hand_in.html", context, status=422 if form.errors or other else 200)


def _before(found: lessons.OfLesson) -> Work:
    """What was handed in last, to begin the next from."""
    standing = found.standing
    return Work(standing.source, (), standing.links) if standing else Work()


def _kept(
    request: HttpRequest, activity: Activity, enrolment: Enrolment, found: lessons.OfLesson, writing: drafts.Writing
) -> list[WorkFile]:
    """The files that the form names, or the draft; where none was begun, those of what was handed in last."""
    if request.method == "POST":
        return files.brought(enrolment, activity, files_of(request.POST))
    if writing.resumed or found.standing is None:
        return files.brought(enrolment, activity, writing.files)
    return lessons.files_of(found.standing)


def _to_files(
    request: HttpRequest, activity: Activity, enrolment: Enrolment, form: WorkForm, keys: list[UUID]
) -> HttpResponse:
    """Without a script files have a page of their own, and what is typed waits in the draft."""
    content = replace(typed(form), files=keys)
    if refusal := handing_in.keep(enrolment, activity, sent_with(request.POST), content):
        messages.warning(request, refusal)
    return redirect("feedback:bring", activity.pk)


def _sent(
    request: HttpRequest, activity: Activity, enrolment: Enrolment, form: WorkForm, keys: list[UUID]
) -> HttpResponse | Submission | None:
    """The answer to what was handed in; what the same form was handed in with before, where it said something else;
    None where it was refused, and the form says why."""
    sending = Sending(sent_with(request.POST), place_of(activity.pk), typed(form))
    try:
        done = handing_in.hand_in(enrolment, activity, form.work(keys), sending, now=timezone.now())
    except (handing_in.Refused, richtext.TooMuch) as refusal:
        form.add_error(None, refusal.args[0])
        return None
    if done.differs:
        return done.submission
    if done.made:
        messages.success(request, gettext("Handed in. Here is your receipt."))
    else:
        messages.info(request, gettext("This was handed in already, so it was not handed in twice."))
    return redirect("feedback:work", done.submission.pk)


@require_POST
def begin(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Sent as somebody presses the button, before what is large follows: a due date is held against this instant."""
    activity, enrolment = access.own_assignment(request.user, activity_id)
    handing_in.begin(enrolment, activity, sent_with(request.POST).key)
    return HttpResponse(status=204)


@require_safe
def receipt(request: HttpRequest, submission_id: int) -> HttpResponse:
    submission = access.own_submission(request.user, submission_id)
    found = [one.file for one in files.of_submission(submission)]
    brought = [work_pages.Brought(one.name, one.size, one.sha256) for one in found]
    text = work_pages.receipt_text(submission, brought)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="receipt-{submission.pk}.txt"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Asks first: the day that was promised goes with it."""
    submission = access.own_submission(request.user, submission_id)
    context: dict[str, Any] = {"submission": submission, "activity": submission.activity}
    if request.method == "POST":
        try:
            handing_in.take_back(submission, now=timezone.now())
        except handing_in.Refused as refusal:
            messages.warning(request, refusal.args[0])
            return redirect("feedback:work", submission.pk)
        messages.success(request, gettext("You took it back. It is a draft again, and no one marks it."))
        return redirect("feedback:hand_in", submission.activity_id)
    return render(request, "feedback/take_back.html", context | {"course": submission.activity.module.course})
