from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.dates import local
from common.slots import has_fragment
from courses.selectors import deleted_cohorts, unread_announcements
from dashboards.pages import today
from progress.selectors.standings import enrolments, standings
from progress.slots import TODAY, arrived

DUE_SHOWN = 6
NEW_SHOWN = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Today for students; others are sent to the page for their own work."""
    mine = enrolments(request.user)
    studied = standings(mine)
    if not studied and (request.user.teaches or request.user.is_staff):
        return redirect("manage:overview" if request.user.is_staff else "teach:cohorts")
    now = timezone.now()
    waiting = today.due(studied, now)
    coming = today.next_step(studied, now)
    slots = TODAY.filled(request.user, request.user.pk) if studied else []
    return render(
        request,
        "dashboards/today.html",
        {
            # Came along with the account (notifications.receivers).
            "on_break": bool(request.user.break_until and request.user.break_until >= local(now).date()),
            "arrived": arrived(request.user, today.kinds(studied)),
            "news": unread_announcements(request.user),
            "slots": slots,
            "loads_fragments": has_fragment(slots),
            "sentence": today.sentence(coming, studied, now),
            "coming": coming,
            "welcome": today.welcome(coming) if coming and today.is_back(studied, now) else "",
            "waiting": sum(standing.outline.waiting for standing in studied),
            "due": waiting[:DUE_SHOWN],
            "due_more": len(waiting) - DUE_SHOWN,
            "fresh": today.fresh(studied)[:NEW_SHOWN],
            "standings": studied,
            # Whoever archived the only cohort they had is led to it from here.
            "put_away": not studied and deleted_cohorts(request.user).exists(),
            "now": now,
        },
    )
