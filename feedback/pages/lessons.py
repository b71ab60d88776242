"""An assignment in words, as its lesson page shows it."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from accounts.models import User
from courses.models import Enrolment
from courses.permissions import GRANTS, Permission
from feedback.models import Assignment
from feedback.selectors.lessons import OfLesson


def panel(found: OfLesson, viewer: User, enrolment: Enrolment | None) -> dict[str, Any]:
    now = timezone.now()
    studies = enrolment is not None and enrolment.is_student
    return {
        "assignment": found.assignment,
        "criteria": found.criteria.criteria,
        "takes": takes(found.assignment),
        "mark": found.assignment.get_scale_display(),
        "studies": studies,
        "marks": viewer.is_staff or (enrolment is not None and Permission.MARK in GRANTS[enrolment.role]),
        **(of_student(found, enrolment, now) if studies and enrolment else {}),
    }


def of_student(found: OfLesson, enrolment: Enrolment, now: datetime) -> dict[str, Any]:
    """Where their work stands, for the lesson and for the page on which it is handed in."""
    standing, told = found.standing, found.told
    days = enrolment.cohort.feedback_days
    words = ngettext("Feedback within %(n)s working day.", "Feedback within %(n)s working days.", days)
    return {
        "standing": standing,
        "told": told,
        "verdict": verdict(told, found.assignment) if told else "",
        "again_on": again_on(told) if told else "",
        "with_teacher": found.with_teacher,
        "takes_more": found.takes_more,
        "closed": found.is_closed(now),
        "closes_at": found.closes_at,
        "came_late": found.came_late,
        "late": found.told is None and found.due_at is not None and found.due_at < now,
        "begun": found.is_begun,
        "excused": found.is_excused,
        "excuse": found.excuse,
        "promise": words % {"n": days},
    }


def takes(assignment: Assignment) -> str:
    """ "You can hand in text, files and links." """
    parts = [
        *([gettext("text that you write here")] if assignment.takes_text else []),
        *([gettext("files")] if assignment.takes_files else []),
        *([gettext("links")] if assignment.takes_links else []),
    ]
    if len(parts) == 1:
        return gettext("You can hand in %(what)s.") % {"what": parts[0]}
    words = {"most": ", ".join(parts[:-1]), "last": parts[-1]}
    return gettext("You can hand in %(most)s and %(last)s.") % words


def verdict(feedback: Any, assignment: Assignment) -> str:
    """What a mark is, in words; "" where only words were said."""
    if feedback.good_enough is False:
        return gettext("Not yet")
    if feedback.points is not None and assignment.most_points is not None:
        words = {"points": number(feedback.points), "most": number(assignment.most_points)}
        return gettext("%(points)s of %(most)s points") % words
    if feedback.level:
        return str(feedback.level)
    return gettext("Accepted") if feedback.good_enough else ""


def number(points: Any) -> str:
    return f"{points.normalize():f}"


def again_on(feedback: Any) -> str:
    """ "Friday 4 December": a day of the cohort's calendar, so no zone is named."""
    return date_format(feedback.again_on, "l j F") if feedback.again_on else ""
