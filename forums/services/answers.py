"""Questions: accepted by who asked, endorsed by a teacher, wondered about by others."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from forums.models import Post, Thread, Wonder
from forums.services import news
from progress.services import contacts


@transaction.atomic
def accept(post: Post, *, by: User, accepted: bool, at: datetime | None = None) -> None:
    """The answer that helped; a second one takes the place of the first."""
    held = Thread.objects.select_for_update(no_key=True, of=("self",)).select_related("accepted")
    thread = held.get(pk=post.thread_id)
    before = thread.accepted
    if accepted == (before == post):
        return
    if before and (accepted or before == post):
        news.changed(before)
    if accepted:
        thread.accepted = post
    elif before == post:
        thread.accepted = None
    thread.save(update_fields=["accepted"])
    if accepted:
        news.accepted(post)
        _push(post, thread, by, contacts.ACCEPTED, at=at, named=not thread.anonymous)


@transaction.atomic
def endorse(post: Post, *, by: User, endorsed: bool, at: datetime | None = None) -> None:
    """A teacher vouches for it."""
    if endorsed:
        instant = at or timezone.now()
        if Post.objects.filter(pk=post.pk, endorsed_at=None).update(endorsed_at=instant, endorsed_by=by):
            news.endorsed(post)
        _push(post, post.thread, by, contacts.ENDORSED, at=at, named=True)
    else:
        Post.objects.filter(pk=post.pk).update(endorsed_at=None, endorsed_by=None)
        news.changed(post)


def _push(post: Post, thread: Thread, by: User, what: str, *, at: datetime | None, named: bool) -> None:
    if named and not post.anonymous and post.author_id and post.author_id != by.pk:
        spoken = {post.author_id: what}
        contacts.push(thread.cohort_id, by.pk, spoken, subject=f"post {post.pk}", at=at or timezone.now())


@transaction.atomic
def wonder(thread: Thread, person: User, *, wonders: bool, at: datetime | None = None) -> int:
    """“I wonder too”, or no longer; how many others do now."""
    if wonders:
        changed = int(
            Wonder.objects.get_or_create(thread=thread, person=person, defaults={"at": at or timezone.now()})[1]
        )
        by = 1
    else:
        changed, _ = Wonder.objects.filter(thread=thread, person=person).delete()
        by = -1
    if changed:
        Thread.objects.filter(pk=thread.pk).update(wonders=F("wonders") + by)
    return Thread.objects.values_list("wonders", flat=True).get(pk=thread.pk)
