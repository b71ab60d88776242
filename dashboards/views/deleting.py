"""Deleting a cohort or an account, and what of courses, cohorts and people can be brought back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.paging import page_of
from courses import access
from courses.selectors import deleted_cohorts, deleted_courses, deleted_people
from courses.views.deleting import remove
from dashboards.access import admins_only


@require_http_methods(["GET", "HEAD", "POST"])
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """For admins, and for the teachers of the cohort."""
    found = access.removable_cohort(request.user, cohort_id)
    admin = request.user.is_staff
    back = reverse("manage:cohort" if admin else "teach:cohort", args=[found.pk])
    return remove(request, found, "cohort", back=back, after=reverse("manage:cohorts" if admin else "teach:cohorts"))


@admins_only
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    found = get_object_or_404(User.everything.manageable_by(request.user), pk=user_id)
    back = reverse("manage:person", args=[found.pk])
    return remove(request, found, "person", back=back, after=reverse("manage:people"))


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """What the viewer may bring back."""
    context = {
        "courses": page_of(deleted_courses(request.user), request, name="courses"),
        "cohorts": page_of(deleted_cohorts(request.user), request, name="cohorts"),
        "people": page_of(deleted_people(request.user), request, name="people"),
    }
    return render(request, "dashboards/deleted.html", context)
