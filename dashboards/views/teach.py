"""A teacher's pages: the cohorts, the class, one student, the dates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import undo
from common.access import require
from common.forms import form_values, status_of
from common.paging import page_of, sought
from common.slots import has_fragment
from courses import access
from courses.forms.cohorts import AccommodationForm, ExtensionForm, due_form
from courses.kinds import Who
from courses.models import Activity, Cohort, DueDate, Enrolment, Extension
from courses.permissions import Permission
from courses.selectors import dated_activities, due_date_of, with_dates
from courses.services import agreements
from courses.services import cohorts as services
from dashboards.pages import agreed, class_places, needed
from dashboards.selectors import class_list
from dashboards.selectors.taught import taught_cohorts
from progress.selectors import outlines
from progress.selectors.completions import by_teachers
from progress.services import ticks
from progress.services.foresight import dates_of, late_now, late_without_days, made_late, reach
from progress.slots import CLASS, waits_for

# Of a class; by the word that stands in the address.
ORDERS = {
    "": gettext_lazy("By name"),
    "visit": gettext_lazy("Not seen for longest"),
    "late": gettext_lazy("Furthest behind"),
}


@require_safe
def cohorts(request: HttpRequest) -> HttpResponse:
    words = sought(request)
    page = page_of(taught_cohorts(request.user, words), request)
    context = {"page": page, "words": words}
    if request.user.teaches:
        waits = waits_for(request.user)
        context |= {"waits": waits, "sentence": needed.sentence(waits, timezone.now())}
    return render(request, "dashboards/teach.html", context)


@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    found, rights = access.known_cohort_with_rights(request.user, cohort_id)
    require(Permission.SEE_STUDENTS in rights)
    words = sought(request)
    order = request.GET.get("by", "")
    page = page_of(class_list.in_order(found, words, order), request)
    slots = CLASS.filled(request.user, found.pk)
    context = {
        "cohort": found,
        "words": words,
        "page": page,
        "rows": class_list.rows(found, list(page)),
        "orders": ORDERS,
        "order": order if order in ORDERS else "",
        "first_day": class_list.first_day(found),
        "pages_of_class": class_places.places(found, rights, slots),
        "settings_of_class": class_places.settings(found, rights),
        "slots": [one for one in slots if one.fragment],
        "loads_fragments": has_fragment(slots),
    }
    return render(request, "dashboards/class.html", context)


@require_safe
def student(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    return _student_page(request, enrolment_id)


def _student_page(request: HttpRequest, enrolment_id: int, **forms: object) -> HttpResponse:
    enrolment = access.enrolment_with(request.user, enrolment_id, Permission.SEE_STUDENTS)
    course = enrolment.cohort.course
    found = outlines.of_one(enrolment.pk, course.pk)
    standing, works_alone = class_list.chosen_for(enrolment)
    own = {one.activity_id: one for one in enrolment.extensions.all()}
    dated = [step for step in found.steps if step.due_at]
    context = {
        "enrolment": enrolment,
        "course": course,
        "outline": found,
        "ticked": by_teachers(enrolment),
        "dated": [(step, own.get(step.id)) for step in dated if not step.done or step.id in own],
        "has_dates": bool(dated),
        "now": timezone.now(),
        "extension_form": ExtensionForm(),
        "works_alone": works_alone,
        "accommodation": standing,
        "accommodation_form": AccommodationForm(instance=standing),
        "extend_activity": None,
        "late": [],
        "asked": "",
        **forms,
    }
    return render(request, "dashboards/student.html", context, status=status_of(*forms.values()))


@require_POST
def extend(request: HttpRequest, enrolment_id: int, activity_id: int) -> HttpResponse:
    enrolment = access.enrolment_with(request.user, enrolment_id, Permission.GRANT_EXTENSIONS)
    standing = DueDate.objects.filter(activity__deleted_at=None).select_related("activity")
    due = get_object_or_404(standing, cohort=enrolment.cohort, activity=activity_id)
    before = Extension.objects.filter(enrolment=enrolment, activity=activity_id).first()
    if "take_back" in request.POST:
        agreements.take_back(enrolment, due.activity)
        words = gettext("The new date for “%(title)s” was removed.")
        return _later_date_changed(request, words, enrolment, due.activity, before=before, after=None)
    form = ExtensionForm(request.POST, auto_id=f"%s-{activity_id}")
    if not form.is_valid():
        return _student_page(request, enrolment_id, extension_form=form, extend_activity=activity_id)
    wall, reason = form.cleaned_data["agreed_wall"], form.cleaned_data["reason"]
    try:
        after, due_at = agreements.agree(enrolment, due.activity, wall, reason=reason, by=request.user)
    except agreements.NotLater:
        words = gettext("%(name)s has at least that long already. Choose a later date.")
        form.add_error("agreed_wall", words % {"name": enrolment.user})
        return _student_page(request, enrolment_id, extension_form=form, extend_activity=activity_id)
    if due_at < timezone.now():
        words = gettext("New date agreed. It has already passed, so it gives %(name)s no more time.")
    else:
        words = gettext("New date agreed. %(name)s can see it now.")
    return _later_date_changed(request, words, enrolment, due.activity, before=before, after=after)


def _later_date_changed(
    request: HttpRequest,
    words: str,
    enrolment: Enrolment,
    activity: Activity,
    *,
    before: Extension | None,
    after: Extension | None,
) -> HttpResponse:
    back = reverse("teach:student", args=[enrolment.pk])
    values = {"before": agreements.plain(before), "after": agreements.plain(after)}
    words %= {"name": enrolment.user, "title": activity.title}
    undo.offer(request, words, "later date changed", back=back, enrolment=enrolment.pk, activity=activity.pk, **values)
    return redirect(back)


@require_POST
def tick(request: HttpRequest, enrolment_id: int, activity_id: int) -> HttpResponse:
    """Mark an activity as done for a student, where its rule leaves that to the teacher."""
    enrolment = access.enrolment_with(request.user, enrolment_id, Permission.TICK)
    activity = access.activity_of(enrolment, activity_id)
    ticks.mark(enrolment, activity, acting=Who.TEACHER, by=request.user)
    words = {"title": activity.title, "name": enrolment.user}
    messages.success(request, gettext("“%(title)s” is marked as done for %(name)s.") % words)
    return redirect("teach:student", enrolment_id)


@require_POST
def withdraw(request: HttpRequest, enrolment_id: int, activity_id: int) -> HttpResponse:
    enrolment = access.enrolment_with(request.user, enrolment_id, Permission.TICK)
    activity = access.activity_of(enrolment, activity_id)
    if ticks.withdraw(enrolment, activity, acting=Who.TEACHER, by=request.user):
        messages.success(request, gettext("“%(title)s” is no longer marked as done.") % {"title": activity.title})
    else:
        messages.info(request, gettext("You can only undo what a teacher marked as done. Nothing has changed."))
    return redirect("teach:student", enrolment_id)


@require_POST
def accommodate(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    enrolment = access.enrolment_with(request.user, enrolment_id, Permission.GRANT_EXTENSIONS)
    form = AccommodationForm(request.POST)
    if not form.is_valid():
        return _student_page(request, enrolment_id, accommodation_form=form)
    late, asked = late_without_days(enrolment, form.cleaned_data["extra_days"], by=request.user), form_values(form)
    if late and request.POST.get("confirmed") != asked:
        return _student_page(request, enrolment_id, accommodation_form=form, late=late, asked=asked)
    before, was = agreements.plain(class_list.accommodation_of(enrolment)), dates_of(enrolment)
    after = services.accommodate(enrolment, **form.cleaned_data, by=request.user)
    moved = sum(1 for step, due_at in dates_of(enrolment).items() if was.get(step) != due_at)
    words = agreed.days_saved(str(enrolment.user), after.extra_days, moved=moved, late=late_now(enrolment))
    back, values = reverse("teach:student", args=[enrolment_id]), {"before": before, "after": agreements.plain(after)}
    undo.offer(request, words, "accommodation changed", back=back, enrolment=enrolment_id, **values)
    return redirect(back)


@require_safe
def dates(request: HttpRequest, cohort_id: int) -> HttpResponse:
    found = access.cohort_with(request.user, cohort_id, Permission.SET_DATES)
    words = sought(request)
    page = page_of(dated_activities(found, words), request)
    context = {"cohort": found, "page": page, "rows": with_dates(found, page.rows), "words": words}
    return render(request, "dashboards/dates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def due_date(request: HttpRequest, cohort_id: int, activity_id: int) -> HttpResponse:
    """Set, change or take away one date: by the calendar, or for a self-paced cohort in days after the start."""
    found = access.cohort_with(request.user, cohort_id, Permission.SET_DATES)
    activity = get_object_or_404(Activity.objects.filter(module__course=found.course_id), pk=activity_id)
    existing = due_date_of(found, activity)
    if request.method == "POST" and "remove" in request.POST:
        services.clear_due_date(found, activity)
        words = gettext("“%(title)s” no longer has a date.") % {"title": activity.title}
        return _date_changed(request, words, found, activity, before=existing, after=None)
    form = due_form(found, activity, existing, request.POST or None)
    late = made_late(found, activity, form.instance) if form.is_valid() else None
    # What was confirmed is this very date: one that was changed after the question is asked about again.
    asked = form_values(form)
    is_beyond = form.is_valid() and found.ends_before(form.instance)
    to_confirm = late is not None and (late.count or late.earlier or is_beyond)
    if late is not None and (not to_confirm or request.POST.get("confirmed") == asked):
        after = services.set_due_date(found, activity, form.instance)
        words = gettext("Date set for “%(title)s”. Students whose date has changed hear of it in ten minutes.")
        words %= {"title": activity.title}
        return _date_changed(request, words, found, activity, before=existing, after=after)
    context = {"cohort": found, "activity": activity, "form": form, "existing": existing, "late": late, "asked": asked}
    context |= {"reach": reach(found, activity), "is_beyond": is_beyond}
    return render(request, "dashboards/due_date.html", context, status=status_of(form))


def _date_changed(
    request: HttpRequest,
    words: str,
    found: Cohort,
    activity: Activity,
    *,
    before: DueDate | None,
    after: DueDate | None,
) -> HttpResponse:
    back = reverse("teach:dates", args=[found.pk])
    changed = {"before": agreements.plain(before), "after": agreements.plain(after)}
    undo.offer(request, words, "date changed", back=back, cohort=found.pk, activity=activity.pk, **changed)
    return redirect(back)
