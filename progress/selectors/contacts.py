"""Who spoke to a student, for the student."""

from common.paging import Sliced
from courses.models import Enrolment
from progress.models import Contact


def spoke_to(enrolment: Enrolment) -> Sliced:
    """Of each person the last time, the latest first: nobody is counted, and nobody is held against another."""
    theirs = Contact.objects.filter(cohort=enrolment.cohort_id, person=enrolment.user_id, by__deleted_at=None)
    last = theirs.order_by("by", "-at", "-pk").distinct("by").values("pk")
    return Contact.objects.filter(pk__in=last).select_related("by").order_by("-at", "-pk")
