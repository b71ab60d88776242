"""Comments on the work, saved at once, and answers to what its student asks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from common import richtext, undo
from drafts import selectors as drafts
from drafts import services as draft_services
from drafts.fields import sent_with, typed
from drafts.selectors import Writing
from feedback import access
from feedback.forms.comments import EMPTY, CommentForm, WordsForm
from feedback.models import Comment, Submission
from feedback.pages import marking as pages
from feedback.pages import names
from feedback.selectors import files as file_selectors
from feedback.selectors import marking as selectors
from feedback.selectors.queue import Filter
from feedback.services import comments, marking, reading
from feedback.services.marking import Refused


def comment_place(submission: Submission) -> str:
    """Of the draft of a comment; its key becomes the comment's id."""
    return f"{marking.place_of(submission.pk)}/comment"


def answer_place(submission: Submission) -> str:
    """Of the draft of an answer to what the student asks."""
    return f"{marking.place_of(submission.pk)}/answer"


@dataclass(frozen=True)
class Composer:
    form: CommentForm
    writing: Writing
    address: str
    # Whether it stands open: something was typed into it, or it came back.
    is_open: bool

    @property
    def is_empty(self) -> bool:
        return self.form is EMPTY


def composing(
    submission: Submission, files: list[pages.FileRow], writing: Writing, form: CommentForm | None = None
) -> Composer:
    if form is None:
        is_empty = not files and not writing.initial
        form = EMPTY if is_empty else CommentForm(files=_choices(files), initial=writing.initial)
    address = reverse("feedback:comment", args=[submission.pk])
    return Composer(form, writing, address, writing.resumed or form.is_bound)


def _choices(files: list[pages.FileRow]) -> list[tuple[str, str]]:
    return [(str(one.work_file.pk), one.name) for one in files]


@require_POST
def comment(request: HttpRequest, submission_id: int) -> HttpResponse:
    """A new comment under the key of its draft; with `key`, other words for one that is there."""
    submission, _ = access.written_submission(request.user, submission_id)
    if "key" in request.POST:
        return _change(request, submission)
    files = _files(submission)
    form, stamp = CommentForm(request.POST, files=_choices(files)), sent_with(request.POST)
    if form.is_valid():
        try:
            place, source = form.place(), form.cleaned_data["source"].replace("\r\n", "\n")
            made = comments.write(submission, stamp.key, place, source, version=0, by=request.user)
            draft_services.sent(request.user, comment_place(submission), stamp, typed(form))
            if made is None:
                messages.warning(request, gettext("This comment was changed since. It stays as it is."))
            return _answered(request, submission, files, "" if made is None else str(made.pk))
        except (Refused, richtext.TooMuch) as refusal:
            form.add_error("source", refusal.args[0])
    writing = drafts.writing(request.user, comment_place(submission), posted=request.POST)
    context = {**_context(submission, files), "composer": composing(submission, files, writing, form)}
    return _shown(request, submission, context, status=422)


def _change(request: HttpRequest, submission: Submission) -> HttpResponse:
    found = get_object_or_404(Comment, pk=_key(request), submission=submission)
    form = WordsForm(request.POST)
    files, version = _files(submission), request.POST.get("version", "")
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    theirs = None
    if form.is_valid():
        try:
            source = form.cleaned_data["source"].replace("\r\n", "\n")
            if comments.write(submission, found.pk, comments.Place(), source, version=number, by=request.user):
                return _answered(request, submission, files, str(found.pk))
            found.refresh_from_db()
            theirs = found
        except (Refused, richtext.TooMuch) as refusal:
            form.add_error("source", refusal.args[0])
    context = {**_context(submission, files), "editing": pages.Editing(str(found.pk), form, theirs)}
    return _shown(request, submission, context, status=409 if theirs else 422)


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST["key"])
    except ValueError:
        return None


def _files(submission: Submission) -> list[pages.FileRow]:
    nameless = names.is_nameless(submission, timezone.now())
    return pages.file_rows(file_selectors.of_submission(submission), nameless=nameless)


def _context(submission: Submission, files: list[pages.FileRow]) -> dict[str, Any]:
    found = selectors.comments_of(submission)
    about = {"submission": submission, "cohort": submission.enrolment.cohort, "editing": pages.Editing()}
    # Whoever may not write got no further.
    return {**about, "may_write": True, "comments": found, "where": pages.where(found, files)}


def _answered(request: HttpRequest, submission: Submission, files: list[pages.FileRow], key: str) -> HttpResponse:
    """The list anew, and an empty form with another key."""
    if not request.htmx:
        address = reverse("feedback:mark", args=[submission.pk]) + Filter.of(request.GET).query()
        return redirect(f"{address}#comment-{key}" if key else address)
    writing = drafts.writing(request.user, comment_place(submission))
    context = {**_context(submission, files), "composer": composing(submission, files, writing), "saved": key}
    return _shown(request, submission, context, status=200)


def _shown(request: HttpRequest, submission: Submission, context: dict[str, Any], status: int) -> HttpResponse:
    context |= {"query": Filter.of(request.GET).query(), "name": names.name_of(submission, timezone.now())}
    template = "feedback/comments.html#answer" if request.htmx else "feedback/comments.html"
    return render(request, template, context, status=status)


@require_POST
def delete(request: HttpRequest, submission_id: int, key: UUID) -> HttpResponse:
    submission, _ = access.written_submission(request.user, submission_id)
    back = reverse("feedback:mark", args=[submission.pk]) + Filter.of(request.GET).query()
    if comments.delete(submission, key):
        said = gettext("The comment was deleted.")
        undo.offer(request, said, "comment deleted", back=back, submission=submission.pk, key=str(key))
    else:
        messages.info(request, gettext("This comment has already been deleted."))
    return redirect(back)


@require_POST
def answer(request: HttpRequest, submission_id: int) -> HttpResponse:
    """To what the student asked, once they can read it."""
    submission, _ = access.marked_submission(request.user, submission_id)
    form, stamp, place = WordsForm(request.POST), sent_with(request.POST), answer_place(submission)
    back = reverse("feedback:mark", args=[submission.pk]) + Filter.of(request.GET).query()
    if form.is_valid():
        try:
            source = form.cleaned_data["source"].replace("\r\n", "\n")
            writing = reading.Writing(stamp, place, typed(form))
            said = reading.say(submission, None, source, writing, by=request.user)
            if said.differs:
                messages.warning(request, gettext("You sent this before, with other words. The first ones were kept."))
            made = said.remark
            return redirect(f"{back}#remark-{made.pk}")
        except (reading.Refused, richtext.TooMuch) as refusal:
            form.add_error("source", refusal.args[0])
    context = {"form": form, "submission": submission, "asked": Filter.of(request.GET)}
    context |= {"name": names.name_of(submission, timezone.now())}
    context |= {"writing": drafts.writing(request.user, place, posted=request.POST)}
    return render(request, "feedback/answer.html", context, status=422)
