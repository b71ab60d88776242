"""How a cohort is marked, and pauses in it."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common import undo
from common.forms import form_values, status_of
from courses.models import Activity, Cohort
from feedback import access
from feedback.forms.absences import PauseForm
from feedback.forms.settings import MarkingForm
from feedback.models import Marking, Pause
from feedback.pages import promises as pages
from feedback.selectors import pauses as selectors
from feedback.services import absences, promises
from feedback.services import settings as services


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, cohort_id: int) -> HttpResponse:
    found = access.decided_cohort(request.user, cohort_id)
    before = Marking.objects.filter(cohort=found).first() or Marking(cohort=found)
    plain = {
        "feedback_days": found.feedback_days,
        "counted_from": before.counted_from,
        "assistants_release": before.assistants_release,
    }
    usual = promises.usual_counting(found)
    form = MarkingForm(request.POST or None, instance=before, usual=usual, initial=plain)
    if form.is_valid():
        moved = services.save(found, **form.cleaned_data)
        words = gettext("Saved.")
        if moved:
            said = ngettext("Saved. %(n)d promise has moved.", "Saved. %(n)d promises have moved.", moved)
            words = said % {"n": moved}
        back = reverse("feedback:settings", args=[found.pk])
        values = {"cohort": found.pk, "before": plain, "after": form.cleaned_data}
        undo.offer(request, words, "marking set", back=back, **values)
        return redirect(back)
    context = {"cohort": found, "form": form, "pauses": selectors.of_cohort(found, _today(found))}
    return render(request, "feedback/settings.html", context, status=status_of(form))


def _today(cohort: Cohort) -> date:
    return absences.today_in(cohort, timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
def pauses(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Pause marking: what moves is said first, and the same form again does it."""
    found, now = access.decided_cohort(request.user, cohort_id), timezone.now()
    steps = list(Activity.objects.filter(module__course=found.course_id, kind="assignment").in_order())
    form = PauseForm(request.POST or None, steps=steps, today=_today(found))
    moving, asked = "", form_values(form)
    if form.is_valid():
        values = form.cleaned_data
        moving = pages.moving(absences.foresee_pause(found, values["last"], values["activity"], now))
        if not moving or request.POST.get("confirmed") == asked:
            try:
                made = absences.pause(found, **values, by=request.user, now=now)
            except absences.Refused as refusal:
                form.add_error(None, refusal.args[0])
            else:
                back = reverse("feedback:settings", args=[found.pk])
                words = gettext("Marking is paused. Students whose feedback comes later can see why.")
                undo.offer(request, words, "marking paused", back=back, key=made.pk)
                return redirect(back)
    context = {"cohort": found, "form": form, "moving": moving, "asked": asked}
    return render(request, "feedback/pause.html", context, status=status_of(form))


@require_POST
def end_pause(request: HttpRequest, cohort_id: int, pause_id: int) -> HttpResponse:
    found = access.decided_cohort(request.user, cohort_id)
    pause = get_object_or_404(Pause.objects.select_related("cohort"), cohort=found, pk=pause_id)
    back = reverse("feedback:settings", args=[found.pk])
    if absences.go_on(pause, timezone.now()):
        words = gettext("The pause is over. Promises are counted without the days that were left of it.")
        undo.offer(request, words, "pause ended", back=back, key=pause.pk)
    return redirect(back)
