from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from common.paging import page_of
from notifications import pages, selectors
from notifications.models import Notice
from notifications.services import reading
from notifications.slots import beside

# Fewer than in other lists: what lies below is seldom read.
SHOWN = 20


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    only_unread = request.GET.get("show") == "unread"
    page = page_of(selectors.Inbox(request.user, only_unread=only_unread), request, size=SHOWN)
    context = {"page": page, "days": pages.days(selectors.readable(page.rows)), "only_unread": only_unread}
    context["beside"] = beside(request.user)
    return render(request, "notifications/inbox.html", context)


@require_safe
def open_notice(request: HttpRequest, notice: int) -> HttpResponse:
    """Lead to the place that a notice is about, and count it as read."""
    found = get_object_or_404(Notice.objects.inbox_of(request.user), pk=notice)
    if request.method == "GET":
        reading.read(found)
    [words] = pages.in_words([found])
    return redirect(words.url or "notifications:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = reading.read_all(request.user)
    words = ngettext("%(count)d message is marked as read.", "%(count)d messages are marked as read.", count)
    messages.success(request, words % {"count": count} if count else gettext("You had read everything."))
    return redirect("notifications:inbox")
