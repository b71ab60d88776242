"""The cohorts that somebody teaches: the home of a teacher, read by a statement of our own (docs/adr/0011)."""

from dataclasses import dataclass

from accounts.models import User
from common.paging import COUNTED, Sliced
from common.parts import holds_sql
from common.rows import Select
from common.walks import Walk
from courses.models import Cohort, Course
from courses.permissions import TEACHING
from courses.querysets import ACTIVE_SQL
from courses.selectors import cohorts_overview
from dashboards.selectors.newest import IN_ROLE

MINE = """
SELECT e.id, e.cohort_id AS row_id FROM courses_enrolment e
 WHERE e.user_id = %(viewer)s AND {active} AND e.role IN ({teaching})
""".replace("{active}", ACTIVE_SQL).replace("{teaching}", ", ".join(f"'{role}'" for role in TEACHING))
BY_NAME = Walk(
    "courses_cohort r JOIN courses_course c ON c.id = r.course_id",
    order="name",
    gathered=MINE,
    asked=f"{MINE} AND e.cohort_id = r.id",
    which="r.deleted_at IS NULL",
    found=f"{holds_sql('r.name')} OR {holds_sql('c.title')}",
    key="r.id",
)
SHOWN = Select(
    {"h": Cohort, "c": Course},
    """
  FROM courses_cohort h
  JOIN courses_course c ON c.id = h.course_id
 WHERE h.id IN ({keys})
 ORDER BY h.name, h.id""",
    also=(IN_ROLE % "student",),
)


@dataclass(frozen=True)
class Taught:
    """Reads only the part it is asked for."""

    viewer: User
    words: str

    def __getitem__(self, part: slice) -> list[Cohort]:
        keys = BY_NAME.keys(found=bool(self.words)).format(start=part.start, stop=part.stop)
        rows = SHOWN.among(keys, viewer=self.viewer.pk, words=self.words, counted=COUNTED)
        found = []
        for cohort, course, students in rows:
            cohort.course, cohort.student_count = course, students
            found.append(cohort)
        return found


def taught_cohorts(viewer: User, words: str = "") -> Sliced:
    """The cohorts that `viewer` teaches, by name; with `words`, those whose name or course holds them."""
    return cohorts_overview(words) if viewer.is_staff else Taught(viewer, words)
