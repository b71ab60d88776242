from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from progress.pages import dates as pages
from progress.selectors import dates
from progress.selectors.standings import enrolments, standings
from progress.slots import DATES, links_beside_dates


@require_safe
def all_dates(request: HttpRequest) -> HttpResponse:
    """Every date of the courses that somebody studies, past and coming."""
    studied, now = standings(enrolments(request.user)), timezone.now()
    context = {"studies": bool(studied), "groups": pages.groups(dates.of_standings(studied), now), "now": now}
    context["links"] = links_beside_dates(
        [(one.course.title, one.course.pk, one.enrolment.cohort_id) for one in studied]
    )
    context["slots"] = DATES.filled(request.user, request.user.pk) if studied else []
    return render(request, "progress/dates.html", context)
