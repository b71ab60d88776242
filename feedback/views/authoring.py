"""The rubric of an assignment, and a set of assignments for a big task."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from common import undo
from common.forms import status_of
from common.numbers import row_key
from courses import access
from courses.models import Activity
from feedback.criteria import MOST_CRITERIA
from feedback.forms.rubrics import RubricForm, changed, new_criterion, rows_of, typed_rows
from feedback.forms.sets import MOST_PARTS, SetForm
from feedback.forms.sets import changed as set_changed
from feedback.models import Assignment, Rubric
from feedback.selectors import rubrics as selectors
from feedback.services import assignments as services
from feedback.services import sets


def _written_assignment(viewer: User, activity_id: int) -> Activity:
    activity = access.editable_activity(viewer, activity_id)
    activity.assignment = get_object_or_404(Assignment, activity=activity)
    return activity


@require_http_methods(["GET", "HEAD", "POST"])
def rubric(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Saves it; a button called `step` changes the form, or copies another rubric into it, and saves nothing."""
    found = _written_assignment(request.user, activity_id)
    standing = services.standing_rubric(found.assignment)
    base, step = selectors.version_of(standing), request.POST.get("step", "")
    if step:
        form = _stepped(request, step)
    elif request.method == "POST":
        form = RubricForm(request.POST, rows=typed_rows(request.POST), base="")
        if form.is_valid() and form.cleaned_data["base"] != base:
            form.add_error(
                None,
                gettext(
                    "Someone has changed this rubric since you opened it. Yours is below and is not saved yet. Look at "
                    "the lesson as it is now, then save yours only if it should take its place."
                ),
            )
            # Who saves it once more has been told.
            form.data = {**form.data.dict(), "base": base}
    else:
        form = RubricForm(rows=rows_of(selectors.standing_criteria(standing)) or [new_criterion()], base=base)
    if form.is_valid():
        return _saved(request, found, standing, form)
    context = {"activity": found, "course": found.module.course, "form": form, "is_unsaved": bool(step)}
    context |= {"has_room": len(form.rows) < MOST_CRITERIA, "keepers": selectors.keep(standing) if standing else 0}
    context |= {"offers": selectors.offered_to(request.user, found)}
    return render(request, "feedback/rubric_editor.html", context, status=status_of(form))


def _stepped(request: HttpRequest, step: str) -> RubricForm:
    rows, focus = typed_rows(request.POST), ""
    if step == "copy":
        copied = selectors.to_copy(request.user, row_key(request.POST.get("copied", "")))
        rows, focus = (rows_of(copied), "c0_title") if copied else (rows, "")
    else:
        focus = changed(rows, step)
    return RubricForm(rows=rows, base=request.POST.get("base", "")[:64], focus=focus)


def _saved(request: HttpRequest, found: Activity, standing: Rubric | None, form: RubricForm) -> HttpResponse:
    keepers = selectors.keep(standing) if standing else 0
    made = services.write_rubric(found.assignment, form.typed, by=request.user)
    words = gettext("The rubric is saved.") if made else gettext("This assignment has no rubric now.")
    if keepers and (made is None or standing is None or made.pk != standing.pk):
        kept = ngettext(
            "%(n)d piece of work was handed in or marked by the version before; it keeps that.",
            "%(n)d pieces of work were handed in or marked by the version before; they keep that.",
            keepers,
        )
        words = f"{words} {kept % {'n': keepers}}"
    messages.success(request, words)
    return redirect("edit:activity", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new_set(request: HttpRequest, module_id: int) -> HttpResponse:
    """Several assignments for one big task, made together; a button called `step` changes the form."""
    module = access.editable_module(request.user, module_id)
    step = request.POST.get("step", "")
    sent = request.POST if request.method == "POST" else None
    form = set_changed(request.POST, step) if step else SetForm(sent)
    if form.is_valid():
        made = sets.make(module, form.wanted(), published=form.cleaned_data["published"])
        words = ngettext("%(n)d assignment was added.", "%(n)d assignments were added.", len(made)) % {"n": len(made)}
        back = reverse("edit:course", args=[module.course_id])
        said = gettext("Give each its own date on the dates page of a cohort.")
        undo.offer(request, f"{words} {said}", "set made", back=back, keys=[one.pk for one in made])
        return redirect(back)
    context = {"module": module, "course": module.course, "form": form, "is_unsaved": bool(step)}
    context |= {"has_room": form.count < MOST_PARTS}
    return render(request, "feedback/new_set.html", context, status=status_of(form))
