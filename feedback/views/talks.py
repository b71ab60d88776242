"""Conversations of a student with a teacher: the list, one of them, writing first, and hiding a message."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import undo
from common.access import require
from common.forms import status_of
from common.numbers import row_key
from common.paging import page_of
from courses.access import readable_activity, readable_course
from courses.models import Course, Enrolment
from drafts import selectors as drafts
from drafts.fields import sent_with, typed
from feedback import access
from feedback.access import Talk
from feedback.forms.talks import HideForm, MessageForm, WordForm
from feedback.names import place_of_talk, place_of_word
from feedback.pages import talks as pages
from feedback.selectors import talks as selectors
from feedback.services import news, talks
from notifications.services import revising


@require_safe
def conversations(request: HttpRequest) -> HttpResponse:
    waiting = request.GET.get("waiting") == "yes"
    page = page_of(selectors.conversations(request.user, waiting=waiting), request)
    rows = pages.talk_rows(list(page), request.user)
    studied = selectors.studied(request.user) if request.user.studies else []
    answers = pages.answer_rows(selectors.answers_of(request.user)) if studied else []
    context = {"page": page, "rows": rows, "studied": studied, "answers": answers, "now": timezone.now()}
    context["waiting"] = waiting
    return render(request, "feedback/conversations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """One conversation; a POST writes in it, where nothing came that its writer has not seen."""
    if request.method == "POST":
        talk = access.written_talk(request.user, conversation_id)
        place, form = place_of_talk(talk.conversation.pk), MessageForm(request.POST)
        if form.is_valid():
            sending = talks.Sending(sent_with(request.POST), place, typed(form))
            seen = row_key(request.POST.get("seen", ""))
            try:
                said = talks.say(talk.conversation, form.cleaned_data["text"], sending, by=request.user, seen=seen)
                if not said.differs:
                    address = reverse("feedback:conversation", args=[conversation_id])
                    return redirect(f"{address}#message-{said.message.pk}")
                words = gettext("You sent this before, with other words. Load this page again to add yours.")
                form.add_error(None, words)
            except talks.Overtaken as refusal:
                form.add_error(None, refusal.args[0])
                return _shown(request, talk, form, status=409)
            except talks.Refused as refusal:
                form.add_error(None, refusal.args[0])
        return _shown(request, talk, form, status=422)
    talk = access.readable_talk(request.user, conversation_id)
    if request.method == "GET" and request.user.unread:
        # The bar of this very page counts it no more.
        request.user.unread -= revising.read_about(request.user, news.LEAD_TO_TALK, talk.conversation.pk)
    return _shown(request, talk)


def _shown(request: HttpRequest, talk: Talk, form: MessageForm | None = None, status: int = 200) -> HttpResponse:
    found, before = talk.conversation, row_key(request.GET.get("before", "")) or None
    part = selectors.messages_of(found, before)
    if request.method != "HEAD":
        talks.read(found, request.user, part.messages)
    context: dict[str, Any] = {
        "talk": talk,
        "conversation": found,
        "title": pages.title_of(talk),
        "teacher_name": pages.name_of(found.teacher),
        "messages_shown": pages.rows(part.messages, talk),
        "earlier": part.messages[0].pk if part.has_earlier else 0,
        "before": before,
        "seen": part.messages[-1].pk if part.messages else 0,
        "now": timezone.now(),
        "form": form,
    }
    if talk.may_write:
        place, posted = place_of_talk(found.pk), request.POST if form else None
        writing = drafts.writing(request.user, place, posted=posted)
        context |= {"form": form or MessageForm(initial=writing.initial), "writing": writing}
    return render(request, "feedback/conversation.html", context, status=status)


@require_POST
def settle(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The last words of the student need no answer."""
    talk = access.held_talk(request.user, conversation_id)
    found, back = talk.conversation, reverse("feedback:conversation", args=[conversation_id])
    since, broken = found.waiting_since, found.broken_at
    if talks.settle(found, row_key(request.POST.get("seen", ""))) and since:
        words = gettext("Noted: no answer is needed. The student no longer sees a promise.")
        values = {"since": since.isoformat(), "broken": broken.isoformat() if broken else ""}
        undo.offer(request, words, "talk settled", back=back, conversation=found.pk, **values)
    else:
        messages.info(request, gettext("Nothing has changed. Look at what was written last."))
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
def word(request: HttpRequest, course_id: int) -> HttpResponse:
    """Write to one of one's teachers; with the conversations there are, and whether one works alone."""
    membership = readable_course(request.user, course_id)
    require(membership.student is not None)
    student: Enrolment = membership.student  # type: ignore[assignment]  # as was just asked
    student.user, teachers = request.user, selectors.teachers_of(student)
    posted = request.POST if request.method == "POST" else None
    place = place_of_word(student.pk)
    writing = drafts.writing(request.user, place, posted=posted)
    form = WordForm(posted, initial=writing.initial, teachers=[one.user for one in teachers])
    if form.is_valid():
        sending = talks.Sending(sent_with(request.POST), place, typed(form))
        teacher, text = form.cleaned_data["teacher"], form.cleaned_data["text"]
        try:
            said = talks.ask_for_a_word(student, teacher, text, sending)
            if not said.differs:
                messages.success(request, gettext("Sent. The answer will appear here."))
                return redirect("feedback:conversation", said.message.conversation_id)
            form.add_error(None, gettext("You sent this before, with other words. Load this page again to add yours."))
        except talks.Refused as refusal:
            form.add_error(None, refusal.args[0])
    context = {"course": membership.course, "form": form, "writing": writing, "teachers": teachers}
    context |= {"alone": selectors.works_alone(student), "minor": request.user.minor}
    return render(request, "feedback/word.html", context, status=status_of(form))


@require_safe
def lesson_word(request: HttpRequest, activity_id: int) -> HttpResponse:
    """From a lesson to the page of its course."""
    _, membership = readable_activity(request.user, activity_id)
    require(membership.student is not None)
    return redirect("feedback:word", membership.course.pk)


@require_POST
def work_alone(request: HttpRequest, course_id: int) -> HttpResponse:
    membership = readable_course(request.user, course_id)
    require(membership.student is not None)
    alone = request.POST.get("alone") == "yes"
    talks.work_alone(membership.student, alone)
    _say_alone(request, membership.course, alone)
    return redirect("feedback:word", course_id)


def _say_alone(request: HttpRequest, course: Course, alone: bool) -> None:
    words = gettext("Saved. Your teachers can see that you prefer to work alone.")
    if not alone:
        words = gettext("Saved. Your teachers may check in with you again.")
    back = reverse("feedback:word", args=[course.pk])
    undo.offer(request, words, "works alone", back=back, course=course.pk, alone=alone)


@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, message_id: int) -> HttpResponse:
    """Its people read the reason in the place of the words."""
    message = access.hideable_message(request.user, message_id)
    form = HideForm(request.POST or None)
    address = reverse("feedback:conversation", args=[message.conversation_id])
    if form.is_valid():
        if talks.hide(message, form.cleaned_data["why"], by=request.user):
            words = gettext("The message is hidden. Its people can read why.")
            undo.offer(request, words, "message hidden", back=address, key=message.pk)
        else:
            messages.info(request, gettext("This message was hidden already."))
        return redirect(f"{address}#message-{message.pk}")
    context = {"message": message, "form": form, "back": address}
    return render(request, "feedback/hide_message.html", context, status=status_of(form))


@require_POST
def show(request: HttpRequest, message_id: int) -> HttpResponse:
    message = access.hideable_message(request.user, message_id)
    if talks.show(message):
        messages.success(request, gettext("The message is shown again."))
    address = reverse("feedback:conversation", args=[message.conversation_id])
    return redirect(f"{address}#message-{message.pk}")
