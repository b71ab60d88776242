from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.paging import page_of, sought
from courses import access, pages
from courses import people as people_of
from courses.permissions import Permission
from courses.slots import ABOUT_THEMSELVES


@require_safe
def people(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Who is in a cohort, for all who are. Classmates see of minors what `User.peer_name` leaves of a name."""
    found, rights = access.known_cohort_with_rights(request.user, cohort_id)
    in_full, words, now = Permission.SEE_STUDENTS in rights, sought(request), timezone.now()
    students = page_of(people_of.classmates(found, words, in_full=in_full), request)
    staff = page_of(people_of.staff(found, words, in_full=in_full), request, name="staff")
    said = ABOUT_THEMSELVES.of(request.user, found.pk, [row.user_id for row in (*staff, *students)])
    context = {
        "cohort": found,
        "words": words,
        "in_full": in_full,
        "students": students,
        "staff": staff,
        "student_rows": pages.people(request.user, list(students), said, now, in_full=in_full),
        "staff_rows": pages.people(request.user, list(staff), said, now, in_full=in_full),
    }
    return render(request, "courses/people.html", context)
