"""Who of a class needs somebody today."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from common import undo
from common.access import require
from common.numbers import row_key
from common.paging import page_of
from courses import access
from courses.permissions import Permission
from dashboards.pages import needed as pages
from dashboards.selectors import needed as selectors
from progress.services import snoozes


@require_safe
def needed(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The students who have a reason today; with `?snoozed=yes` those whom the reader has put off."""
    found, rights = access.known_cohort_with_rights(request.user, cohort_id)
    require(Permission.SEE_STUDENTS in rights)
    now, today = timezone.now(), timezone.localdate()
    seen = selectors.of_class(request.user, found, now, today)
    shows_snoozed = request.GET.get("snoozed") == "yes"
    page = page_of(seen.snoozed if shows_snoozed else seen.needy, request)
    context = {
        "cohort": found,
        "found": seen,
        "page": page,
        "rows": pages.rows(selectors.at_this_moment(request.user, page.rows, now, today)),
        "shows_snoozed": shows_snoozed,
        "choices": pages.choices(snoozes.CHOICES),
    }
    return render(request, "dashboards/needed.html", context)


@require_POST
def snooze(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """For 1, 3 or 7 days; `days` of anything else puts the student back on the list."""
    enrolment = access.enrolment_with(request.user, enrolment_id, Permission.SEE_STUDENTS)
    back, before = reverse("teach:needed", args=[enrolment.cohort_id]), snoozes.snoozed_until(request.user, enrolment)
    days = row_key(request.POST.get("days", ""))
    if days not in snoozes.CHOICES:
        snoozes.snooze(request.user, enrolment, None)
        messages.success(request, gettext("%(name)s is back on your list.") % {"name": enrolment.user})
        return redirect(back)
    until = timezone.localdate() + timedelta(days=days)
    snoozes.snooze(request.user, enrolment, until)
    words = gettext("%(name)s is off your list until %(day)s.")
    words %= {"name": enrolment.user, "day": date_format(until, "l j F")}
    plain = {"before": before.isoformat() if before else "", "after": until.isoformat()}
    undo.offer(request, words, "snoozed", back=back, enrolment=enrolment.pk, **plain)
    return redirect(back)
