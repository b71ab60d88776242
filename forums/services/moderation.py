"""Reports, hiding with a reason, locking, pinning, moving, closing as a duplicate, and looking who is behind a post."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses.models import Activity, Cohort, Enrolment
from forums.models import Forum, Post, Report, Thread, Unmasking
from forums.services import news
from forums.services.talk import Refused, settle_answer


def has_minors(cohort: Cohort) -> bool:
    return Enrolment.objects.active().students().filter(cohort=cohort, user__minor=True).exists()


@transaction.atomic
def report(post: Post, reason: str, *, by: User) -> bool:
    """Have a teacher look. In a cohort with minors it is out of sight until then; whether it is.

    What a teacher has looked at and left stays in sight, however often it is reported.
    """
    looked = post.reports.exclude(closed_at=None).exists()
    if Report.objects.get_or_create(post=post, by=by, defaults={"reason": reason})[1]:
        news.reported(post)
    if looked or not has_minors(post.thread.cohort):
        return False
    return bool(_hide(post, by=None, reason=""))


def _hide(post: Post, *, by: User | None, reason: str) -> int:
    now = timezone.now()
    hidden = Post.objects.filter(pk=post.pk, hidden_at=None).update(hidden_at=now, hidden_by=by, hidden_for=reason)
    if hidden and post.number == 1 and post.thread.has_opening:
        Thread.objects.filter(pk=post.thread_id).update(hidden_at=now)
    if hidden and post.number > 1:
        settle_answer(Thread.objects.select_for_update(no_key=True).get(pk=post.thread_id))
    if hidden:
        news.changed(post)
    return hidden


@transaction.atomic
def hide(post: Post, reason: str, *, by: User) -> None:
    """Out of sight of the cohort; its author reads why. A thread goes with the post that opened it."""
    if not _hide(post, by=by, reason=reason):
        Post.objects.filter(pk=post.pk).update(hidden_by=by, hidden_for=reason)
        news.changed(post)
    close_reports(post, by=by)


@transaction.atomic
def show(post: Post, *, by: User) -> None:
    """A teacher has looked, and it is in order."""
    Post.objects.filter(pk=post.pk).update(hidden_at=None, hidden_by=None, hidden_for="")
    thread = Thread.objects.select_for_update(no_key=True).get(pk=post.thread_id)
    if post.number == 1 and thread.has_opening:
        Thread.objects.filter(pk=thread.pk).update(hidden_at=None)
    settle_answer(thread)
    news.changed(post)
    close_reports(post, by=by)


def close_reports(post: Post, *, by: User) -> None:
    Report.objects.filter(post=post, closed_at=None).update(closed_at=timezone.now(), closed_by=by)


def lock(thread: Thread) -> None:
    Thread.objects.filter(pk=thread.pk).update(locked_at=timezone.now())


def pin(thread: Thread, *, pinned: bool) -> None:
    Thread.objects.filter(pk=thread.pk).update(pinned=pinned)


def move(thread: Thread, activity: Activity | None) -> None:
    """To another lesson of the course, or to none; a moment of the lecture that it leaves is none of the new one."""
    at_ms = thread.at_ms if activity and activity.pk == thread.activity_id else None
    Thread.objects.filter(pk=thread.pk).update(activity=activity, at_ms=at_ms)


@transaction.atomic
def close_as_duplicate(thread: Thread, of: Thread, when: datetime | None = None) -> None:
    """Closed, with a link to where it is answered. Raises Refused for a circle, and for a thread of another cohort."""
    if of.cohort_id != thread.cohort_id:
        raise Refused(gettext("That thread is in a different cohort."))
    seen: set[int] = {thread.pk}
    at: Thread | None = of
    while at is not None:
        if at.pk in seen:
            raise Refused(gettext("That thread points back to this one."))
        seen.add(at.pk)
        at = at.duplicate_of
    Thread.objects.filter(pk=thread.pk).update(duplicate_of=of, locked_at=when or timezone.now())


def reopen(thread: Thread) -> None:
    Thread.objects.filter(pk=thread.pk).update(duplicate_of=None, locked_at=None)


@transaction.atomic
def unmask(post: Post, *, by: User) -> None:
    """A deliberate look at who wrote it: kept, and shown to the author."""
    Unmasking.objects.create(post=post, by=by)


def choose(cohort: Cohort, *, anonymous_allowed: bool, introductions: str = "") -> None:
    values = {"anonymous_allowed": anonymous_allowed, "introductions": introductions}
    Forum.objects.update_or_create(cohort=cohort, defaults=values)
