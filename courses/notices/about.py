"""What notices are about: whether it stands, and is open to the person, asked for every notice of an inbox at once."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from courses.models import Activity, Cohort, Course, CourseImport
from courses.querysets import shown, told_member
from notifications.kinds import ABOUT


def activity_stands() -> Exists:
    return Exists(Activity.objects.filter(shown(), told_member("module__course__cohorts__"), pk=OuterRef("subject")))


def course_stands() -> Exists:
    """Also to those who write it or run the site."""
    admins = User.objects.filter(pk=OuterRef(OuterRef("person")), is_staff=True)
    open_to = told_member("cohorts__") | Q(editors__user=OuterRef("person")) | Q(Exists(admins))
    return Exists(Course.objects.filter(open_to, pk=OuterRef("subject")))


def cohort_stands() -> Exists:
    return Exists(Cohort.objects.filter(told_member(""), pk=OuterRef("subject")))


def import_stands() -> Exists:
    mine = Q(requested_by=OuterRef("person")) & (Q(course=None) | Q(course__deleted_at=None))
    return Exists(CourseImport.objects.filter(mine, pk=OuterRef("subject")))


ABOUT |= {"activity": activity_stands, "course": course_stands, "cohort": cohort_stands, "import": import_stands}
