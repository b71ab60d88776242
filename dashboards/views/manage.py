"""A site admin's pages: courses, cohorts, people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import PersonForm
from accounts.models import User
from accounts.services import handing_over, letters, outgoing
from accounts.services import people as accounts
from accounts.services.handing_over import Slip
from common import pulse, undo
from common.forms import status_of
from common.numbers import row_key
from common.paging import page_of, sought
from courses.forms.cohorts import CohortForm, EnrolForm
from courses.models import Cohort, Course, Enrolment
from courses.people import enrolments_of, members, newcomer_count
from courses.selectors import siblings
from courses.services import class_lists
from courses.services import cohorts as services
from dashboards.access import admins_only
from dashboards.selectors.newest import newest

CREATED = _("Account created for %(name)s. Now give them a password link.")
STATE_SET = {
    Enrolment.State.ACTIVE: _("%(name)s is back in “%(cohort)s”."),
    Enrolment.State.SUSPENDED: _("%(name)s is suspended, and cannot open “%(cohort)s” any more."),
    Enrolment.State.LEFT: _("%(name)s has left “%(cohort)s”, and cannot open it any more."),
}


@admins_only
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    found = newest()
    context = {
        "courses": found.courses,
        "cohorts": found.cohorts,
        "people_count": found.people,
        "imports": found.imports,
        "worker_alive": pulse.is_fresh(pulse.WORKER),
        "mail_paused": outgoing.is_paused(),
    }
    return render(request, "dashboards/overview.html", context)


@admins_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """With `cohort` in the address, they are put into it, and the admin comes back to it."""
    key = row_key(request.GET.get("cohort", ""))
    found = Cohort.objects.taught_by(request.user).select_related("course").filter(pk=key).first()
    zone = found.timezone if found else request.user.timezone
    form = PersonForm(request.POST or None, by=request.user, initial={"timezone": zone})
    if not form.is_valid():
        return render(request, "dashboards/person_new.html", {"form": form, "cohort": found}, status=status_of(form))
    if found:
        class_lists.add(found, [], [form.instance], role=Enrolment.Role.STUDENT, by=request.user)
    else:
        accounts.save_person(form.instance)
    words = {"name": form.instance, "cohort": found}
    said = gettext("Account created for %(name)s, who is now in “%(cohort)s”.") if found else str(CREATED)
    messages.success(request, said % words)
    if "another" in request.POST:
        return redirect(request.get_full_path())
    return redirect("manage:cohort", found.pk) if found else redirect("manage:person", form.instance.pk)


@admins_only
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    found = get_object_or_404(User.objects.manageable_by(request.user), pk=user_id)
    form = PersonForm(request.POST or None, instance=found, by=request.user)
    if form.is_valid():
        accounts.save_person(form.instance)
        messages.success(request, gettext("Saved."))
        return redirect("manage:person", user_id)
    return _person_page(request, found, form=form)


@admins_only
@require_POST
def person_link(request: HttpRequest, user_id: int) -> HttpResponse:
    """Start a password for somebody: by mail where they have an address, else as a link for the admin to hand over."""
    found = get_object_or_404(User.objects.manageable_by(request.user), pk=user_id)
    if not found.email:
        return _person_page(request, found, slip=handing_over.slip(found))
    outgoing.send_password_link(found)
    messages.success(
        request, gettext("We are emailing %(email)s a link to choose a password.") % {"email": found.email}
    )
    return redirect("manage:person", user_id)


def _person_page(
    request: HttpRequest, found: User, *, form: PersonForm | None = None, slip: Slip | None = None
) -> HttpResponse:
    form = form or PersonForm(instance=found, by=request.user)
    page = page_of(enrolments_of(found), request)
    context = {"person": found, "form": form, "slip": slip, "days": letters.link_days(), "page": page}
    return render(request, "dashboards/person.html", context, status=status_of(form))


@admins_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_cohort(request: HttpRequest, course_id: int) -> HttpResponse:
    course = get_object_or_404(Course.objects.editable_by(request.user), pk=course_id)
    form = CohortForm(request.POST or None, instance=Cohort(course=course), initial={"timezone": request.user.timezone})
    if form.is_valid():
        made = services.save_cohort(form.instance)
        messages.success(request, gettext("Cohort created. Now add people."))
        return redirect("manage:cohort", made.pk)
    context = {"form": form, "course": course}
    return render(request, "dashboards/cohort_new.html", context, status=status_of(form))


@admins_only
@require_http_methods(["GET", "HEAD", "POST"])
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    found = get_object_or_404(Cohort.objects.taught_by(request.user).select_related("course"), pk=cohort_id)
    form = CohortForm(request.POST or None, instance=found)
    if form.is_valid():
        services.save_cohort(form.instance)
        messages.success(request, gettext("Saved."))
        return redirect("manage:cohort", cohort_id)
    return cohort_page(request, found, form=form)


def cohort_page(
    request: HttpRequest, found: Cohort, *, form: CohortForm | None = None, enrol_form: EnrolForm | None = None
) -> HttpResponse:
    form, enrol_form = form or CohortForm(instance=found), enrol_form or EnrolForm()
    words = sought(request)
    context = {
        "cohort": found,
        "form": form,
        "enrol_form": enrol_form,
        "words": words,
        "students": page_of(members(found, words, studying=True), request),
        "staff": page_of(members(found, words, studying=False), request, name="staff"),
        "may_move": siblings(found).exists(),
        "waiting": newcomer_count(found),
    }
    status = status_of(form, enrol_form)
    return render(request, "dashboards/cohort.html", context, status=status)


@admins_only
@require_safe
def move(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Choose the cohort that somebody moves to; `set_state` moves them."""
    mine = Enrolment.objects.taught_by(request.user).select_related("cohort__course", "user")
    enrolment = get_object_or_404(mine, pk=enrolment_id)
    words = sought(request)
    page = page_of(siblings(enrolment.cohort, words), request)
    return render(request, "dashboards/move.html", {"enrolment": enrolment, "page": page, "words": words})


@admins_only
@require_POST
def set_state(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Suspend, bring back or move one person; what they did stays with them."""
    mine = Enrolment.objects.taught_by(request.user).select_related("cohort__course", "user")
    enrolment = get_object_or_404(mine, pk=enrolment_id)
    state, cohort = request.POST.get("state", ""), request.POST.get("cohort", "")
    if state in Enrolment.State.values:
        before = enrolment.state
        services.set_state(enrolment, state, by=request.user)
        words = STATE_SET[state] % {"name": enrolment.user, "cohort": enrolment.cohort}
        back, values = reverse("manage:cohort", args=[enrolment.cohort_id]), {"before": before, "after": state}
        undo.offer(request, words, "state changed", back=back, enrolment=enrolment.pk, **values)
    elif target := Cohort.objects.taught_by(request.user).filter(pk=row_key(cohort)).first():
        _move(request, enrolment, target)
    return redirect("manage:cohort", enrolment.cohort_id)


def _move(request: HttpRequest, enrolment: Enrolment, target: Cohort) -> None:
    try:
        services.move(enrolment, target, by=request.user)
        words = gettext("%(name)s is now in “%(cohort)s”, with all their progress.")
        messages.success(request, words % {"name": enrolment.user, "cohort": target})
    except services.CannotMove as refusal:
        messages.error(request, refusal)
