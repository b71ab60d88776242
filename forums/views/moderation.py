"""Keeping a forum in order: reports, hiding, locking, pinning, moving, duplicates, names behind anonymous posts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.numbers import row_key
from courses.models import Activity
from forums import access
from forums.forms import ReasonForm, SettingsForm
from forums.models import Forum, Post, Thread
from forums.pages import introductions
from forums.pages import talk as pages
from forums.services import moderation
from forums.services.talk import Refused
from forums.views.threads import address_of


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, post_id: int) -> HttpResponse:
    found, standing = access.readable_post(request.user, post_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        hidden = moderation.report(found, form.cleaned_data["reason"], by=request.user)
        said = gettext("Thank you. A teacher will look at it.")
        if hidden:
            said = gettext("Thank you. It is out of sight until a teacher has looked at it.")
        messages.success(request, said)
        return redirect("forums:forum", found.thread.cohort_id)
    return _with_reason(request, found, standing, form, "forums/report.html")


def _with_reason(
    request: HttpRequest, post: Post, standing: access.Standing, form: ReasonForm, template: str
) -> HttpResponse:
    context = {**_about(post), "author": pages.author_of(post, standing), "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def _about(post: Post) -> dict[str, object]:
    cohort = post.thread.cohort
    return {"post": post, "thread": post.thread, "cohort": cohort, "course": cohort.course}


@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, post_id: int) -> HttpResponse:
    """With a reason, which its author reads; what has been reported is shown above it."""
    found, standing = access.moderated_post(request.user, post_id)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = gettext("Why? Its author reads this.")
    if form.is_valid():
        moderation.hide(found, form.cleaned_data["reason"], by=request.user)
        messages.success(request, gettext("The post is hidden from the class. Its author can read why."))
        return redirect(address_of(found))
    return _with_reason(request, found, standing, form, "forums/hide.html")


@require_POST
def show(request: HttpRequest, post_id: int) -> HttpResponse:
    found, _ = access.moderated_post(request.user, post_id)
    moderation.show(found, by=request.user)
    messages.success(request, gettext("The class can read this post."))
    return redirect(address_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
def unmask(request: HttpRequest, post_id: int) -> HttpResponse:
    """A GET asks; only the press looks, and it is kept."""
    found, _ = access.moderated_post(request.user, post_id)
    context = _about(found)
    if request.method == "POST" and found.anonymous:
        moderation.unmask(found, by=request.user)
        context["person"] = found.author
    return render(request, "forums/unmask.html", context)


@require_safe
def history(request: HttpRequest, post_id: int) -> HttpResponse:
    """For staff: what the post said before."""
    found, _ = access.moderated_post(request.user, post_id)
    edits = found.edits.order_by("-at", "-pk")
    return render(request, "forums/history.html", {**_about(found), "edits": edits})


@require_POST
def lock(request: HttpRequest, thread_id: int) -> HttpResponse:
    found = access.moderated_thread(request.user, thread_id)
    if "not" in request.POST:
        moderation.reopen(found)
        messages.success(request, gettext("The thread is open again."))
    else:
        moderation.lock(found)
        messages.success(request, gettext("The thread is closed: no one can reply."))
    return redirect("forums:thread", found.pk)


@require_POST
def pin(request: HttpRequest, thread_id: int) -> HttpResponse:
    found = access.moderated_thread(request.user, thread_id)
    pinned = "not" not in request.POST
    moderation.pin(found, pinned=pinned)
    said = gettext("Pinned. This thread comes first in the forum.") if pinned else gettext("No longer pinned.")
    messages.success(request, said)
    return redirect("forums:thread", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, thread_id: int) -> HttpResponse:
    """To another lesson of the course, or to none; what the course or the cohort opened stays where it is."""
    found = access.moderated_thread(request.user, thread_id)
    if not found.has_opening:
        raise Http404
    lessons = Activity.objects.readable_by(request.user).filter(module__course=found.cohort.course_id).in_order()
    if request.method == "POST":
        asked = request.POST.get("activity", "")
        moderation.move(found, get_object_or_404(lessons, pk=row_key(asked)) if asked else None)
        messages.success(request, gettext("Moved."))
        return redirect("forums:thread", found.pk)
    context = {"thread": found, "cohort": found.cohort, "course": found.cohort.course, "lessons": lessons}
    return render(request, "forums/move.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Close it with a link to where the same was asked; that one is named by its address or number."""
    found = access.moderated_thread(request.user, thread_id)
    typed = fault = ""
    if request.method == "POST":
        typed = request.POST.get("of", "").strip()
        key = row_key(typed.partition("?")[0].rstrip("/").rpartition("/")[2])
        other = Thread.objects.moderated_by(request.user).filter(pk=key).first()
        try:
            if other is None:
                raise Refused(gettext("No thread of yours has that address."))
            moderation.close_as_duplicate(found, other)
            return redirect("forums:thread", found.pk)
        except Refused as refusal:
            fault = refusal.args[0]
    context = {"thread": found, "cohort": found.cohort, "course": found.cohort.course, "fault": fault, "typed": typed}
    return render(request, "forums/duplicate.html", context, status=422 if fault else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, cohort_id: int) -> HttpResponse:
    cohort = access.moderated_forum(request.user, cohort_id)
    chosen = Forum.objects.filter(cohort=cohort).first() or Forum(cohort=cohort)
    asked = "\n".join(introductions.questions(chosen))
    initial = {"anonymous_allowed": chosen.anonymous_allowed, "introductions": asked}
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        moderation.choose(cohort, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("forums:forum", cohort.pk)
    context = {"cohort": cohort, "course": cohort.course, "form": form}
    return render(request, "forums/settings.html", context, status=422 if form.errors else 200)
