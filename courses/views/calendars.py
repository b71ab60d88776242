"""The working days of a cohort, as its teachers set them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from common import undo
from common.forms import status_of
from courses import access
from courses.forms.calendars import MOST_ROWS, CalendarForm, changed, shown
from courses.permissions import Permission
from courses.services import calendars


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Saves it; a button of the form that is called `step` brings another row or the regions, and saves nothing."""
    found = access.cohort_with(request.user, cohort_id, Permission.SET_DATES)
    before, _ = calendars.wanted_of(found)
    step = request.POST.get("step", "")
    if step:
        form = changed(request.POST, step)
    elif request.method == "POST":
        form = CalendarForm(request.POST, initial={})
    else:
        form = shown(before)
    if form.is_valid():
        revision = calendars.save(found, form.wanted())
        back = reverse("courses:calendar", args=[found.pk])
        values = {"cohort": found.pk, "revision": revision, "before": calendars.plain(before)}
        undo.offer(request, gettext("The working days were saved."), "calendar changed", back=back, **values)
        return redirect(back)
    template = "courses/calendar.html#region" if request.htmx else "courses/calendar.html"
    context = {
        "cohort": found,
        "form": form,
        "has_room": form.count < MOST_ROWS,
        "is_unsaved": bool(step),
        "coming": [] if request.htmx else calendars.coming(found, timezone.localdate(timezone=found.timezone)),
    }
    return render(request, template, context, status=status_of(form))
