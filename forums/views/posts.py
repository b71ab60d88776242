"""Posts: to reply, to change, to delete, to accept and endorse."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import richtext, undo
from common.access import require
from common.numbers import row_key
from drafts import selectors as drafts
from forums import access
from forums.forms import EditForm, PostForm
from forums.models import Post, Thread
from forums.pages import talk as pages
from forums.selectors import threads as selectors
from forums.services import answers, talk
from forums.views import threads


@require_safe
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """Leads to where it stands in its thread."""
    found, _ = access.readable_post(request.user, post_id)
    return redirect(threads.address_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, thread_id: int) -> HttpResponse:
    """A page of its own for a reply to one post, for a quotation, for a preview, and for what could not be sent."""
    thread, standing = access.talking_thread(request.user, thread_id)
    to = _named(request, thread, "to")
    quoted = _named(request, thread, "quote")
    place = threads.reply_of(thread, to)
    writing = drafts.writing(request.user, place, posted=request.POST if request.method == "POST" else None)
    initial = {
        "source": pages.quotation(quoted, standing) if quoted else "",
        "anonymous": thread.wrote_without_name,
        **writing.initial,
    }
    form = PostForm(request.POST or None, initial=initial, may_be_anonymous=standing.may_be_anonymous_in(thread))
    is_valid = form.is_valid()
    if is_valid and "preview" not in request.POST:
        try:
            sending, may = threads.sending_of(request, form, place), standing.moderates
            done = talk.reply(thread, form.written(), sending, by=request.user, to=to, though_locked=may)
            return threads.sent(request, done)
        except (talk.Refused, richtext.TooMuch) as refusal:
            form.add_error(None, refusal.args[0])
    context = {
        "form": form,
        "writing": writing,
        "thread": thread,
        "cohort": thread.cohort,
        "course": thread.cohort.course,
        "to": pages.post_rows([to], thread, selectors.own(thread), standing)[0] if to else None,
        "preview": form.made.html if is_valid else "",
        "is_first": thread.is_first,
    }
    return render(request, "forums/reply.html", context, status=422 if form.errors else 200)


def _named(request: HttpRequest, thread: Thread, name: str) -> Post | None:
    """The post of this thread that the address names, if its reader may read it."""
    number = row_key(request.GET.get(name, ""))
    return selectors.post_of(request.user, thread, number) if number else None


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, post_id: int) -> HttpResponse:
    found, _ = access.own_post(request.user, post_id)
    place, version = talk.change_of(found), talk.version_of(found)
    posted = request.POST if request.method == "POST" else None
    writing = drafts.writing(request.user, place, base=version, posted=posted)
    form = EditForm(posted, post=found, initial=writing.initial)
    is_valid = form.is_valid()
    if is_valid and "preview" not in request.POST:
        try:
            values = form.cleaned_data
            sending = threads.sending_of(request, form, place)
            talk.edit(found, values["source"], sending, title=values.get("title", ""), by=request.user)
            return redirect("forums:post", found.pk)
        except (talk.Refused, richtext.TooMuch) as refusal:
            form.add_error(None, refusal.args[0])
    thread = found.thread
    context = {"form": form, "post": found, "thread": thread, "cohort": thread.cohort, "course": thread.cohort.course}
    context |= {"preview": form.made.html if is_valid else "", "writing": writing}
    return render(request, "forums/edit.html", context, status=422 if form.errors else 200)


@require_POST
def delete(request: HttpRequest, post_id: int) -> HttpResponse:
    found, _ = access.removable_post(request.user, post_id)
    back = reverse("forums:thread", args=[found.thread_id])
    if talk.delete(found, by=request.user):
        if found.thread.last_number == 1:
            back = reverse("forums:forum", args=[found.thread.cohort_id])
        undo.offer(request, gettext("The post was deleted."), "post deleted", back=back, key=found.pk)
    else:
        messages.info(request, gettext("This post has already been deleted."))
    return redirect(back)


@require_POST
def accept(request: HttpRequest, post_id: int) -> HttpResponse:
    """By whoever asked."""
    found, _ = access.readable_post(request.user, post_id)
    thread = found.thread
    require(thread.is_question and thread.author_id == request.user.pk and found.number > 1)
    accepted = "not" not in request.POST
    answers.accept(found, by=request.user, accepted=accepted)
    said = gettext("Marked as the answer that helped.") if accepted else gettext("No longer marked as the answer.")
    messages.success(request, said)
    return redirect(threads.address_of(found))


@require_POST
def endorse(request: HttpRequest, post_id: int) -> HttpResponse:
    found, _ = access.moderated_post(request.user, post_id)
    require(found.author_id != request.user.pk)
    answers.endorse(found, by=request.user, endorsed="not" not in request.POST)
    return redirect(threads.address_of(found))
