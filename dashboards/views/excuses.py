"""Excusing a student from a step."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from common import undo
from common.forms import status_of
from common.numbers import row_key
from courses import access
from courses.forms.cohorts import ExcuseForm
from courses.models import Enrolment
from courses.permissions import Permission
from progress.outline import BEHIND, State
from progress.selectors import outlines
from progress.selectors.completions import excuses_of
from progress.services import waits


@require_http_methods(["GET", "HEAD", "POST"])
def excuses(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """What a student is excused from, and a form for more; a step that is with a teacher is theirs to answer first."""
    enrolment = access.enrolment_with(request.user, enrolment_id, Permission.TICK)
    if request.method == "POST" and "take_back" in request.POST:
        return _taken_back(request, enrolment)
    found = outlines.of_one(enrolment.pk, enrolment.cohort.course_id)
    steps = [(step.id, step.title) for step in found.steps if step.state not in BEHIND]
    form = ExcuseForm(*([request.POST] if request.method == "POST" else []), steps=steps)
    if form.is_valid():
        return _excused(request, enrolment, form)
    reasons = excuses_of(enrolment)
    excused = [(step, reasons.get(step.id, "")) for step in found.steps if step.state is State.EXCUSED]
    context = {"enrolment": enrolment, "course": enrolment.cohort.course, "form": form, "excused": excused}
    return render(request, "dashboards/excuses.html", context | {"has_steps": bool(steps)}, status=status_of(form))


def _excused(request: HttpRequest, enrolment: Enrolment, form: ExcuseForm) -> HttpResponse:
    activity = access.activity_of(enrolment, form.cleaned_data["activity"])
    waits.excuse(enrolment, activity, form.cleaned_data["reason"])
    words = gettext("%(name)s is excused from “%(title)s”.") % {"name": enrolment.user, "title": activity.title}
    back = reverse("teach:excuses", args=[enrolment.pk])
    undo.offer(request, words, "excused", back=back, enrolment=enrolment.pk, activity=activity.pk)
    return redirect(back)


def _taken_back(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    activity = access.activity_of(enrolment, row_key(request.POST["take_back"]))
    if waits.no_longer_excused(enrolment, activity):
        words = gettext("%(name)s is no longer excused from “%(title)s”.")
        messages.success(request, words % {"name": enrolment.user, "title": activity.title})
    else:
        messages.info(request, gettext("They are not excused from this step any more."))
    return redirect("teach:excuses", enrolment.pk)
