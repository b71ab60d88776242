from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from common.addresses import quick_url
from common.paging import Sliced
from common.parts import holds_sql
from common.rows import Select
from common.walks import Walk, walked
from courses.access import Membership
from courses.models import Cohort, Course, Enrolment
from courses.querysets import ACTIVE_SQL
from progress.outline import Outline
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


# What somebody was in last comes first, which an index knows (`studied_lately`).
LATELY = "coalesce(e.last_seen_at, e.state_changed_at) DESC, e.id DESC"
MINE = f"e.user_id = %(viewer)s AND {ACTIVE_SQL} AND e.role = 'student'"
IN_ORDER = f"""
SELECT e.id, e.cohort_id, coalesce(e.last_seen_at, e.state_changed_at) AS lately FROM courses_enrolment e
 WHERE {MINE} ORDER BY {LATELY}"""  # noqa: S608  all of it is ours
# The first LIMIT cuts nothing off: it has the planner read the index in order rather than sort all that it finds.
TITLED = f"""
SELECT e.id FROM ({IN_ORDER} LIMIT %(all)s) e
  JOIN courses_cohort h ON h.id = e.cohort_id
  JOIN courses_course c ON c.id = h.course_id
 WHERE {holds_sql("c.title")} ORDER BY e.lately DESC, e.id DESC OFFSET %(start)s LIMIT %(count)s"""  # noqa: S608  all of it is ours
ALL = 1_000_000_000


def _studied(keys: str) -> Select:
    return Select(
        {"e": Enrolment, "h": Cohort, "c": Course},
        f"""
  FROM courses_enrolment e
  JOIN courses_cohort h ON h.id = e.cohort_id
  JOIN courses_course c ON c.id = h.course_id
 WHERE e.id IN ({keys})
 ORDER BY {LATELY}""",
    )


STUDIED = _studied(f"SELECT id FROM ({IN_ORDER} OFFSET %(start)s LIMIT %(count)s) AS e")  # noqa: S608  all of it is ours
STUDIED_FOUND = _studied(TITLED)


def enrolments(viewer: User) -> list[Enrolment]:
    """What somebody studies, with cohort and course: of more than MOST_AT_ONCE, those they were in last."""
    return sorted(studied(viewer)[0:MOST_AT_ONCE], key=lambda one: one.pk)


@dataclass(frozen=True)
class Studied:
    """Reads only the part it is asked for."""

    viewer: User
    words: str

    def __getitem__(self, part: slice) -> list[Enrolment]:
        values = {"viewer": self.viewer.pk, "start": part.start, "count": part.stop - part.start}
        rows = STUDIED_FOUND.all(**values, all=ALL, words=self.words) if self.words else STUDIED.all(**values)
        found = []
        for enrolment, cohort, course in rows:
            cohort.course, enrolment.cohort = course, cohort
            found.append(enrolment)
        return found


def standings(mine: list[Enrolment]) -> list[Standing]:
    """Every course somebody studies, the one they were in last first: one query however many there are."""
    latest = {one.cohort.course_id: one for one in sorted(mine, key=lambda one: one.pk)}
    ways = outlines.of_pairs([(enrolment.pk, course) for course, enrolment in latest.items()])
    found = [Standing(e.cohort.course, e, one) for e, one in zip(latest.values(), ways, strict=True)]
    return in_order(found)


def in_order(found: list[Standing]) -> list[Standing]:
    """The course they were in last first, what is finished after the rest."""
    return sorted(found, key=lambda s: (s.outline.finished, -_seconds(s.enrolment.last_seen_at)))


def studied(viewer: User, words: str = "") -> Studied:
    """What somebody studies, with cohort and course, what they were in last first."""
    return Studied(viewer, words)


NOT_STUDENT = "e.user_id = %(viewer)s AND {active} AND e.role <> 'student'".replace("{active}", ACTIVE_SQL)
READ = f"""
SELECT e.cohort_id, NULL::bigint AS course_id FROM courses_enrolment e WHERE {NOT_STUDENT}
 UNION ALL
SELECT NULL, w.course_id FROM courses_courseeditor w WHERE w.user_id = %(viewer)s"""  # noqa: S608  all of it is ours
THEIR_COURSES = """
(SELECT coalesce(mine.course_id, h.course_id) AS row_id
   FROM mine LEFT JOIN courses_cohort h ON h.id = mine.cohort_id)"""
# Of one course its cohorts first: whoever teaches thousands is in few of each.
READ_ONE = f"""
SELECT r.id
 WHERE EXISTS (SELECT FROM courses_courseeditor w WHERE w.course_id = r.id AND w.user_id = %(viewer)s)
    OR (SELECT true FROM courses_cohort h CROSS JOIN LATERAL (
               SELECT FROM courses_enrolment e WHERE e.cohort_id = h.id AND {NOT_STUDENT} LIMIT 1) e
         WHERE h.course_id = r.id LIMIT 1)"""  # noqa: S608  all of it is ours
READ_BY_TITLE = Walk(
    "courses_course r",
    order="title",
    gathered=READ,
    asked=READ_ONE,
    which="""r.deleted_at IS NULL AND r.id NOT IN (
        SELECT h.course_id FROM courses_enrolment e JOIN courses_cohort h ON h.id = e.cohort_id
         WHERE e.user_id = %(viewer)s AND {active} AND e.role = 'student')""".replace("{active}", ACTIVE_SQL),
    found=holds_sql("r.title"),
    key="r.id",
    those=THEIR_COURSES,
)


def not_studied(viewer: User, words: str = "") -> Sliced:
    """The courses that somebody reads without studying them, by title."""
    if viewer.is_staff:
        mine = Enrolment.objects.of(viewer).students().values("cohort__course")
        return Course.objects.titled_like(words).exclude(pk__in=mine)
    return walked(Course.objects.all(), READ_BY_TITLE, viewer=viewer.pk, words=words)


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0


def may_edit(viewer: User, membership: Membership) -> bool:
    """Students are spared the query: an editor who studies the course finds the way in from the course list."""
    if membership.student:
        return False
    return Course.objects.editable_by(viewer).filter(pk=membership.course.pk).exists()
