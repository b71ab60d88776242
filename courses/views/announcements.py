"""Announcements: to read, to write with a preview, to correct, to delete."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from common import undo
from common.access import require_admin
from common.paging import page_of, sought
from courses import access, pages, selectors
from courses.forms.announcements import AnnouncementForm
from courses.models import Cohort
from courses.permissions import Permission
from courses.services import announcements as services
from notifications.services import revising


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All that the viewer may read, of whichever cohort."""
    page = page_of(selectors.announcements(request.user), request)
    return render(request, "courses/announcements.html", {"page": page, "cohort": None, "may_write": False})


@require_safe
def of_cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    found = access.known_cohort(request.user, cohort_id)
    page = page_of(selectors.announcements(request.user, found), request)
    may_write = access.holds(request.user, found, Permission.ANNOUNCE)
    context = {"page": page, "cohort": found, "may_write": may_write}
    return render(request, "courses/announcements.html", context)


@require_safe
def announcement(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """The whole text. Whoever gets here by any way has read it, in the inbox too."""
    found = access.readable_announcement(request.user, announcement_id)
    if request.method == "GET" and request.user.unread:
        # The bar of this very page counts it no more.
        request.user.unread -= revising.read_about(request.user, [services.KIND], found.pk)
    cohorts = selectors.cohorts_of(found, request.user)
    may_write = selectors.may_write(request.user, found)
    context = {"announcement": found, "cohorts": cohorts, "may_write": may_write}
    return render(request, "courses/announcement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, cohort_id: int) -> HttpResponse:
    found = access.cohort_with(request.user, cohort_id, Permission.ANNOUNCE)
    form = AnnouncementForm(request.POST or None, zone=found.timezone)
    return _writing(request, form, [found], back=reverse("courses:announcements", args=[found.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def new_to_many(request: HttpRequest) -> HttpResponse:
    """To any cohorts, or to everybody; the hour is one of the admin's own clock."""
    require_admin(request.user)
    words = sought(request)
    offered = list(selectors.open_cohorts(request.user, words)[: selectors.MOST_COHORTS_OFFERED])
    zone = ZoneInfo(str(request.user.timezone))
    form = AnnouncementForm(request.POST or None, zone=zone, offered=offered)
    more = {"words": words, "find": bool(words) or len(offered) == selectors.MOST_COHORTS_OFFERED}
    return _writing(request, form, [], back=reverse("courses:all_announcements"), **more)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Before its hour any change; afterwards a correction."""
    found = access.writable_announcement(request.user, announcement_id)
    form = AnnouncementForm(request.POST or None, zone=ZoneInfo(str(found.zone)), found=found)
    cohorts = list(selectors.cohorts_of(found, request.user))
    return _writing(request, form, cohorts, back=reverse("courses:announcement", args=[found.pk]))


def _writing(
    request: HttpRequest, form: AnnouncementForm, cohorts: list[Cohort], *, back: str, **more: object
) -> HttpResponse:
    """The form; once it holds a text, also how it will look and who gets it, with the button that sends just that."""
    is_valid = form.is_valid()
    written = form.written(cohorts) if is_valid else None
    if written and request.POST.get("send") == form.fingerprint():
        try:
            return _sent(request, form, written)
        except services.Refused as refusal:
            form.add_error(None, refusal.args[0])
            is_valid, written = False, None
            if form.found:
                # Who sends it once more has seen what else was saved.
                form.data = form.data.copy()
                form.data["revision"] = access.writable_announcement(request.user, form.found.pk).revision
    told = written or services.Written("", "", form.zone, None, cohorts, bool(form.found and form.found.for_everybody))
    counts = selectors.audience(told.cohorts, everybody=told.for_everybody, author=_author(request, form))
    context = {
        "form": form,
        "found": form.found,
        "cohort": cohorts[0] if len(cohorts) == 1 else None,
        "audience": pages.audience_words(counts),
        "preview": form.made.html if is_valid else "",
        "written": written,
        "at": services.instant(written.wall, written.zone) if written and written.wall else None,
        "back": back,
        **more,
    }
    return render(request, "courses/announcement_form.html", context, status=422 if form.errors else 200)


def _author(request: HttpRequest, form: AnnouncementForm) -> User | None:
    """Who gets no notice of it: whoever wrote it knows."""
    return form.found.author if form.found else request.user


def _sent(request: HttpRequest, form: AnnouncementForm, written: services.Written) -> HttpResponse:
    values = form.cleaned_data
    if form.found:
        again = values.get("tell_again", False)
        found = services.correct(form.found, written, revision=values["revision"] or 0, tell_again=again)
        if not found.is_published or not found.corrected_at:
            words = gettext("Saved.")
        elif again:
            words = gettext("Corrected, and sent to everyone again.")
        else:
            words = gettext("Corrected wherever it is shown. No one gets a second email.")
        messages.success(request, words)
        return redirect("courses:announcement", found.pk)
    found, made = services.publish(values["key"], written, by=request.user)
    if not made:
        messages.info(request, gettext("This was sent already, so it was not sent twice. You can correct it here."))
    elif found.is_published:
        messages.success(request, gettext("Your announcement is on its way."))
    else:
        messages.success(request, gettext("Saved. It goes out at the time you set, and no one sees it before."))
    return redirect("courses:announcement", found.pk)


@require_POST
def delete(request: HttpRequest, announcement_id: int) -> HttpResponse:
    found = access.removable_announcement(request.user, announcement_id)
    cohorts = list(selectors.cohorts_of(found, request.user))
    back = reverse("courses:all_announcements")
    if len(cohorts) == 1:
        back = reverse("courses:announcements", args=[cohorts[0].pk])
    words = {"name": found}
    if services.delete(found, by=request.user):
        sentence = gettext("“%(name)s” was deleted. It is gone from every inbox, but not from emails already sent.")
        undo.offer(request, sentence % words, "announcement deleted", back=back, key=found.pk)
    else:
        messages.info(request, gettext("“%(name)s” has already been deleted.") % words)
    return redirect(back)
