"""“I am away until …”, of somebody who marks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from common import undo
from common.forms import form_values, status_of
from feedback.forms.absences import AwayForm
from feedback.models import Absence
from feedback.pages import promises as pages
from feedback.services import absences


@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """What moves is said first, and the same form again does it. Nobody else is asked to be away: 404."""
    if not absences.cohorts_of(request.user):
        raise Http404
    now, today = timezone.now(), timezone.localdate()
    people = absences.substitutes_of(request.user)
    form = AwayForm(request.POST or None, people=people, today=today)
    moving, asked = "", form_values(form)
    if form.is_valid():
        days, substitute = form.days(), form.cleaned_data["substitute"]
        moving = pages.moving(absences.foresee_absence(request.user, days, substitute, now), substitute)
        if not moving or request.POST.get("confirmed") == asked:
            try:
                made = absences.go_away(request.user, days.first, days.last, substitute=substitute)
            except absences.Refused as refusal:
                form.add_error(None, refusal.args[0])
            else:
                back = reverse("feedback:away")
                words = gettext("Saved. Students whose feedback comes later can see why.")
                undo.offer(request, words, "went away", back=back, key=made.pk)
                return redirect(back)
    mine = Absence.objects.filter(person=request.user, cancelled_at=None, last__gte=today)
    context = {"form": form, "moving": moving, "asked": asked}
    context |= {"ahead": mine.select_related("substitute").order_by("first", "pk")}
    return render(request, "feedback/away.html", context, status=status_of(form))


@require_POST
def cancel_away(request: HttpRequest, absence_id: int) -> HttpResponse:
    found = get_object_or_404(Absence.objects.select_related("person"), person=request.user, pk=absence_id)
    back = reverse("feedback:away")
    if absences.come_back(found, timezone.now()):
        undo.offer(request, gettext("Cancelled. You are here on these days."), "came back", back=back, key=found.pk)
    return redirect(back)
