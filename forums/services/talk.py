"""Threads and posts: opened, replied to, edited, deleted and brought back. Sent twice, a form makes one post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from common import richtext
from courses.models import Activity, Cohort, Enrolment
from drafts import services as drafts
from drafts.fields import Content, Stamp
from forums.models import Following, Forum, Mention, Post, PostEdit, PostFile, Thread
from forums.services import news, reading, texts, topics, waiting
from progress.services import contacts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# More than anybody writes who thinks about it; less than a script that floods a class.
MOST_IN_AN_HOUR, MOST_THREADS_A_DAY = 60, 30
MOST_EDITS = 50
# Its words go when they can no longer be brought back.
ERASED_AFTER = timedelta(days=30)
ERASED_AT_ONCE = 500


class Refused(Exception):
    """Nothing has changed; its text says why."""


@dataclass(frozen=True)
class Written:
    """What a form holds; `title`, `kind`, `activity` and `at_ms` are those of a new thread."""

    source: str
    anonymous: bool = False
    title: str = ""
    kind: str = Thread.Kind.QUESTION
    activity: Activity | None = None
    at_ms: int | None = None


@dataclass(frozen=True)
class Sending:
    """One press of a form: its key makes one post, however often it comes. `place` is that of the draft it ends."""

    stamp: Stamp
    place: str = ""
    typed: Content | None = None

    def end_draft(self, by: User) -> None:
        if self.typed is not None:
            drafts.sent(by, self.place, self.stamp, self.typed)


@dataclass(frozen=True)
class Sent:
    """The post that a form made. `made` is whether it was this time; `differs` where it had made one of other words."""

    post: Post
    made: bool
    differs: bool = False


def start(cohort: Cohort, written: Written, sending: Sending, *, by: User, at: datetime | None = None) -> Sent:
    """Open a thread. Raises Refused, and richtext.TooMuch for a text that is over a limit.

    `at` is for talk that is told of the past.
    """
    if sent := _sent_before(sending, written, by):
        return sent
    _refuse_flood(by, threads=True)
    made = texts.made(written.source)
    now, anonymous = at or timezone.now(), _without_name(written, cohort, by)
    is_question = written.kind == Thread.Kind.QUESTION
    try:
        with transaction.atomic():
            thread = Thread.objects.create(
                cohort=cohort,
                activity=written.activity,
                at_ms=written.at_ms if written.activity else None,
                kind=written.kind,
                title=written.title,
                author=by,
                anonymous=anonymous,
                opened_at=now,
                answer_by=waiting.answer_by(cohort, now) if is_question else None,
            )
            post = _add(thread, written, made, sending, by=by, anonymous=anonymous, parent=None, now=now)
    except IntegrityError:
        # Two presses at one moment: the other one was first.
        return _sent_before(sending, written, by) or _fail()
    return Sent(post, made=True)


def reply(
    thread: Thread,
    written: Written,
    sending: Sending,
    *,
    by: User,
    to: Post | None = None,
    though_locked: bool = False,
    at: datetime | None = None,
) -> Sent:
    """Reply to a thread, or to one of its replies. Raises as `start` does.

    `though_locked` for whoever looks after the forum.
    """
    if sent := _sent_before(sending, written, by):
        return sent
    _refuse_flood(by, threads=False)
    made = texts.made(written.source)
    anonymous = _without_name(written, thread.cohort, by, is_open=thread.has_opening)
    try:
        with transaction.atomic():
            held = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
            if held.locked_at and not though_locked:
                raise Refused(gettext("This thread was closed to new replies while you were writing."))
            held.cohort = thread.cohort
            now = at or timezone.now()
            post = _add(held, written, made, sending, by=by, anonymous=anonymous, parent=to, now=now)
    except IntegrityError:
        return _sent_before(sending, written, by) or _fail()
    return Sent(post, made=True)


def _fail() -> Sent:
    raise Refused(gettext("Your post could not be saved. It is still below: try again."))


@transaction.atomic
def _sent_before(sending: Sending, written: Written, by: User) -> Sent | None:
    """Other words with a key that was used are not lost: they become a draft of a change to the post."""
    found = Post.objects.filter(author=by, key=sending.stamp.key).select_related("thread__cohort__course").first()
    if found is None:
        return None
    differs = found.source != written.source
    if differs:
        kept = Content({"source": written.source, **({"title": written.title} if found.number == 1 else {})})
        try:
            drafts.add(by, change_of(found), Stamp(uuid4(), base=version_of(found)), kept)
        except drafts.Full as full:
            raise Refused(str(full)) from full
    sending.end_draft(by)
    return Sent(found, made=False, differs=differs)


def change_of(post: Post) -> str:
    """The place of a draft that changes it."""
    return f"forums/posts/{post.pk}"


def version_of(post: Post) -> str:
    return post.edited_at.isoformat() if post.edited_at else ""


def _refuse_flood(by: User, *, threads: bool) -> None:
    now = timezone.now()
    mine = Post.objects.filter(author=by)
    if mine.filter(created_at__gt=now - HOUR).count() >= MOST_IN_AN_HOUR:
        words = gettext("You have written %(most)d posts in the past hour. Your text is kept: send it a little later.")
        raise Refused(words % {"most": MOST_IN_AN_HOUR})
    if threads and mine.filter(number=1, created_at__gt=now - DAY).count() >= MOST_THREADS_A_DAY:
        words = gettext("You have opened %(most)d threads in the past day. Your text is kept: send it tomorrow.")
        raise Refused(words % {"most": MOST_THREADS_A_DAY})


def may_be_anonymous(cohort: Cohort, by: User) -> bool:
    """Only students, and only where their teachers allow it."""
    allowed = Forum.objects.filter(cohort=cohort, anonymous_allowed=True).exists()
    return allowed and Enrolment.objects.of(by).students().filter(cohort=cohort).exists()


def _without_name(written: Written, cohort: Cohort, by: User, *, is_open: bool = True) -> bool:
    """Raises Refused rather than name somebody who asked not to be named.

    A step of the course and a round of introductions are no place for it: a tick, or what is said, tells who it was.
    """
    if written.anonymous and not (is_open and may_be_anonymous(cohort, by)):
        raise Refused(
            gettext("You can’t post without your name here. Your text is kept: post it with your name, or not.")
        )
    return written.anonymous


def _add(
    thread: Thread,
    written: Written,
    made: texts.Made,
    sending: Sending,
    *,
    by: User,
    anonymous: bool,
    parent: Post | None,
    now: datetime,
) -> Post:
    """`thread` is locked, or new."""
    number = thread.last_number + 1
    # One level of replies: a reply to a reply to a reply stands beside it.
    opening = parent is not None and parent.number == 1 and thread.has_opening
    parent = parent.parent or parent if parent and not opening else None
    post = Post.objects.create(
        thread=thread,
        number=number,
        parent=parent,
        under=parent.number if parent else number,
        author=by,
        anonymous=anonymous,
        key=sending.stamp.key,
        source=written.source,
        html=made.html,
        excerpt=made.excerpt,
        cleaned_by=richtext.VERSION,
        created_at=now,
    )
    thread.last_number, thread.last_post_at = number, now
    thread.save(update_fields=["last_number", "last_post_at"])
    settle_answer(thread)
    if thread.is_topic:
        topics.count(thread, by)
    texts.index(post, thread.title, made.text, thread.cohort.course.language)
    texts.keep_files(post)
    mentioned = texts.keep_mentions(post, thread.cohort)
    reading.mark(thread, by, [(number, number + 1)])
    Following.objects.get_or_create(person=by, cohort=thread.cohort, module=None, thread=thread)
    _push_contacts(post, thread, mentioned)
    news.posted(post)
    sending.end_draft(by)
    return post


def _push_contacts(post: Post, thread: Thread, mentioned: Sequence[int]) -> None:
    """Whom this post speaks to. An anonymous post tells of nobody, and nobody is told of who wrote one."""
    if post.anonymous:
        return
    spoken = dict.fromkeys(mentioned, contacts.MENTION)
    if post.parent and not post.parent.anonymous and post.parent.author_id:
        spoken[post.parent.author_id] = contacts.REPLY
    if post.number > 1 and not thread.anonymous and thread.author_id:
        spoken[thread.author_id] = contacts.ANSWER if thread.is_question else contacts.REPLY
    spoken.pop(post.author_id, None)
    contacts.push(thread.cohort_id, post.author_id, spoken, subject=f"post {post.pk}", at=post.created_at)


def settle_answer(thread: Thread) -> None:
    """Whether a question has an answer: the first reply of somebody else that stands and is not hidden.

    One's own reply under the other of one's two names is taken for that of somebody else: to pass it over would tell
    whose it is.
    """
    if not thread.is_question:
        return
    replies = Post.objects.standing().filter(thread=thread, hidden_at=None, number__gt=1)
    others = replies.exclude(author=thread.author, anonymous=thread.anonymous)
    first = others.order_by("number").values_list("created_at", flat=True).first()
    if thread.answered_at != first:
        thread.answered_at = first
        thread.save(update_fields=["answered_at"])


@transaction.atomic
def edit(post: Post, source: str, sending: Sending | None = None, *, title: str, by: User) -> Post:
    """Change the words of a post, and keep those of before. Raises Refused, and richtext.TooMuch."""
    held = (
        Post.objects.select_for_update(no_key=True, of=("self",))
        .select_related("thread__cohort__course")
        .get(pk=post.pk)
    )
    thread = held.thread
    title = title if held.number == 1 else thread.title
    if sending:
        sending.end_draft(by)
    if (held.source, thread.title) == (source, title):
        return held
    if held.edits.count() >= MOST_EDITS:
        raise Refused(gettext("This post has been changed too often. Write a reply instead."))
    made = texts.made(source)
    now = timezone.now()
    PostEdit.objects.create(
        post=held, source=held.source, title=thread.title if held.number == 1 else "", by=by, at=now
    )
    held.source, held.html, held.excerpt, held.edited_at = source, made.html, made.excerpt, now
    held.cleaned_by = richtext.VERSION
    held.save(update_fields=["source", "html", "excerpt", "edited_at", "cleaned_by"])
    if title != thread.title:
        thread.title = title
        thread.save(update_fields=["title"])
    texts.index(held, thread.title, made.text, thread.cohort.course.language)
    texts.keep_files(held)
    _push_contacts(held, thread, texts.keep_mentions(held, thread.cohort))
    news.changed(held)
    return held


@transaction.atomic
def delete(post: Post, *, by: User) -> bool:
    """Take the words of a post away; the thread stays readable, and goes as a whole where nobody else wrote in it.

    False where somebody was first.
    """
    thread = Thread.objects.select_for_update(no_key=True).get(pk=post.thread_id)
    now = timezone.now()
    if not Post.objects.standing().filter(pk=post.pk).update(deleted_at=now, deleted_by=by):
        return False
    _settle_removal(thread, now)
    news.changed(post)
    return True


@transaction.atomic
def restore(post: Post) -> bool:
    thread = Thread.objects.select_for_update(no_key=True).get(pk=post.thread_id)
    gone = Post.objects.filter(pk=post.pk, deleted_at__isnull=False).exclude(source="")
    if not gone.update(deleted_at=None, deleted_by=None):
        return False
    _settle_removal(thread, None)
    news.changed(post)
    return True


def _settle_removal(thread: Thread, now: datetime | None) -> None:
    settle_answer(thread)
    standing = Post.objects.standing().filter(thread=thread)
    gone = now if thread.has_opening and not standing.exists() else None
    fields = {"deleted_at": gone}
    if thread.accepted_id and not standing.filter(pk=thread.accepted_id).exists():
        fields["accepted"] = None
    Thread.objects.filter(pk=thread.pk).update(**fields)


def erase_deleted() -> int:
    """The words of posts that were deleted long enough ago; how many posts. That there was one stays."""
    old = Post.objects.filter(deleted_at__lt=timezone.now() - ERASED_AFTER).exclude(source="")
    keys = list(old.values_list("pk", flat=True)[:ERASED_AT_ONCE])
    with transaction.atomic():
        PostEdit.objects.filter(post__in=keys).delete()
        Mention.objects.filter(post__in=keys).delete()
        PostFile.posts.through.objects.filter(post__in=keys).delete()
        return Post.objects.filter(pk__in=keys).update(source="", html="", excerpt="", text="", vector=None)
