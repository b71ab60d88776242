"""Week by week: a class as its teachers see it, and a student's own weeks, which nobody else sees."""

from datetime import datetime, time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.access import require
from courses import access
from courses.models import Cohort
from courses.permissions import Permission
from dashboards.pages import my_weeks as pages_of_one
from dashboards.pages import weeks as pages
from dashboards.selectors import weeks as selectors
from feedback.models import Marking
from feedback.selectors.talks import answers_by_week
from feedback.services.promises import counts_from


@require_safe
def of_class(request: HttpRequest, cohort_id: int) -> HttpResponse:
    cohort, rights = access.known_cohort_with_rights(request.user, cohort_id)
    require(Permission.SEE_STUDENTS in rights)
    now = timezone.now()
    asked = selectors.span(cohort.starts_on, cohort.ends_on, cohort.timezone, now)
    context = {"cohort": cohort, "asked": asked}
    if asked.count:
        found = selectors.of_class(cohort, asked, now)
        context |= {
            "way": found.way,
            "kept_at": found.read_at if found.read_at < now else None,
            "progress": pages.progress(found.way, asked),
            "activity": pages.activity(found.way, asked),
            "feedback": pages.feedback(found.waited, found.half_within, asked, _promised(cohort)),
        }
    return render(request, "dashboards/weeks.html", context)


def _promised(cohort: Cohort) -> int | None:
    """Within how many working days of handing in; None where promises count from the due date."""
    return cohort.feedback_days if counts_from(cohort) == Marking.From.HANDED_IN else None


@require_safe
def of_student(request: HttpRequest, course_id: int) -> HttpResponse:
    """Theirs alone: by the clocks of their own zone, from their own first day."""
    membership = access.readable_course(request.user, course_id)
    require(membership.student is not None)
    student, now = membership.student, timezone.now()
    asked = selectors.span(student.started_on, student.cohort.ends_on, request.user.timezone, now)
    context = {"course": membership.course, "student": student, "asked": asked}
    if asked.count:
        since = datetime.combine(asked.first, time(), asked.zone)
        answers = answers_by_week(request.user, student, since)
        context["weeks"] = pages_of_one.my_weeks(selectors.of_student(student, asked, now), answers, asked)
    return render(request, "dashboards/my_weeks.html", context)
