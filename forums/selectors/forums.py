"""The forums of a person, and what waits in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from common.paging import Sliced
from common.rows import Select, joined
from common.walks import FEW, Keyed
from courses.models import Activity, Cohort, Course, Enrolment
from courses.permissions import GRANTS, MODERATING, Permission
from courses.querysets import ACTIVE_SQL
from forums.access import Standing
from forums.models import Following, Thread
from forums.querysets import UNANSWERED_SQL


@dataclass(frozen=True)
class Places:
    """Where somebody can talk about a course: the cohorts of it that they are in."""

    cohorts: list[Cohort]
    roles: frozenset[str]
    # The keys of those whose talk they look after.
    moderated: frozenset[int] = frozenset()
    # The seconds of a lecture in which they were lost.
    lost: list[int] = field(default_factory=list)

    def standing(self, viewer: User) -> Standing:
        return Standing(viewer, self.roles)


# Forums that one page or search is about.
SEARCHED = 20
MINE = Select(
    {"h": Cohort, "e": Enrolment},
    """
  FROM courses_enrolment e JOIN courses_cohort h ON h.id = e.cohort_id
 WHERE e.user_id = %(viewer)s AND h.course_id = %(course)s AND {active}
 ORDER BY h.name, h.id, e.id
""".replace("{active}", ACTIVE_SQL),
    also=(
        """
ARRAY(SELECT l.second FROM forums_losthere l WHERE l.enrolment_id = e.id AND l.activity_id = %(activity)s
       ORDER BY l.second)""",
    ),
)


def cohorts_on(viewer: User, course: Course, activity: Activity | None = None) -> Places:
    """For an admin who is in none, all of them (the first twenty). With a lecture, also where they were lost in it."""
    values = {"viewer": viewer.pk, "course": course.pk, "activity": activity.pk if activity else None}
    found = MINE.all(**values)
    if not found and viewer.is_staff:
        every = _all_of(course)
        return Places(every, frozenset(), frozenset(one.pk for one in every))
    talking = [cohort for cohort, mine, _ in found if Permission.TALK in GRANTS[mine.role]]
    moderated = {cohort.pk for cohort, mine, _ in found if viewer.is_staff or mine.role in MODERATING}
    seconds = sorted({second for *_, lost in found for second in lost})
    roles = frozenset(mine.role for _, mine, _ in found)
    return Places(talking or [cohort for cohort, *_ in found], roles, frozenset(moderated), seconds)


def talked_in(viewer: User, course: Course | None = None) -> list[tuple[Cohort, Standing]]:
    """The cohorts with their courses, of one course or of all, whose forum `viewer` may read: the latest SEARCHED."""
    mine = Enrolment.objects.of(viewer).select_related("cohort__course").order_by("-pk")
    found = (mine.filter(cohort__course=course) if course else mine)[:SEARCHED]
    roles: dict[Cohort, set[str]] = {}
    for one in found:
        roles.setdefault(one.cohort, set()).add(one.role)
    if not roles and course and viewer.is_staff:
        roles = {cohort: set() for cohort in _all_of(course)}
    return [(cohort, Standing(viewer, frozenset(held))) for cohort, held in roles.items()]


def _all_of(course: Course) -> list[Cohort]:
    """The first of them by name, for an admin who is in none."""
    return list(Cohort.objects.filter(course=course).select_related("course").order_by("name", "pk")[:SEARCHED])


# As the index of the list has them: its first row among the pinned threads, and among the others.
LATEST = """(SELECT t.last_post_at FROM forums_thread t
               WHERE t.cohort_id = h.id AND {pinned} AND t.deleted_at IS NULL AND t.hidden_at IS NULL
               ORDER BY t.last_post_at DESC LIMIT 1)"""
LAST = f"greatest({LATEST.format(pinned='t.pinned')}, {LATEST.format(pinned='NOT t.pinned')})"
# Which cohorts are those of `CohortQuerySet.known_to`.
FORUMS = """
  FROM courses_cohort h JOIN courses_course c ON c.id = h.course_id
 WHERE h.deleted_at IS NULL AND {known}
 ORDER BY {last} DESC NULLS LAST, h.name, h.id
""".replace("{last}", LAST)
COUNTED = f"""(SELECT count(*) FROM forums_thread t
                WHERE t.cohort_id = h.id AND t.deleted_at IS NULL AND {UNANSWERED_SQL})"""  # noqa: S608  all of it is ours


def _forums(known: str) -> Select:
    only = {"h": frozenset({"name", "course"}), "c": frozenset({"title"})}
    return Select({"h": Cohort, "c": Course}, FORUMS.replace("{known}", known), also=(COUNTED, LAST), only=only)


EVERY_FORUM = _forums("true")
MY_FORUMS = _forums(
    f"h.id IN (SELECT e.cohort_id FROM courses_enrolment e WHERE e.user_id = %(viewer)s AND {ACTIVE_SQL})"  # noqa: S608  all of it is ours
)


class Forums:
    """Those of a person, the latest first, to be read a part at a time.

    Each with how many of its threads wait for an answer (`waiting`) and when somebody last wrote there
    (`last_post_at`).
    """

    def __init__(self, viewer: User) -> None:
        self._viewer = viewer

    def __getitem__(self, part: slice) -> list[Any]:
        select = EVERY_FORUM if self._viewer.is_staff else MY_FORUMS
        return [self._cohort(*row) for row in select.part(part, viewer=self._viewer.pk)]

    def _cohort(self, cohort: Any, course: Course, waiting: int, last_post_at: datetime | None) -> Any:
        joined(cohort, course=course)
        cohort.waiting, cohort.last_post_at = waiting, last_post_at
        return cohort


WAITING_SQL = f"{UNANSWERED_SQL} AND t.deleted_at IS NULL AND t.author_id IS NOT NULL"
# Of each cohort the oldest; for somebody with more than a few, all questions of the school are walked, the oldest
# first, until a page is full.
OLDEST = """
WITH mine AS MATERIALIZED (SELECT e.cohort_id FROM courses_enrolment e WHERE {looks_after} LIMIT {few} + 1)
SELECT id FROM (
    (SELECT t.id, t.opened_at FROM (SELECT DISTINCT cohort_id FROM mine) AS h
      CROSS JOIN LATERAL (
            SELECT t.id, t.opened_at FROM forums_thread t WHERE t.cohort_id = h.cohort_id AND {waiting}
             ORDER BY t.opened_at, t.id LIMIT {{stop}}) AS t
      WHERE (SELECT count(*) FROM mine) <= {few})
     UNION ALL
    (SELECT t.id, t.opened_at FROM forums_thread t
      CROSS JOIN LATERAL (
            SELECT FROM courses_enrolment e WHERE e.cohort_id = t.cohort_id AND {looks_after} LIMIT 1) AS own
      WHERE (SELECT count(*) FROM mine) > {few} AND {waiting}
      ORDER BY t.opened_at, t.id LIMIT {{stop}})
) AS found ORDER BY opened_at, id OFFSET {{start}} LIMIT {{stop}} - {{start}}
"""
LOOKS_AFTER_SQL = f"e.user_id = %(viewer)s AND e.role = ANY(%(moderating)s) AND {ACTIVE_SQL}"


def module_choice(viewer: User, cohorts: Sequence[Cohort], module_id: int) -> bool | None:
    """Whether the talk about this module is muted: None where nothing was chosen in the first of these cohorts."""
    found = Following.objects.filter(person=viewer, cohort__in=cohorts, module=module_id, thread=None)
    return found.order_by("cohort").values_list("muted", flat=True).first()


def unanswered(viewer: User) -> Sliced:
    """Questions of the cohorts that `viewer` looks after, the oldest first."""
    found = Thread.objects.select_related("author", "cohort__course", "activity__module").order_by("opened_at", "pk")
    if viewer.is_staff:
        return found.moderated_by(viewer).unanswered().filter(~Q(author=None))
    oldest = OLDEST.format(waiting=WAITING_SQL, looks_after=LOOKS_AFTER_SQL, few=FEW)
    return Keyed(found, oldest, viewer=viewer.pk, moderating=list(MODERATING))
