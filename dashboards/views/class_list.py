"""A class list, from the paste to the first links: who is in it, who gets an account, and how each of them gets in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.services import handing_over, letters, outgoing
from accounts.services.people import Taken
from common.paging import page_of
from courses.forms.class_lists import MOST_CREATED, NewcomersForm
from courses.forms.cohorts import EnrolForm
from courses.models import Cohort
from courses.people import newcomers
from courses.services import class_lists
from dashboards.access import admins_only
from dashboards.views.manage import cohort_page

# Of those that were left out; who pasted the wrong list sees it by then.
MOST_NAMES_SHOWN = 20


@admins_only
@require_POST
def enrol(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """First the list; then who of it gets an account, where somebody has none; then everybody in one go."""
    found = get_object_or_404(Cohort.objects.taught_by(request.user).select_related("course"), pk=cohort_id)
    form = EnrolForm(request.POST)
    if not form.is_valid():
        return cohort_page(request, found, enrol_form=form)
    listed = class_lists.sort_out(found, form.cleaned_data["people"])
    if words := _refused(listed):
        form.add_error("people", words)
        return cohort_page(request, found, enrol_form=form)
    newcomers_form = NewcomersForm(listed.new, request.POST if "create" in request.POST else None)
    taken = False
    if not listed.new or newcomers_form.is_valid():
        try:
            return _added(request, found, listed, newcomers_form, role=form.cleaned_data["role"])
        except Taken:
            taken = True
    context = {"cohort": found, "form": form, "listed": listed, "newcomers": newcomers_form, "taken": taken}
    status = 422 if taken or newcomers_form.is_bound else 200
    return render(request, "dashboards/class_list.html", context, status=status)


def _refused(listed: class_lists.Sorted) -> str:
    if not (listed.known or listed.new):
        return gettext("There is no one in this list.")
    if len(listed.new) > MOST_CREATED:
        words = gettext("%(count)d people in this list have no account. Paste at most %(most)d of them at a time.")
        return words % {"most": MOST_CREATED, "count": len(listed.new)}
    return ""


def _added(
    request: HttpRequest, found: Cohort, listed: class_lists.Sorted, form: NewcomersForm, *, role: str
) -> HttpResponse:
    new = form.people(found.timezone)
    known = [user for _, user in listed.known]
    came = class_lists.add(found, known, new, role=role, by=request.user)
    if new:
        made = ngettext("%(n)d account created.", "%(n)d accounts created.", len(new)) % {"n": len(new)}
        words = {"made": made, "added": _people_added(len(came))}
        messages.success(request, gettext("%(made)s %(added)s") % words)
    elif came:
        messages.success(request, _people_added(len(came)))
    else:
        messages.info(request, gettext("No one new: everyone you named is in this cohort already."))
    if left_out := [row.newcomer.entry.typed for row in form.rows if not row.is_ticked]:
        lines = " · ".join(left_out[:MOST_NAMES_SHOWN]) + ("…" if len(left_out) > MOST_NAMES_SHOWN else "")
        messages.warning(request, gettext("Left out: %(lines)s") % {"lines": lines})
    return redirect("manage:first_links" if new else "manage:cohort", found.pk)


def _people_added(count: int) -> str:
    return ngettext("%(n)d person added.", "%(n)d people added.", count) % {"n": count}


@admins_only
@require_safe
def first_links(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Whoever of a cohort has not chosen a password yet."""
    found = get_object_or_404(Cohort.objects.taught_by(request.user).select_related("course"), pk=cohort_id)
    people = newcomers(found)
    context = {
        "cohort": found,
        "page": page_of(people, request),
        "addressed": people.exclude(email=None).count(),
        "unaddressed": people.filter(email=None).count(),
        "days": letters.link_days(),
    }
    return render(request, "dashboards/first_links.html", context)


@admins_only
@require_POST
def mail_first_links(request: HttpRequest, cohort_id: int) -> HttpResponse:
    found = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    people = newcomers(found).exclude(email=None)
    count = people.count()
    outgoing.send_password_links(people)
    words = ngettext("We are emailing %(n)d person their link.", "We are emailing %(n)d people their links.", count)
    messages.success(request, words % {"n": count})
    return redirect("manage:first_links", cohort_id)


@admins_only
@require_POST
def slips(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """A page to print: for each person without an address what gets them in. With a post: it makes new links."""
    found = get_object_or_404(Cohort.objects.taught_by(request.user).select_related("course"), pk=cohort_id)
    made = [handing_over.slip(person) for person in newcomers(found).filter(email=None)]
    return render(request, "dashboards/slips.html", {"cohort": found, "slips": made})
