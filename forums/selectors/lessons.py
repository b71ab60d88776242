"""What was said about a lesson and at the seconds of a lecture, and where students were lost in one."""

from typing import Any, NamedTuple, cast

from django.db.models import QuerySet

from accounts.models import User
from accounts.querysets import NAMED
from common.paging import Page
from common.rows import Select, joined
from courses.models import Activity, Cohort
from courses.permissions import TEACHING
from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from forums.models import LostHere, Thread
from forums.selectors.forums import Places
from forums.selectors.threads import HOW_MANY_READ

# On the page of a lesson, and on a page of all that was said about it.
MOST = 40
# In the drawing of a lecture.
MOST_DRAWN = 500


class Answer(NamedTuple):
    pk: int
    html: str
    anonymous: bool
    author: User | None
    endorsed_by: User | None
    by_teacher: bool
    accepted: bool

    @property
    def author_id(self) -> int | None:
        return self.author.pk if self.author else None


# What a thread shows beside a lesson.
_SHOWN = {
    *{"cohort", "activity", "at_ms", "kind", "title", "author", "anonymous", "accepted", "answered_at", "duplicate_of"},
    *{"last_post_at", "last_number", "pinned", "locked_at", "hidden_at"},
}
# By hand: every lecture waits for it, and the ORM takes longer to build two such statements than Postgres to answer.
# Who may read what is that of `ThreadQuerySet.readable_by` and `PostQuerySet.readable_by`, for cohorts one is in.
ABOUT = Select(
    {"t": Thread, "u": User, "v": User, "w": User},
    """
  FROM forums_thread t
  JOIN courses_activity a ON a.id = t.activity_id
  JOIN courses_module m ON m.id = a.module_id
  LEFT JOIN courses_lecturecontent l ON l.activity_id = a.id
  LEFT JOIN courses_recording n ON n.id = l.recording_id
  LEFT JOIN accounts_user u ON u.id = t.author_id
  LEFT JOIN forums_reading r ON r.thread_id = t.id AND r.person_id = %(viewer)s
  LEFT JOIN LATERAL (
      SELECT p.id, p.html, p.author_id, p.anonymous, p.endorsed_at, p.endorsed_by_id, k.taught
        FROM forums_post p
       CROSS JOIN LATERAL (
           SELECT EXISTS (SELECT FROM courses_enrolment e WHERE e.cohort_id = t.cohort_id AND e.user_id = p.author_id
                             AND e.role = ANY(%(teaching)s) AND {active}) AS taught
       ) AS k
       WHERE t.kind = 'question' AND p.thread_id = t.id AND p.number > 1
         AND p.deleted_at IS NULL AND p.hidden_at IS NULL
         AND (p.id = t.accepted_id OR p.endorsed_at IS NOT NULL OR k.taught)
         AND (NOT t.own_first OR t.cohort_id = ANY(%(moderated)s)
              OR EXISTS (SELECT FROM forums_post o WHERE o.thread_id = t.id AND o.author_id = %(viewer)s
                            AND o.deleted_at IS NULL))
       ORDER BY p.id IS NOT DISTINCT FROM t.accepted_id DESC, p.endorsed_at IS NULL, p.number
       LIMIT 1
  ) AS p ON true
  LEFT JOIN accounts_user v ON v.id = p.author_id
  LEFT JOIN accounts_user w ON w.id = p.endorsed_by_id
 WHERE t.activity_id = %(activity)s AND t.cohort_id = ANY(%(cohorts)s) AND t.deleted_at IS NULL
   AND (t.cohort_id = ANY(%(moderated)s)
        OR {shown} AND (t.hidden_at IS NULL OR t.author_id = %(viewer)s))
 ORDER BY CASE WHEN %(by_time)s THEN t.at_ms END NULLS LAST, t.last_post_at DESC, t.id DESC
""".replace("{active}", ACTIVE_SQL).replace("{shown}", SHOWN_SQL),
    also=(
        HOW_MANY_READ,
        "n.duration_ms",
        "p.id",
        "p.html AS html",
        "p.anonymous",
        "p.endorsed_at",
        "p.taught",
    ),
    only={"t": frozenset(_SHOWN), "u": NAMED, "v": NAMED, "w": NAMED},
)


class About:
    """The talk about a lesson, to be read a part at a time; each thread with its `answer`, which is read in place.

    That is the one which helped its asker; else one that a teacher vouches for; else the first reply of a teacher.
    What stands at a moment of a lecture comes in the order of the lecture, then the rest, the latest first.
    """

    def __init__(self, viewer: User, activity: Activity, where: Places) -> None:
        self._cohorts = {cohort.pk: cohort for cohort in where.cohorts}
        self._activity = activity
        self._values = {
            "viewer": viewer.pk,
            "activity": activity.pk,
            "cohorts": list(self._cohorts),
            "moderated": list(where.moderated),
            "teaching": list(TEACHING),
        }

    def __getitem__(self, part: slice) -> list[Thread]:
        return self._read(part, by_time=True)

    def latest(self) -> Page:
        """Where there is no room for all: those with the latest posts, in the same order."""
        rows = self._read(slice(MOST + 1), by_time=False)
        shown = sorted(rows[:MOST], key=lambda one: (one.at_ms is None, one.at_ms or 0))
        return Page(shown, 1, after="?page=2" if len(rows) > MOST else "")

    def _read(self, part: slice, *, by_time: bool) -> list[Thread]:
        return [self._thread(*row) for row in ABOUT.part(part, **self._values, by_time=by_time)]

    def _thread(
        self, thread: Any, author: User, answerer: User, endorser: User, read: int, ms: Any, *post: Any
    ) -> Thread:
        joined(thread, author=author, cohort=self._cohorts[thread.cohort_id], activity=self._activity)
        thread.read, thread.duration_ms = read, ms
        key, html, anonymous, endorsed_at, taught = post
        thread.answer = key and Answer(
            key,
            html,
            anonymous,
            answerer,
            endorser if endorsed_at else None,
            by_teacher=taught,
            accepted=key == thread.accepted_id,
        )
        return cast("Thread", thread)


def pinned(viewer: User, cohort: Cohort, activity: Activity) -> QuerySet[Thread]:
    """Of one cohort what stands at a moment of the lecture, in its order."""
    found = Thread.objects.readable_by(viewer).filter(cohort=cohort, activity=activity, at_ms__isnull=False)
    return found.order_by("at_ms", "pk")[:MOST_DRAWN]


def taps(cohort: Cohort, activity: Activity) -> list[tuple[int, int]]:
    """Whose and at which second, of its students: to be counted, and never shown."""
    students = cohort.enrolments.active().students()
    return list(LostHere.objects.filter(activity=activity, enrolment__in=students).values_list("enrolment", "second"))
