"""Threads and posts as their readers see them: whose name, which words, what can be done."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from common.addresses import quick_url
from common.templatetags.ui import days_ago, instants
from courses.models import Cohort
from forums.access import Standing
from forums.models import Post, Thread
from forums.pages.words import Words, words
from forums.selectors import threads as selectors
from forums.selectors.search import Hit


class Author(NamedTuple):
    """`name` is also what the mark beside it is drawn from."""

    name: str
    tag: str = ""


def author_of(row: Thread | Post, standing: Standing, said: Words | None = None, *, teaches: bool = False) -> Author:
    """An anonymous post has no name here for anybody: who may look does it by a step of its own.

    `said` where a list has asked for the words already.
    """
    said = said or words()
    if row.anonymous:
        return Author(said.anonymous, said.without_name if row.author_id == standing.viewer.pk else "")
    if isinstance(row, Thread) and not row.has_opening:
        return Author(said.everyone)
    return Author(name_of(row.author, standing), said.teacher if teaches else "")


def name_of(person: User | None, standing: Standing) -> str:
    if person is None or person.deleted_at:
        return words().former_member
    return str(person) if standing.moderates else person.peer_name


class ThreadRow(NamedTuple):
    """A line of the index."""

    url: str
    title: str
    icon: str
    author: Author
    latest: str
    replies: str
    unread: int
    place: str = ""
    state: str = ""
    state_icon: str = ""
    pinned: bool = False
    locked: bool = False
    hidden: bool = False
    cohort: str = ""


def thread_rows(
    found: Iterable[Any], standing: Standing, *, cohorts: bool = False, here: bool = False
) -> list[ThreadRow]:
    """With `cohorts` each names its own. `here` is the page of the lesson that they are about."""
    said, days = words(), days_ago()
    return [_thread_row(thread, standing, said, days(thread.last_post_at), cohorts, here) for thread in found]


def _thread_row(thread: Any, standing: Standing, said: Words, latest: str, cohorts: bool, here: bool) -> ThreadRow:
    unread = selectors.unread(thread)
    url = quick_url("forums:thread", thread.pk)
    state, state_icon = said.state(thread)
    return ThreadRow(
        url=f"{url}?unread=1#unread" if unread and unread < thread.last_number else url,
        title=thread.title,
        icon="question" if thread.is_question else "forum",
        author=author_of(thread, standing, said),
        latest=latest,
        replies=said.replies(thread.last_number - (1 if thread.has_opening else 0)),
        unread=unread,
        place="" if here else said.place(thread.activity, thread.at_ms),
        state=state,
        state_icon=state_icon,
        pinned=thread.pinned,
        locked=thread.locked_at is not None,
        hidden=thread.hidden_at is not None,
        cohort=thread.cohort.name if cohorts else "",
    )


class HitRow(NamedTuple):
    """A post that a search found; `excerpt` is that of a `Hit`."""

    url: str
    title: str
    excerpt: str
    author: Author
    written: str
    place: str


def hit_rows(found: Iterable[Hit], standing: Standing) -> list[HitRow]:
    said, days = words(), days_ago()
    return [
        HitRow(
            url=quick_url("forums:post", hit.post.pk),
            title=hit.post.thread.title,
            excerpt=hit.excerpt,
            author=author_of(hit.post, standing, said),
            written=days(hit.post.created_at),
            place=said.place(hit.post.thread.activity, hit.post.thread.at_ms),
        )
        for hit in found
    ]


class ForumHits(NamedTuple):
    cohort: Cohort
    hits: list[HitRow]


def hits_by_forum(found: Iterable[Hit], forums: Iterable[tuple[Cohort, Standing]]) -> list[ForumHits]:
    """Those forums in which something was found."""
    of_cohort: dict[int, list[Hit]] = defaultdict(list)
    for hit in found:
        of_cohort[hit.post.thread.cohort_id].append(hit)
    return [ForumHits(one, hit_rows(of_cohort[one.pk], standing)) for one, standing in forums if one.pk in of_cohort]


class PostRow(NamedTuple):
    """A post in its thread, with those of its actions that its reader has."""

    pk: int
    number: int
    author: Author
    written: str
    html: str = ""
    # What stands in the place of words that are not shown.
    gone: str = ""
    # What its author, or a teacher, reads above words that others are not shown.
    note: str = ""
    is_reply: bool = False
    is_new: bool = False
    is_accepted: bool = False
    endorsed_by: str = ""
    edited_at: datetime | None = None
    may_reply: bool = False
    may_accept: bool = False
    may_endorse: bool = False
    may_edit: bool = False
    may_delete: bool = False
    may_report: bool = False
    may_moderate: bool = False
    is_endorsed: bool = False
    is_reported: bool = False
    is_hidden: bool = False
    is_anonymous: bool = False

    @property
    def has_more(self) -> bool:
        return self.may_edit or self.may_delete or self.may_report or self.may_moderate


class _May(NamedTuple):
    """What the reader may do with the posts of a thread, whichever they are: asked once for all rows."""

    reply: bool
    accept: bool
    endorse: bool
    talk: bool
    moderate: bool


def _may(thread: Thread, standing: Standing) -> _May:
    talks, moderates, is_question = standing.talks, standing.moderates, thread.is_question
    return _May(
        reply=(talks and not thread.locked_at) or moderates,
        accept=is_question and thread.author_id == standing.viewer.pk,
        endorse=is_question and moderates,
        talk=talks,
        moderate=moderates,
    )


def post_rows(found: Sequence[Any], thread: Thread, own: selectors.Own, standing: Standing) -> list[PostRow]:
    at, may, said = instants(), _may(thread, standing), words()
    return [_post_row(post, thread, own, may, at(post.created_at), said, standing) for post in found]


def _post_row(
    post: Any, thread: Thread, own: selectors.Own, may: _May, written: str, said: Words, standing: Standing
) -> PostRow:
    number, mine = post.number, post.author_id == standing.viewer.pk
    is_reply, is_new = post.under != number, not mine and not own.has_read(number)
    if gone := _gone(post, thread, own, standing):
        return PostRow(post.pk, number, Author(""), written, gone=gone, is_reply=is_reply, is_new=is_new)
    is_others_reply = number != 1 and not mine
    return PostRow(
        pk=post.pk,
        number=number,
        author=author_of(post, standing, said, teaches=post.by_teacher),
        written=written,
        html=post.html,
        note=_note(post, standing),
        is_reply=is_reply,
        is_new=is_new,
        is_accepted=post.pk == thread.accepted_id,
        endorsed_by=name_of(post.endorsed_by, standing) if post.endorsed_at else "",
        edited_at=post.edited_at,
        may_reply=may.reply,
        may_accept=may.accept and is_others_reply,
        may_endorse=may.endorse and is_others_reply,
        may_edit=mine and may.talk,
        may_delete=mine or may.moderate,
        may_report=not mine and may.talk and not may.moderate,
        may_moderate=may.moderate,
        is_endorsed=post.endorsed_at is not None,
        is_reported=post.reported,
        is_hidden=post.hidden_at is not None,
        is_anonymous=post.anonymous,
    )


def _gone(post: Any, thread: Thread, own: selectors.Own, standing: Standing) -> str:
    if post.deleted_at:
        by_author = post.deleted_by_id == post.author_id
        return gettext("Its author deleted this post.") if by_author else gettext("A teacher deleted this post.")
    if standing.moderates or post.author_id == standing.viewer.pk:
        return ""
    if post.hidden_at:
        if post.hidden_by_id is None:
            return gettext("Someone reported this post. A teacher will look at it.")
        return gettext("A teacher hid this post.")
    if thread.own_first and (post.number > 1 or not thread.has_opening) and not own.has_posted:
        return gettext("You can read this once you have written your own post.")
    return ""


def _note(post: Any, standing: Standing) -> str:
    # First what is a whole sentence: a reason may end with no stop.
    told = []
    if post.looked_up and post.author_id == standing.viewer.pk:
        told.append(gettext("A teacher looked up your name. Your classmates can’t see it."))
    if post.hidden_at and post.hidden_by_id is None:
        told.append(gettext("This post was reported, and is hidden until a teacher has looked at it."))
    elif post.hidden_at:
        words = gettext("A teacher hid this post from your classmates: %(reason)s")
        told.append(words % {"reason": post.hidden_for or gettext("no reason was given")})
    return " ".join(told)


def quotation(post: Post, standing: Standing) -> str:
    """What a reply begins with that quotes all of a post; a script takes the part that was selected."""
    lines = [f"> {line}".rstrip() for line in post.source.strip().splitlines()[:40]]
    name = author_of(post, standing).name
    said = gettext("%(name)s wrote in [post %(number)d](%(address)s):")
    address = reverse("forums:post", args=[post.pk])
    return "\n".join([said % {"name": name, "number": post.number, "address": address}, "", *lines, "", ""])


@dataclass(frozen=True)
class WaitingRow:
    """A question that nobody has answered."""

    url: str
    title: str
    author: str
    opened_at: datetime
    cohort: str
    course: str
    place: str
    is_late: bool


def waiting_rows(found: Iterable[Thread], now: datetime) -> list[WaitingRow]:
    said = words()
    return [
        WaitingRow(
            url=quick_url("forums:thread", thread.pk),
            title=thread.title,
            author=said.anonymous if thread.anonymous else str(thread.author),
            opened_at=thread.opened_at,
            cohort=thread.cohort.name,
            course=thread.cohort.course.title,
            place=said.place(thread.activity, thread.at_ms),
            is_late=thread.answer_by is not None and thread.answer_by < now,
        )
        for thread in found
    ]
