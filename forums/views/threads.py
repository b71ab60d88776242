"""A thread: to open one, to read it, to follow it."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import richtext
from common.numbers import row_key
from common.paging import page_of
from common.timecode import LONGEST_MS
from courses.models import Activity, Cohort
from drafts import selectors as drafts
from drafts.fields import sent_with, typed
from forums import access
from forums.forms import EditForm, PostForm, ThreadForm
from forums.models import Post, Thread
from forums.pages import introductions
from forums.pages import talk as pages
from forums.pages.words import words
from forums.selectors import threads as selectors
from forums.services import answers, following, reading, talk

# A page of a thread; a first visit to thirty of them stays within its bytes.
SHOWN = 50
RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, cohort_id: int) -> HttpResponse:
    cohort, standing = access.talking_in(request.user, cohort_id)
    activity, at_ms = _about(request, cohort)
    place = f"forums/cohorts/{cohort.pk}{f'/{activity.pk}' if activity else ''}"
    writing = drafts.writing(request.user, place, posted=request.POST if request.method == "POST" else None)
    initial = {"kind": request.GET.get("kind", Thread.Kind.QUESTION), **writing.initial}
    form = ThreadForm(request.POST or None, initial=initial, may_be_anonymous=standing.may_be_anonymous)
    is_valid = form.is_valid()
    if is_valid and "preview" not in request.POST:
        try:
            written = form.written_about(activity, at_ms)
            return sent(request, talk.start(cohort, written, sending_of(request, form, place), by=request.user))
        except (talk.Refused, richtext.TooMuch) as refusal:
            form.add_error(None, refusal.args[0])
    context = {
        "form": form,
        "writing": writing,
        "cohort": cohort,
        "course": cohort.course,
        "standing": standing,
        "about": words().place(activity, at_ms),
        "activity": activity,
        "preview": form.made.html if is_valid else "",
        "is_first": not Post.objects.filter(author=request.user).exists(),
    }
    return render(request, "forums/new.html", context, status=422 if form.errors else 200)


def _about(request: HttpRequest, cohort: Cohort) -> tuple[Activity | None, int | None]:
    """The lesson, and the second of a lecture, that the address names."""
    key, at = row_key(request.GET.get("activity", "")), request.GET.get("at", "")
    if not key:
        return None, None
    readable = Activity.objects.readable_by(request.user).filter(module__course=cohort.course_id)
    activity = readable.filter(pk=key).select_related("module").first()
    is_second = activity and activity.kind == "lecture" and at.isascii() and at.isdecimal() and len(at) < 8
    return activity, min(int(at) * 1000, LONGEST_MS) if is_second else None


def sending_of(request: HttpRequest, form: PostForm | EditForm, place: str) -> talk.Sending:
    return talk.Sending(sent_with(request.POST), place, typed(form))


def sent(request: HttpRequest, outcome: talk.Sent) -> HttpResponse:
    """What a form is answered with once it made a post, or had made one before."""
    if outcome.differs:
        messages.warning(
            request, gettext("This was posted before, with other words. Yours are below: save them to change the post.")
        )
        return redirect("forums:edit", outcome.post.pk)
    if not outcome.made:
        messages.info(request, gettext("This was posted already, so it was not posted twice."))
    else:
        messages.success(request, gettext("Posted."))
    return redirect("forums:post", outcome.post.pk)


@require_safe
def thread(request: HttpRequest, thread_id: int) -> HttpResponse:
    found, standing = access.readable_thread(request.user, thread_id)
    if "unread" in request.GET and (first := selectors.first_unread(request.user, found)):
        return redirect(address_of(first))
    if request.method == "GET" and request.user.unread:
        # The bar of this very page counts them no more.
        request.user.unread -= reading.clear_inbox(found, request.user)
    own = selectors.own(found)
    page = page_of(selectors.Posts(found), request, size=SHOWN)
    may_reply = standing.moderates or (standing.talks and not found.locked_at)
    writing = form = None
    if may_reply:
        writing = drafts.writing(request.user, reply_of(found))
        # One reply by name would tell who asked without it.
        initial = {"anonymous": found.wrote_without_name, **writing.initial}
        form = PostForm(initial=initial, may_be_anonymous=standing.may_be_anonymous_in(found))
    context = {
        "thread": found,
        "cohort": found.cohort,
        "course": found.cohort.course,
        "standing": standing,
        "own": own,
        "page": page,
        "rows": pages.post_rows(page.rows, found, own, standing),
        "author": pages.author_of(found, standing),
        "kind": words().kinds[found.kind],
        "state": words().state(found),
        "place": words().place(found.activity, found.at_ms),
        "form": form,
        "writing": writing,
        "is_first": found.is_first,
        "now": timezone.now(),
        "introductions": introductions.questions_of(found.cohort) if found.is_introductions else None,
    }
    return render(request, "forums/thread.html", context)


def reply_of(found: Thread, to: Post | None = None) -> str:
    """The place of a draft that replies to a thread, or to one of its posts."""
    return f"forums/threads/{found.pk}{f'/{to.number}' if to else ''}"


def address_of(post: Post) -> str:
    """Of a post in its thread, on whichever page it stands."""
    address = reverse("forums:thread", args=[post.thread_id])
    number = selectors.place_of(post) // SHOWN + 1
    return f"{address}{f'?page={number}' if number > 1 else ''}#post-{post.number}"


@require_POST
def read(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Numbers of posts that came into view, as "1-4,7"; "all" for the button without a script."""
    found, _ = access.readable_thread(request.user, thread_id)
    numbers = request.POST.get("numbers", "")[:2_000]
    if numbers == "all":
        reading.mark_thread(found, request.user)
        return redirect("forums:forum", found.cohort_id)
    ranges = [(int(first), int(last or first) + 1) for first, last in RANGE.findall(numbers)]
    reading.mark(found, request.user, [(first, last) for first, last in ranges if first < last])
    return HttpResponse(status=204)


@require_safe
def news(request: HttpRequest, thread_id: int) -> HttpResponse:
    """How many posts came since the page was made, which says itself up to which number it knows."""
    found, _ = access.readable_thread(request.user, thread_id)
    known = request.GET.get("after", "")
    count = selectors.newer(found, int(known)) if known.isascii() and known.isdecimal() and len(known) < 8 else 0
    if not count:
        return HttpResponse(status=204)
    return render(request, "forums/news.html", {"count": count, "thread": found})


@require_POST
def follow(request: HttpRequest, thread_id: int) -> HttpResponse:
    found, _ = access.readable_thread(request.user, thread_id)
    choice = request.POST.get("choice", following.NEITHER)
    following.choose(request.user, found.cohort, choice, thread=found)
    said = {
        following.FOLLOW: gettext("You follow this thread: new posts reach your inbox."),
        following.MUTE: gettext("This thread is muted: it no longer reaches your inbox, unless someone names you."),
    }
    messages.success(request, said.get(choice, gettext("You no longer follow this thread.")))
    return redirect("forums:thread", found.pk)


@require_POST
def wonder(request: HttpRequest, thread_id: int) -> HttpResponse:
    found, _ = access.talking_thread(request.user, thread_id)
    answers.wonder(found, request.user, wonders="not" not in request.POST)
    return redirect("forums:thread", found.pk)
