from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from courses.access import Membership
from courses.models import Activity, Course, Enrolment
from progress import outline
from progress.models import Completion
from progress.outline import Outline


@dataclass(frozen=True)
class Standing:
    """A course as a student stands in it."""

    course: Course
    enrolment: Enrolment
    outline: Outline


def standings(viewer: User) -> list[Standing]:
    """Every course somebody studies, the one they were in last first: two queries however many there are."""
    mine = Enrolment.objects.of(viewer).students().select_related("cohort__course").order_by("pk")
    latest = {enrolment.cohort.course_id: enrolment for enrolment in mine}
    outlines = outline.read([(enrolment.pk, course) for course, enrolment in latest.items()])
    found = [Standing(e.cohort.course, e, one) for e, one in zip(latest.values(), outlines, strict=True)]
    return sorted(found, key=lambda s: (s.outline.finished, -_seconds(s.enrolment.last_seen_at)))


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0


def completion(student: Enrolment, activity: Activity) -> Completion | None:
    """The standing tick, with who made it: the answer to "why is this ticked?"."""
    return (
        Completion.objects.standing().filter(enrolment=student, activity=activity).select_related("recorded_by").first()
    )


def may_edit(viewer: User, membership: Membership) -> bool:
    """Students are spared the query: an editor who studies the course finds the way in from the course list."""
    if membership.student:
        return False
    return Course.objects.editable_by(viewer).filter(pk=membership.course.pk).exists()
