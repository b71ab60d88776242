"""That somebody wrote: to me, in my question, in reply to me, where I follow. Of one post a person hears once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from forums.models import Post, Thread
from forums.notices import statements
from forums.notices.about import Now
from forums.notices.kinds import Talk
from forums.services import news
from notifications.kinds import KINDS, Cadence, Reason, register
from notifications.models import Event, Notice
from notifications.services import revising


class OfPosts(Talk):
    """A burst in one thread is one notice; what was read on the page meanwhile is not told."""

    def unwanted(self, now: Now, at: datetime) -> Reason | None:
        return Reason.READ if now.has_read_all else None


class Mentioned(OfPosts):
    name = news.MENTIONED
    label = _("You are mentioned")
    explained = _("When someone names you in the forum, with @ before your name.")
    leads_to_post = True

    def title(self, number: int, words: dict[str, Any]) -> str:
        if number == 1:
            return gettext("%(who)s mentioned you in “%(thread)s”") % words
        return gettext("%(n)d posts in “%(thread)s” mention you") % words


class Answered(OfPosts):
    """Straight away: who asked may be stuck, and waits for it."""

    name = news.ANSWERED
    label = _("Answers to your questions")
    explained = _("When someone replies to a question that you asked in the forum.")
    icon = "question"
    mail = Cadence.NOW

    def title(self, number: int, words: dict[str, Any]) -> str:
        said = ngettext(
            "%(who)s replied to your question “%(thread)s”", "%(n)d replies to your question “%(thread)s”", number
        )
        return said % words


class Replied(OfPosts):
    name = news.REPLIED
    label = _("Replies to you")
    explained = _("When someone replies to a post of yours, or in a discussion that you started.")

    def unwanted(self, now: Now, at: datetime) -> Reason | None:
        return Reason.SWITCHED_OFF if now.muted else super().unwanted(now, at)

    def title(self, number: int, words: dict[str, Any]) -> str:
        said = ngettext("%(who)s replied to you in “%(thread)s”", "%(n)d replies to you in “%(thread)s”", number)
        return said % words


class Chosen(OfPosts):
    """Where they follow, while they do."""

    def unwanted(self, now: Now, at: datetime) -> Reason | None:
        return super().unwanted(now, at) if now.muted is False else Reason.SWITCHED_OFF


class Followed(Chosen):
    """Its events are those of all posts."""

    name = news.FOLLOWED
    label = _("New posts in threads you follow")
    explained = _("You follow a thread once you write in it or press “Follow”, until you mute it.")

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        given = statements.of_bursts(events)
        written = 0
        for way, kind in enumerate(news.OF_POSTS):
            written += statements.write(kind, statements.POSTED, now, way=way, **given)
        bring_in_line([event.context for event in events if event.context], now)
        answered = Thread.objects.filter(pk__in=given["threads"], answered_at__isnull=False)
        revising.settle(Notice.objects.filter(kind=news.UNANSWERED, subject__in=answered.values("pk")))
        return written

    def title(self, number: int, words: dict[str, Any]) -> str:
        return ngettext("%(who)s wrote in “%(thread)s”", "%(n)d new posts in “%(thread)s”", number) % words


class Opened(Chosen):
    name = news.OPENED
    label = _("New threads")
    explained = _("When someone asks a question or starts a discussion where you follow new threads.")
    leads_to_post = True

    def title(self, number: int, words: dict[str, Any]) -> str:
        return gettext("New thread: “%(thread)s”") % words


def bring_in_line(keys: Sequence[int], now: datetime) -> None:
    """What inboxes say of posts that were changed, hidden, deleted or brought back. A title stands in all of a thread's
    notices."""
    for post in Post.objects.filter(pk__in=keys).only("thread", "number", "created_at"):
        mine = Notice.objects.filter(kind__in=news.ALL, subject=post.thread_id, settled_at__gte=post.created_at)
        if post.number > 1:
            mine = mine.filter(values__posts__contains=[post.pk])
        revising.bring_back(mine)
        told = list(mine.filter(state=Notice.State.TOLD))
        gone, done = [], []
        for name in {notice.kind for notice in told}:
            kind = _kind(name)
            for notice, found in kind.bring_up([one for one in told if one.kind == name]):
                if not found.posts:
                    (done if found.stands and not kind.can_be_withdrawn else gone).append(notice.pk)
        Notice.objects.bulk_update(told, ["values"], batch_size=500)
        revising.take_back(Notice.objects.filter(pk__in=gone), Reason.GONE, now)
        revising.settle(Notice.objects.filter(pk__in=done))


def _kind(name: str) -> Talk:
    kind = KINDS[name]
    assert isinstance(kind, Talk)  # all of ours are
    return kind


for kind in (Mentioned(), Answered(), Replied(), Followed(), Opened()):
    register(kind)
