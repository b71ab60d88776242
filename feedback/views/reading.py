"""A student's page of one piece of work: its receipt, what was promised, and what was said of it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import richtext
from common.access import require
from common.paging import page_of
from courses.access import readable_course
from drafts import selectors as drafts
from drafts.fields import sent_with, typed
from feedback import access
from feedback.forms.work import AskForm, ChangeForm
from feedback.models import Comment, Submission
from feedback.names import place_of_change, place_of_question
from feedback.pages import files as file_pages
from feedback.pages import reading as pages
from feedback.pages import work as work_pages
from feedback.selectors import reading as selectors
from feedback.services import news, reading
from notifications.services import revising

# To a page, and to one that is printed.
PIECES, PRINTED = 20, 300


@require_safe
def work(request: HttpRequest, submission_id: int) -> HttpResponse:
    submission, now = access.own_submission(request.user, submission_id), timezone.now()
    told = selectors.told(submission, now)
    if request.method == "GET" and request.user.unread:
        # The bar of this very page counts it no more.
        request.user.unread -= revising.read_about(request.user, news.OF_STUDENT, submission.pk)
    shown = file_pages.work_shown(submission)
    context = {
        "submission": submission,
        "activity": submission.activity,
        "course": submission.activity.module.course,
        "work": shown,
        "receipt": work_pages.receipt(submission, [work_pages.Brought(one.name, one.size) for one in shown.files]),
        "now": now,
    }
    if told is not None:
        if request.method == "GET":
            reading.note_read(told.feedback, now)
        change, ask = place_of_change(submission.pk), place_of_question(submission.pk)
        found = drafts.writings(request.user, {change: "", ask: ""})
        kept = {"will_change": told.feedback.will_change, **found[change].initial}
        context |= {
            **pages.told(told, submission),
            "change": ChangeForm(initial=kept, tries_again=told.feedback.good_enough is False),
            "change_writing": found[change],
            "ask": AskForm(initial=found[ask].initial),
            "ask_writing": found[ask],
        }
    elif submission.taken_back_at is None:
        pace = selectors.pace(submission, now)
        context |= {
            "moves": selectors.moves_of(submission),
            "pace": work_pages.pace(submission, pace.half_within, pace.ahead),
        }
    return render(request, "feedback/work.html", context)


def _with_feedback(request: HttpRequest, submission_id: int) -> Submission:
    """One's own, whose feedback can be read."""
    submission = access.own_submission(request.user, submission_id)
    if not submission.is_released(timezone.now()) or not hasattr(submission, "feedback"):
        raise Http404
    return submission


@require_POST
def will_change(request: HttpRequest, submission_id: int) -> HttpResponse:
    submission = _with_feedback(request, submission_id)
    form = ChangeForm(request.POST, tries_again=submission.feedback.good_enough is False)
    place = place_of_change(submission.pk)
    if form.is_valid():
        words = " ".join(form.cleaned_data["will_change"].split())
        sending = reading.Writing(sent_with(request.POST), place, typed(form))
        reading.will_change(submission.feedback, words, sending, by=request.user, now=timezone.now())
        # Beneath all of the feedback, where it says itself that it is saved.
        return redirect(f"{reverse('feedback:work', args=[submission.pk])}#change-title")
    context = {
        "submission": submission,
        "activity": submission.activity,
        "course": submission.activity.module.course,
        "form": form,
        "writing": drafts.writing(request.user, place, posted=request.POST),
    }
    return render(request, "feedback/change.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, submission_id: int) -> HttpResponse:
    """About the whole, or about the comment that `?comment=` names."""
    submission = _with_feedback(request, submission_id)
    comment = _comment(request, submission)
    posted = request.POST if request.method == "POST" else None
    place = place_of_question(submission.pk, comment.pk if comment else None)
    writing = drafts.writing(request.user, place, posted=posted)
    form = AskForm(posted, initial=writing.initial)
    if form.is_valid():
        try:
            sending = reading.Writing(sent_with(request.POST), place, typed(form))
            said = reading.say(submission, comment, form.cleaned_data["source"], sending, by=request.user)
            if not said.differs:
                messages.success(request, gettext("Your teacher will see it."))
                return redirect(pages.address_of(submission, said.remark))
            form.add_error(None, gettext("You sent this before, with other words. Load this page again to add yours."))
        except (reading.Refused, richtext.TooMuch) as refusal:
            form.add_error(None, refusal.args[0])
    context = {
        "submission": submission,
        "activity": submission.activity,
        "course": submission.activity.module.course,
        "comment": comment,
        "form": form,
        "writing": writing,
    }
    return render(request, "feedback/ask.html", context, status=422 if form.errors else 200)


def _comment(request: HttpRequest, submission: Submission) -> Comment | None:
    named = request.GET.get("comment", "")
    if not named:
        return None
    try:
        key = UUID(named)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Comment, pk=key, submission=submission, deleted_at=None)


@require_safe
def course_feedback(request: HttpRequest, course_id: int) -> HttpResponse:
    """With `?all=yes`, all that was said of every piece on one page, to print."""
    membership = readable_course(request.user, course_id)
    require(membership.student is not None)
    everything = request.GET.get("all") == "yes"
    found = selectors.OfCourse(request.user, membership.course, timezone.now())
    page = page_of(found, request, size=PRINTED if everything else PIECES)
    rows = pages.pieces(page.rows, selectors.in_full(page.rows) if everything else None)
    context = {"course": membership.course, "page": page, "rows": rows, "everything": everything}
    return render(request, "feedback/course.html", context)
