"""What all notices of a forum share: told as things are when they are told, and brought in line when they change."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.services.references import plain_from_elsewhere
from forums.models import Post
from forums.notices import about
from forums.notices.about import Now
from forums.services import texts
from notifications.kinds import Cadence, Group, Kind, Rank, Reason, Words
from notifications.models import Notice

# A mail shows so many posts whole; the rest is a click away.
MOST_MAILED = 5


class Talk(Kind):
    """Its subject is the thread, its context the cohort, `posts` in its values the keys of the posts it tells of."""

    group = Group.EVERYBODY
    heading = _("Forum")
    rank = Rank.PERSON
    icon = "forum"
    mail = Cadence.DAILY
    at_any_hour = True
    is_personal = True
    about = "talk"
    # Whether it leads to one post of several, or to what is unread of the thread.
    leads_to_post = False
    # Whether it leaves inboxes once it `tells` of nothing any more; else it stays there, as read.
    can_be_withdrawn = False
    # Whether its mail holds the posts.
    quotes = True

    def tells(self, post: Post) -> bool:
        """Whether this post is still worth telling of, beside that it can be read."""
        return True

    def unwanted(self, now: Now, at: datetime) -> Reason | None:
        """Why its person does not want it at this moment, or has no need of it any more."""
        return None

    def more(self, now: Now) -> dict[str, Any]:
        """What its words also need, of the last of the posts."""
        return {"who": name_of(now.posts[-1].author, now.posts[-1])}

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        reasons: dict[int, str] = {}
        for notice, found in self.bring_up(notices):
            if not found.posts:
                reasons[notice.pk] = Reason.DONE if found.stands else Reason.GONE
            elif notice.read_at:
                reasons[notice.pk] = Reason.READ
            elif reason := self.unwanted(found, now):
                reasons[notice.pk] = reason
        return reasons

    def bring_up(self, notices: Sequence[Notice]) -> Iterable[tuple[Notice, Now]]:
        """With their words as they are now, and how things stand for their person."""
        found = about.as_things_are(notices)
        for notice in notices:
            now = found.get(notice.pk, about.NOTHING)
            if now.posts:
                notice.values = {**notice.values, "thread": now.posts[-1].thread.title}
            now = replace(now, posts=[post for post in now.posts if self.tells(post)], stands=bool(now.posts))
            if now.posts:
                keys, excerpt = [post.pk for post in now.posts], now.posts[-1].excerpt
                notice.values |= {"told": keys, "excerpt": excerpt, "minor": now.minor, **self.more(now)}
            yield notice, now

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [self._words(notice) for notice in notices]

    def _words(self, notice: Notice, **more: str) -> Words:
        values = notice.values
        number = len(values.get("told", values["posts"]))
        # What was not told has no name: nobody looked whose it was.
        who = said(values["who"]) if "who" in values else gettext("Someone")
        title = self.title(number, {"who": who, "thread": values["thread"], "n": number})
        given = {"text": self.text(values), "url": self._url(notice, number), "action": gettext("Read it on Ownpace")}
        return Words(title, **{**given, **more})

    @abstractmethod
    def title(self, number: int, words: dict[str, Any]) -> str: ...

    def text(self, values: Mapping[str, Any]) -> str:
        if not values.get("excerpt"):
            return ""
        return gettext("%(name)s: %(words)s") % {"name": said(values["who"]), "words": values["excerpt"]}

    def _url(self, notice: Notice, number: int) -> str:
        if self.leads_to_post and number == 1:
            return reverse("forums:post", args=notice.values.get("told", notice.values["posts"])[-1:])
        return reverse("forums:thread", args=[notice.subject]) + "?unread=1"

    def in_digest(self, notices: Sequence[Notice]) -> list[Words]:
        """What others wrote to a minor stays on this site."""
        return [self._words(one, text="") if one.values.get("minor", True) else self._words(one) for one in notices]

    def in_full(self, notices: Sequence[Notice]) -> list[Words]:
        """With the posts themselves, but to minors: what others wrote to them stays on this site. A digest has a line
        for each."""
        if not self.quotes:
            return self.render(notices)
        wanted = {one.pk: one.values.get("told", [])[-MOST_MAILED:] for one in notices if one.mail_by == Cadence.NOW}
        keys = {key for some in wanted.values() for key in some}
        posts = Post.objects.filter(pk__in=keys).select_related("author").defer("html", "text", "vector")
        found = {post.pk: Quoted(post) for post in posts}
        return [self._in_full(one, [found[key] for key in wanted.get(one.pk, ()) if key in found]) for one in notices]

    def _in_full(self, notice: Notice, quoted: Sequence["Quoted"]) -> Words:
        if notice.values.get("minor", True):
            return self._words(notice, text="")
        if not quoted:
            return self._words(notice)
        given = {"posts": quoted, "left": len(notice.values["told"]) - len(quoted)}
        html, plain = render_to_string("emails/posts.html", given), render_to_string("emails/posts.txt", given)
        return self._words(notice, text="", html=html.strip(), plain=plain.strip())


class Quoted:
    """A post as a mail shows it."""

    def __init__(self, post: Post) -> None:
        self.name = said(name_of(post.author, post))
        self.html = texts.mailed(post.source)
        self.plain = plain_from_elsewhere(post.source)


def name_of(person: User | None, post: Post) -> str | None:
    """Of its author; nothing where they wrote without it."""
    return "" if post.anonymous else named(person)


def named(person: User | None) -> str | None:
    """As classmates see it; None of somebody who has left."""
    return None if person is None or person.deleted_at else person.peer_name


def said(name: str | None) -> str:
    if name is None:
        return gettext("Former member")
    return name or gettext("Anonymous")
