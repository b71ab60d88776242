"""Fetching talk with the right to it checked: 404 for outsiders, 403 for members without the right."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from common.access import require
from courses.access import known_cohort
from courses.models import Cohort, Enrolment
from courses.permissions import GRANTS, Permission
from forums.models import Forum, Post, PostFile, Thread


@dataclass(frozen=True)
class Standing:
    """What somebody may do in the talk of one cohort."""

    viewer: User
    roles: frozenset[str]
    # Whether students may leave their name away.
    anonymous_allowed: bool = False

    @property
    def talks(self) -> bool:
        return self._holds(Permission.TALK)

    @property
    def moderates(self) -> bool:
        return self._holds(Permission.MODERATE)

    @property
    def may_be_anonymous(self) -> bool:
        return self.anonymous_allowed and "student" in self.roles

    def _holds(self, permission: Permission) -> bool:
        return self.viewer.is_staff or any(permission in GRANTS[role] for role in self.roles)


def _with_standing(found: QuerySet[Any], viewer: User, cohort: str) -> QuerySet[Any]:
    """Rows with what `Standing` is made of; `cohort` is the path to the id of their cohort."""
    mine = Enrolment.objects.of(viewer).filter(cohort=OuterRef(cohort)).values("role")
    allowed = Forum.objects.filter(cohort=OuterRef(cohort), anonymous_allowed=True)
    return found.annotate(roles=ArraySubquery(mine), anonymous_allowed=Exists(allowed))


def _standing(viewer: User, row: Any) -> Standing:
    return Standing(viewer, frozenset(row.roles), row.anonymous_allowed)


def forum(viewer: User, cohort_id: int) -> tuple[Cohort, Standing]:
    known = Cohort.objects.known_to(viewer).select_related("course")
    cohort = get_object_or_404(_with_standing(known, viewer, "pk"), pk=cohort_id)
    return cohort, _standing(viewer, cohort)


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
    related = ("cohort__course", "activity__module", "author", "accepted", "duplicate_of")
    readable = Thread.objects.readable_by(viewer).select_related(*related)
    thread = get_object_or_404(_with_standing(readable, viewer, "cohort"), pk=thread_id)
    return thread, _standing(viewer, thread)


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
