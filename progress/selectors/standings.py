from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from common.rows import Select
from courses.access import Membership
from courses.models import Cohort, Course, Enrolment
from courses.querysets import ACTIVE_SQL
from progress.outline import Outline, quick_url
from progress.selectors import outlines

# More courses than anybody studies at a time: Today is made of the outlines of so many.
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Standing:
    """A course as a student stands in it."""

    course: Course
    enrolment: Enrolment
    outline: Outline

    @property
    def url(self) -> str:
        return quick_url("progress:course", self.course.pk)


ENROLMENTS = Select(
    {"e": Enrolment, "h": Cohort, "c": Course},
    """
  FROM courses_enrolment e
  JOIN courses_cohort h ON h.id = e.cohort_id
  JOIN courses_course c ON c.id = h.course_id
 WHERE e.id IN (SELECT e.id FROM courses_enrolment e WHERE e.user_id = %(viewer)s AND {active} AND e.role = 'student'
                 ORDER BY coalesce(last_seen_at, state_changed_at) DESC, id DESC LIMIT %(most)s)
 ORDER BY e.id
""".replace("{active}", ACTIVE_SQL),
)


def enrolments(viewer: User) -> list[Enrolment]:
    """What somebody studies, with cohort and course: of more than MOST_AT_ONCE, those they were in last."""
    found = []
    for enrolment, cohort, course in ENROLMENTS.all(viewer=viewer.pk, most=MOST_AT_ONCE):
        cohort.course, enrolment.cohort = course, cohort
        found.append(enrolment)
    return found


def standings(mine: list[Enrolment]) -> list[Standing]:
    """Every course somebody studies, the one they were in last first: one query however many there are."""
    latest = {one.cohort.course_id: one for one in sorted(mine, key=lambda one: one.pk)}
    ways = outlines.of_pairs([(enrolment.pk, course) for course, enrolment in latest.items()])
    found = [Standing(e.cohort.course, e, one) for e, one in zip(latest.values(), ways, strict=True)]
    return sorted(found, key=lambda s: (s.outline.finished, -_seconds(s.enrolment.last_seen_at)))


def studied(viewer: User, words: str = "") -> QuerySet[Enrolment]:
    """What somebody studies, with cohort and course, what they were in last first."""
    seen = Coalesce("last_seen_at", "state_changed_at")
    found = Enrolment.objects.of(viewer).students().select_related("cohort__course").order_by(seen.desc(), "-pk")
    return found.filter(cohort__course__title__icontains=words) if words else found


def not_studied(viewer: User, words: str = "") -> QuerySet[Course]:
    """The courses that somebody reads without studying them."""
    mine = Enrolment.objects.of(viewer).students().values("cohort__course")
    return Course.objects.readable_by(viewer).titled_like(words).exclude(pk__in=mine)


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0


def may_edit(viewer: User, membership: Membership) -> bool:
    """Students are spared the query: an editor who studies the course finds the way in from the course list."""
    if membership.student:
        return False
    return Course.objects.editable_by(viewer).filter(pk=membership.course.pk).exists()
