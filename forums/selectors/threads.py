"""Lists of threads, and one thread with what its reader has to do with it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from psycopg.types.multirange import Multirange

from accounts.models import User
from accounts.querysets import NAMED
from common.rows import Select, joined, limited
from courses.models import Activity, Cohort
from courses.permissions import TEACHING
from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from forums.models import Post, Reading, Thread
from forums.querysets import UNANSWERED_SQL
from progress.fields import holds


class Show(StrEnum):
    """Which threads of a forum: all of them, or those that the address asks for."""

    ALL = "all"
    UNREAD = "unread"
    UNANSWERED = "unanswered"
    MINE = "mine"


# By hand, as `forums.access.THREAD` is: which threads are those of `ThreadQuerySet.readable_by` in one's own cohort.
LISTED = """
  FROM forums_thread t
  LEFT JOIN courses_activity a ON a.id = t.activity_id
  LEFT JOIN courses_module m ON m.id = a.module_id
  LEFT JOIN accounts_user u ON u.id = t.author_id
  LEFT JOIN forums_reading r ON r.thread_id = t.id AND r.person_id = %(viewer)s
 WHERE t.cohort_id = %(cohort)s AND t.deleted_at IS NULL
   AND (%(moderates)s OR (t.activity_id IS NULL OR {shown}) AND (t.hidden_at IS NULL OR t.author_id = %(viewer)s))
   AND {only}
 ORDER BY {order}
""".replace("{shown}", SHOWN_SQL)
# Of the row of its reader, `r`.
HOW_MANY_READ = "coalesce((SELECT sum(upper(x) - lower(x)) FROM unnest(r.numbers) AS x), 0)"
LATEST_FIRST, OLDEST_FIRST = "t.pinned DESC, t.last_post_at DESC, t.id DESC", "t.opened_at, t.id"
ONLY = {
    Show.ALL: "true",
    Show.UNREAD: "r.numbers @> int4range(1, t.last_number + 1) IS NOT TRUE AND t.last_number > 0",
    Show.UNANSWERED: UNANSWERED_SQL,
    Show.MINE: """EXISTS (SELECT FROM forums_post p
                           WHERE p.thread_id = t.id AND p.author_id = %(viewer)s AND p.deleted_at IS NULL)""",
}


def _of_cohort(only: str, order: str = LATEST_FIRST) -> Select:
    return Select(
        {"t": Thread, "u": User, "a": Activity},
        LISTED.replace("{only}", only).replace("{order}", order),
        also=(HOW_MANY_READ,),
        only={"u": NAMED, "a": frozenset({"title"})},
    )


OF_COHORT = {
    show: _of_cohort(only, OLDEST_FIRST if show is Show.UNANSWERED else LATEST_FIRST) for show, only in ONLY.items()
}
# The threads of whoever wrote no more posts than that are looked up; of more, the forum is walked, the latest threads
# first, until a page is full.
FEW = 1_000
WRITTEN = """
SELECT thread_id FROM forums_post WHERE author_id = %(viewer)s AND deleted_at IS NULL
 ORDER BY thread_id LIMIT %(most)s
"""
MINE_OF_FEW = _of_cohort("t.id = ANY(%(written)s::bigint[])")


class OfCohort:
    """The threads of a forum, to be read a part at a time; each with how many of its posts are `read`."""

    def __init__(self, viewer: User, cohort: Cohort, show: Show, *, moderates: bool) -> None:
        self._cohort, self._show = cohort, show
        self._values: dict[str, Any] = {"viewer": viewer.pk, "cohort": cohort.pk, "moderates": moderates}

    def __getitem__(self, part: slice) -> list[Any]:
        select, values = OF_COHORT[self._show], self._values
        if self._show is Show.MINE and len(written := self._written()) <= FEW:
            select, values = MINE_OF_FEW, {**values, "written": written}
        return [self._thread(*row) for row in select.part(part, **values)]

    def _written(self) -> list[int]:
        """The threads of the posts of its reader, up to one more than few."""
        with connection.cursor() as cursor:
            cursor.execute(WRITTEN, {"viewer": self._values["viewer"], "most": FEW + 1})
            return [key for (key,) in cursor.fetchall()]

    def _thread(self, thread: Any, author: User | None, activity: Activity | None, read: int) -> Any:
        joined(thread, cohort=self._cohort, author=author, activity=activity)
        thread.read = read
        return thread


def unread(thread: Any) -> int:
    """How many posts of a listed thread its reader has not seen."""
    return max(0, thread.last_number - thread.read)


@dataclass(frozen=True)
class Own:
    """What the reader of a thread has to do with it."""

    read: "Multirange[int] | None"
    muted: bool | None
    wonders: bool
    has_posted: bool

    @property
    def follows(self) -> bool:
        return self.muted is False

    def has_read(self, number: int) -> bool:
        return holds(self.read, number)


def own(thread: Any) -> Own:
    """Of a thread as `forums.access` reads it."""
    return Own(thread.read, thread.muted, thread.wonders_too, thread.has_posted)


# All rows of a thread in their order, also those whose words the reader is not shown. Those of a page are found first:
# beside OFFSET Postgres would join what stands on the pages before it as well.
_OF_THREAD = """
  FROM forums_post p
  LEFT JOIN accounts_user u ON u.id = p.author_id
  LEFT JOIN accounts_user v ON v.id = p.endorsed_by_id
 WHERE {which}
 ORDER BY p.under, p.number
"""
_OF_PAGE = "SELECT id FROM forums_post WHERE thread_id = %(thread)s ORDER BY under, number"
_MARKS = (
    """EXISTS (SELECT FROM courses_enrolment e WHERE e.cohort_id = %(cohort)s AND e.user_id = p.author_id
                  AND e.role = ANY(%(teaching)s) AND {active})""".replace("{active}", ACTIVE_SQL),
    "EXISTS (SELECT FROM forums_report x WHERE x.post_id = p.id AND x.closed_at IS NULL)",
    "EXISTS (SELECT FROM forums_unmasking x WHERE x.post_id = p.id)",
)
_TABLES: dict[str, type[Model]] = {"p": Post, "u": User, "v": User}
_PEOPLE = {"u": NAMED, "v": NAMED}
# Not what a post is made of: its source, its key and its words as search has cut them.
_SHOWN = {"thread", "number", "under", "author", "anonymous", "html", "created_at", "edited_at"}
_SHOWN |= {"endorsed_at", "endorsed_by", "hidden_at", "hidden_by", "hidden_for", "deleted_at", "deleted_by"}
POSTS = Select(
    _TABLES,
    _OF_THREAD.replace("{which}", "p.id = ANY(ARRAY({keys}))"),
    _MARKS,
    only={"p": frozenset(_SHOWN), **_PEOPLE},
    shared=frozenset("uv"),
)
ONE_POST = Select(
    _TABLES,
    _OF_THREAD.replace("{which}", "p.thread_id = %(thread)s AND p.number = %(number)s"),
    _MARKS,
    without=frozenset({"vector"}),
    only=_PEOPLE,
)


class Posts:
    """The posts of a thread, to be read a part at a time."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread

    def __getitem__(self, part: slice) -> list[Any]:
        found = POSTS.among(limited(_OF_PAGE, part), **_values(self._thread))
        return [_post(self._thread, *row) for row in found]


def _values(thread: Thread) -> dict[str, Any]:
    return {"thread": thread.pk, "cohort": thread.cohort_id, "teaching": list(TEACHING)}


def _post(thread: Thread, post: Any, author: User, endorser: User, *marks: bool) -> Any:
    joined(post, thread=thread, author=author, endorsed_by=endorser)
    post.by_teacher, post.reported, post.looked_up = marks
    return post


def post_of(viewer: User, thread: Thread, number: int) -> Any:
    """One of them whose words `viewer` may read; None for any other."""
    found = ONE_POST.first(**_values(thread), number=number)
    if found is None or not Post.objects.readable_by(viewer).filter(pk=found[0].pk).exists():
        return None
    return _post(thread, *found)


def place_of(post: Post) -> int:
    """How many rows stand before it in its thread."""
    before = Q(under__lt=post.under) | Q(under=post.under, number__lt=post.number)
    return Post.objects.filter(before, thread=post.thread_id).count()


def first_unread(viewer: User, thread: Thread) -> Post | None:
    """In the order of the thread."""
    read = Reading.objects.filter(thread=thread, person=viewer).values_list("numbers", flat=True).first()
    numbers = [number for number in range(1, thread.last_number + 1) if not holds(read, number)]
    found = Post.objects.filter(thread=thread, number__in=numbers[:1_000])
    return found.order_by("under", "number").first()


def newer(thread: Thread, number: int) -> int:
    """How many posts have come since the one of that number."""
    return max(0, thread.last_number - number)
