"""What people are told, as an operator sees it: all of it in numbers, and one person's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import OutgoingMail, User
from accounts.services import bounces, outgoing
from common.paging import page_of
from dashboards.access import admins_only
from dashboards.pages import notices as pages
from dashboards.pages import trials
from dashboards.selectors import notices as selectors
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.services import mailing
from progress.selectors.returns import trial

MARKED = "marked by an admin"
MAILS_SHOWN = 20


@admins_only
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    beats = selectors.beats()
    context = {
        "day": pages.last_day(selectors.settled_lately(now), now),
        "mails": selectors.mails_lately(now),
        "planned": selectors.planned_ahead(),
        "notices_waiting": selectors.notices_waiting(now),
        "mails_waiting": selectors.mails_waiting(),
        "pause": outgoing.pause_of_now(),
        "beats": beats,
        "late": {
            # On its first day a site has not been planned for yet.
            "plan": beats.planned_at and now - beats.planned_at > selectors.PLAN_LATE,
            "tick": not beats.delivered_at or now - beats.delivered_at > selectors.TICK_LATE,
        },
        "dead": page_of(selectors.dead_addresses(), request, name="dead", size=20),
    }
    return render(request, "dashboards/notices.html", context)


@admins_only
@require_safe
def nudges(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = [trials.result(str(kind.label), trial(name, now)) for name, kind in KINDS.items() if kind.is_nudge]
    return render(request, "dashboards/nudges.html", {"results": found})


@admins_only
@require_safe
def told(request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User.objects.manageable_by(request.user), pk=user_id)
    page = page_of(Notice.objects.filter(person=person).order_by("-not_before", "-pk"), request)
    mails = OutgoingMail.objects.filter(person=person).exclude(kind=mailing.MAIL).order_by("-created_at")[:MAILS_SHOWN]
    context = {
        "person": person,
        "page": page,
        "told": pages.told(person, page.rows),
        "mails": [pages.mail_line(mail) for mail in mails],
    }
    return render(request, "dashboards/told.html", context)


@admins_only
@require_POST
def address(request: HttpRequest, user_id: int) -> HttpResponse:
    """Plain SMTP reports no later bounces; whoever knows of one can say so, and take it back."""
    person = get_object_or_404(User.objects.manageable_by(request.user), pk=user_id)
    if request.POST.get("state") == "dead" and person.email:
        bounces.stop_mail(person, person.email, MARKED, timezone.now())
        messages.success(request, gettext("Email to %(email)s has stopped.") % {"email": person.email})
    elif request.POST.get("state") == "alive":
        bounces.resume_mail(person)
        messages.success(request, gettext("Email to %(email)s has started again.") % {"email": person.email})
    return redirect("manage:person", user_id)
