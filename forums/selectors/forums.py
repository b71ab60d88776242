"""The forums of a person, and what waits in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from accounts.models import User
from common.paging import Sliced
from common.rows import Select
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
        every = list(Cohort.objects.filter(course=course).order_by("name", "pk")[:20])
        return Places(every, frozenset(), frozenset(one.pk for one in every))
    talking = [cohort for cohort, mine, _ in found if Permission.TALK in GRANTS[mine.role]]
    moderated = {cohort.pk for cohort, mine, _ in found if viewer.is_staff or mine.role in MODERATING}
    seconds = sorted({second for *_, lost in found for second in lost})
    roles = frozenset(mine.role for _, mine, _ in found)
    return Places(talking or [cohort for cohort, *_ in found], roles, frozenset(moderated), seconds)


def forums_of(viewer: User) -> QuerySet[Cohort]:
    """Each with how many of its threads wait for an answer and when somebody last wrote there."""
    threads = Thread.objects.standing().filter(cohort=OuterRef("pk"), hidden_at=None).order_by()
    waiting = Subquery(threads.unanswered().values("cohort").annotate(n=Count("pk")).values("n"))
    # As the index of the list has them: its first row among the pinned ones, and among the others.
    latest = [
        threads.filter(pinned=pinned).order_by("-last_post_at").values("last_post_at")[:1] for pinned in (False, True)
    ]
    last = Greatest(*(Subquery(one) for one in latest))
    found = Cohort.objects.known_to(viewer).select_related("course")
    found = found.annotate(waiting=Coalesce(waiting, 0), last_post_at=last)
    return found.order_by(F("last_post_at").desc(nulls_last=True), "name", "pk")


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
