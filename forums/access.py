"""Fetching talk with the right to it checked: 404 for outsiders, 403 for members without the right."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.querysets import NAMED
from common.access import require
from common.rows import Select, joined
from courses.access import known_cohort
from courses.models import Activity, Cohort, Course, Enrolment, Module
from courses.permissions import GRANTS, MODERATING, Permission
from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from forums.models import Forum, Post, PostFile, Thread


@dataclass(frozen=True)
class Standing:
    """What somebody may do in the talk of one cohort."""

    viewer: User
    roles: frozenset[str]
    # Whether students may leave their name away.
    anonymous_allowed: bool = False

    @cached_property
    def talks(self) -> bool:
        return self._holds(Permission.TALK)

    @cached_property
    def moderates(self) -> bool:
        return self._holds(Permission.MODERATE)

    @property
    def may_be_anonymous(self) -> bool:
        return self.anonymous_allowed and "student" in self.roles

    def may_be_anonymous_in(self, thread: Thread) -> bool:
        """In what somebody opened; a step of the course ticks by name, and introductions introduce."""
        return self.may_be_anonymous and thread.has_opening

    def _holds(self, permission: Permission) -> bool:
        return self.viewer.is_staff or any(permission in GRANTS[role] for role in self.roles)


# By hand, as every page of a forum waits for them: the ORM takes longer to build such a statement than Postgres to
# answer. Who may read what is that of `ThreadQuerySet.readable_by`.
_ROLES = """ARRAY(SELECT e.role FROM courses_enrolment e
                   WHERE e.cohort_id = h.id AND e.user_id = %(viewer)s AND {active})""".replace("{active}", ACTIVE_SQL)
_MUTED = """(SELECT w.muted FROM forums_following w WHERE w.cohort_id = h.id AND w.person_id = %(viewer)s
                AND w.module_id IS NULL AND w.thread_id IS NULL)"""
_ALLOWED = "EXISTS (SELECT FROM forums_forum f WHERE f.cohort_id = h.id AND f.anonymous_allowed)"
FORUM = Select(
    {"h": Cohort, "c": Course},
    """
  FROM courses_cohort h JOIN courses_course c ON c.id = h.course_id
 WHERE h.id = %(cohort)s AND h.deleted_at IS NULL
""",
    also=(_ROLES, _ALLOWED, _MUTED),
)
THREAD = Select(
    {"t": Thread, "h": Cohort, "c": Course, "a": Activity, "m": Module, "u": User, "d": Thread},
    """
  FROM forums_thread t
  JOIN courses_cohort h ON h.id = t.cohort_id AND h.deleted_at IS NULL
  JOIN courses_course c ON c.id = h.course_id
 CROSS JOIN LATERAL (SELECT {roles} AS roles) mine
  LEFT JOIN courses_activity a ON a.id = t.activity_id
  LEFT JOIN courses_module m ON m.id = a.module_id
  LEFT JOIN accounts_user u ON u.id = t.author_id
  LEFT JOIN forums_thread d ON d.id = t.duplicate_of_id
  LEFT JOIN forums_reading r ON r.thread_id = t.id AND r.person_id = %(viewer)s
  LEFT JOIN forums_following w ON w.thread_id = t.id AND w.person_id = %(viewer)s
 WHERE t.id = %(thread)s AND t.deleted_at IS NULL
   AND (%(staff)s OR mine.roles && %(moderating)s::varchar[]
        OR mine.roles <> '{}' AND (t.activity_id IS NULL OR {shown})
           AND (t.hidden_at IS NULL OR t.author_id = %(viewer)s))
""".replace("{roles}", _ROLES).replace("{shown}", SHOWN_SQL),
    also=(
        "mine.roles",
        _ALLOWED,
        "r.numbers",
        "w.muted",
        "EXISTS (SELECT FROM forums_wonder q WHERE q.thread_id = t.id AND q.person_id = %(viewer)s)",
        """(SELECT p.anonymous FROM forums_post p
             WHERE p.thread_id = t.id AND p.author_id = %(viewer)s AND p.deleted_at IS NULL
             ORDER BY p.number DESC LIMIT 1)""",
        "NOT EXISTS (SELECT FROM forums_post p WHERE p.author_id = %(viewer)s)",
    ),
    only={"u": NAMED, "d": frozenset({"title"})},
)


def _with_standing(found: QuerySet[Any], viewer: User, cohort: str) -> QuerySet[Any]:
    """Rows with what `Standing` is made of; `cohort` is the path to the id of their cohort."""
    mine = Enrolment.objects.of(viewer).filter(cohort=OuterRef(cohort)).values("role")
    allowed = Forum.objects.filter(cohort=OuterRef(cohort), anonymous_allowed=True)
    return found.annotate(roles=ArraySubquery(mine), anonymous_allowed=Exists(allowed))


def _standing(viewer: User, row: Any) -> Standing:
    return Standing(viewer, frozenset(row.roles), row.anonymous_allowed)


def forum(viewer: User, cohort_id: int) -> tuple[Cohort, Standing]:
    """Also with whether `viewer` has muted it: `muted`, False where they follow its new threads, None for neither."""
    found = FORUM.first(viewer=viewer.pk, cohort=cohort_id)
    if found is None or not (found[2] or viewer.is_staff):
        raise Http404
    cohort, course, roles, allowed, muted = found
    joined(cohort, course=course)
    cohort.muted = muted
    return cohort, Standing(viewer, frozenset(roles), allowed)


def talking_in(viewer: User, cohort_id: int) -> tuple[Cohort, Standing]:
    """For whoever writes there: observers only read."""
    cohort, standing = forum(viewer, cohort_id)
    require(standing.talks)
    return cohort, standing


def moderated_forum(viewer: User, cohort_id: int) -> Cohort:
    cohort, standing = forum(viewer, cohort_id)
    require(standing.moderates)
    return cohort


def readable_thread(viewer: User, thread_id: int) -> tuple[Thread, Standing]:
    """Also with what `viewer` has to do with it: `read`, `muted`, `wonders_too`, `has_posted`,
    whether their last post there has no name: `wrote_without_name`, and whether they never wrote in any forum:
    `is_first`."""
    found = THREAD.first(viewer=viewer.pk, thread=thread_id, staff=viewer.is_staff, moderating=list(MODERATING))
    if found is None:
        raise Http404
    thread, cohort, course, activity, module, author, other, roles, allowed, *own = found
    joined(cohort, course=course)
    joined(thread, cohort=cohort, author=author, duplicate_of=other, activity=activity)
    if activity:
        joined(module, course=course)
        joined(activity, module=module)
    thread.read, thread.muted, thread.wonders_too, last_without_name, thread.is_first = own
    thread.has_posted = last_without_name is not None
    thread.wrote_without_name = bool(last_without_name)
    return thread, Standing(viewer, frozenset(roles), allowed)


def talking_thread(viewer: User, thread_id: int) -> tuple[Thread, Standing]:
    """For a reply; whether it is locked, the service asks."""
    thread, standing = readable_thread(viewer, thread_id)
    require(standing.talks)
    return thread, standing


def moderated_thread(viewer: User, thread_id: int) -> Thread:
    thread, standing = readable_thread(viewer, thread_id)
    require(standing.moderates)
    return thread


def readable_post(viewer: User, post_id: int) -> tuple[Post, Standing]:
    related = ("thread__cohort__course", "thread__activity__module", "author")
    readable = Post.objects.readable_by(viewer).select_related(*related)
    post = get_object_or_404(_with_standing(readable, viewer, "thread__cohort"), pk=post_id)
    return post, _standing(viewer, post)


def own_post(viewer: User, post_id: int) -> tuple[Post, Standing]:
    """To change it: nobody writes in the name of somebody else."""
    post, standing = readable_post(viewer, post_id)
    require(post.author_id == viewer.pk and standing.talks)
    return post, standing


def removable_post(viewer: User, post_id: int) -> tuple[Post, Standing]:
    """One's own, or any that one moderates; also one that was deleted, so that it can be brought back."""
    related = ("thread__cohort__course", "author")
    threads = Thread.objects.readable_by(viewer)
    if not viewer.is_staff:
        threads = threads | Thread.objects.filter(author=viewer, cohort__enrolments__in=Enrolment.objects.of(viewer))
    found = Post.objects.filter(thread__in=threads.values("pk")).select_related(*related)
    post = get_object_or_404(_with_standing(found, viewer, "thread__cohort"), pk=post_id)
    standing = _standing(viewer, post)
    if post.author_id != viewer.pk and not standing.moderates:
        # Words that were taken away are none to others; words that stand are somebody else's.
        if post.deleted_at is not None or post.hidden_at is not None:
            raise Http404
        require(False)
    return post, standing


def moderated_post(viewer: User, post_id: int) -> tuple[Post, Standing]:
    post, standing = readable_post(viewer, post_id)
    require(standing.moderates)
    return post, standing


def readable_post_file(viewer: User, file_id: str) -> PostFile:
    """As a post is that shows it; one that no post shows yet, by whoever brought it."""
    found = get_object_or_404(PostFile.objects.select_related("file", "cohort"), pk=file_id)
    known_cohort(viewer, found.cohort_id)
    own = found.brought_by_id == viewer.pk
    if not own and not found.posts.filter(pk__in=Post.objects.readable_by(viewer).values("pk")).exists():
        raise Http404
    return found
