from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from accounts.models import User
from common.templatetags import ui
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

    @property
    def url(self) -> str:
        return outline.quick_url("progress:course", self.course.pk)

    @property
    def done_words(self) -> str:
        return gettext("%(done)d of %(total)d done") % {"done": self.outline.done, "total": self.outline.total}

    @property
    def percent(self) -> int:
        return ui.percent(self.outline.done, self.outline.total)

    @property
    def new_words(self) -> str:
        count = self.outline.new
        return ngettext("%(count)d new", "%(count)d new", count) % {"count": count} if count else ""

    @property
    def place_words(self) -> str:
        """The cohort, and the time that is left."""
        left = self.outline.minutes_left
        if not left:
            return self.enrolment.cohort.name
        return f"{self.enrolment.cohort.name} · {gettext('%(time)s left') % {'time': ui.minutes(left)}}"


def enrolments(viewer: User) -> list[Enrolment]:
    """Every active enrolment of somebody, in whatever role."""
    return list(Enrolment.objects.of(viewer).select_related("cohort__course").order_by("pk"))


def standings(mine: list[Enrolment]) -> list[Standing]:
    """Every course somebody studies, the one they were in last first: one query however many there are."""
    latest = {enrolment.cohort.course_id: enrolment for enrolment in mine if enrolment.is_student}
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
