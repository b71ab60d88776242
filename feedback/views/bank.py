"""The comments that somebody keeps to use again: found while typing, and looked after on a page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import undo
from common.access import require
from common.paging import page_of, sought
from courses.models import Cohort
from feedback import access
from feedback.forms.comments import BankForm
from feedback.models import BankComment
from feedback.selectors import marking as selectors
from feedback.services import comments
from feedback.services.marking import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """All that is offered in the course of a cohort; a POST keeps a new one."""
    cohort, _ = access.marking_in(request.user, cohort_id)
    form = BankForm(request.POST or None)
    if form.is_valid():
        try:
            course = cohort.course if form.cleaned_data["shared"] else None
            comments.keep(form.cleaned_data["source"], by=request.user, course=course)
            if request.htmx:
                return render(request, "feedback/kept.html")
            messages.success(request, gettext("Kept in the comment bank."))
            return redirect("feedback:bank", cohort.pk)
        except Refused as refusal:
            form.add_error("source", refusal.args[0])
    words = sought(request)
    page = page_of(selectors.bank(request.user, cohort.course_id, words), request)
    context = {"cohort": cohort, "form": form, "page": page, "words": words}
    return render(request, "feedback/bank.html", context, status=422 if form.errors else 200)


@require_safe
def found(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """While somebody types: the few that fit best."""
    cohort, _ = access.marking_in(request.user, cohort_id)
    some = selectors.bank(request.user, cohort.course_id, sought(request))[: selectors.MOST_FOUND]
    return render(request, "feedback/bank_found.html", {"found": some, "words": sought(request), "cohort": cohort})


def _own(request: HttpRequest, cohort_id: int, entry_id: int) -> tuple[Cohort, BankComment]:
    """Shared or not, it is changed by who keeps it; others read it and may not."""
    cohort, _ = access.marking_in(request.user, cohort_id)
    offered = BankComment.objects.offered_to(request.user, cohort.course_id)
    entry = get_object_or_404(offered, pk=entry_id)
    require(entry.owner_id == request.user.pk)
    return cohort, entry


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, cohort_id: int, entry_id: int) -> HttpResponse:
    cohort, kept = _own(request, cohort_id, entry_id)
    form = BankForm(request.POST or None, initial={"source": kept.source, "shared": kept.course_id is not None})
    if form.is_valid():
        course = cohort.course if form.cleaned_data["shared"] else None
        comments.change(kept, form.cleaned_data["source"], course=course)
        messages.success(request, gettext("Saved."))
        return redirect("feedback:bank", cohort.pk)
    context = {"cohort": cohort, "form": form, "entry": kept}
    return render(request, "feedback/bank_entry.html", context, status=422 if form.errors else 200)


@require_POST
def delete(request: HttpRequest, cohort_id: int, entry_id: int) -> HttpResponse:
    cohort, kept = _own(request, cohort_id, entry_id)
    back = reverse("feedback:bank", args=[cohort.pk])
    shared = kept.course_id
    comments.forget(kept)
    said = gettext("Deleted from your bank.")
    undo.offer(request, said, "bank comment deleted", back=back, source=kept.source, course=shared)
    return redirect(back)
