"""What happened to a post: its answer helped, a teacher vouches for it, somebody finds it not in order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.permissions import MODERATING
from forums.models import Post
from forums.notices import statements
from forums.notices.about import Now
from forums.notices.kinds import Talk, named
from forums.services import news
from notifications.kinds import Cadence, Group, Reason, register
from notifications.models import Event


class Verdict(Talk):
    leads_to_post = True
    quotes = False


class Accepted(Verdict):
    """By whoever asked: nobody needs to be named."""

    name = news.ACCEPTED
    label = _("Your answer helped")
    explained = _("When someone marks your answer as the one that helped.")
    icon = "done"
    can_be_withdrawn = True

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        heard = statements.TO_AUTHOR.replace("{not_by_themselves}", "p.author_id IS DISTINCT FROM t.author_id")
        return statements.write(self.name, heard, now, **statements.of_posts(events))

    def tells(self, post: Post) -> bool:
        return post.thread.accepted_id == post.pk

    def more(self, now: Now) -> dict[str, Any]:
        return {}

    def title(self, number: int, words: dict[str, Any]) -> str:
        return gettext("Your answer to “%(thread)s” helped") % words

    def text(self, values: Mapping[str, Any]) -> str:
        return gettext("It is marked there as the answer that helped.")


class Endorsed(Verdict):
    name = news.ENDORSED
    label = _("Your answer is right")
    explained = _("When a teacher says that an answer of yours is right.")
    icon = "done"
    can_be_withdrawn = True

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        heard = statements.TO_AUTHOR.replace("{not_by_themselves}", "p.author_id IS DISTINCT FROM p.endorsed_by_id")
        return statements.write(self.name, heard, now, **statements.of_posts(events))

    def tells(self, post: Post) -> bool:
        return post.endorsed_at is not None

    def more(self, now: Now) -> dict[str, Any]:
        return {"who": named(now.posts[-1].endorsed_by)}

    def title(self, number: int, words: dict[str, Any]) -> str:
        said = ngettext(
            "%(who)s says that your answer to “%(thread)s” is right",
            "%(who)s says that %(n)d of your answers to “%(thread)s” are right",
            number,
        )
        return said % words

    def text(self, values: Mapping[str, Any]) -> str:
        return ""


class Reported(Verdict):
    """Straight away, in every cohort: it may hurt somebody as it stands, and it is rare."""

    name = news.REPORTED
    label = _("A post is reported")
    explained = _("When someone asks you to look at a post in a forum that you look after.")
    icon = "alert"
    group = Group.TEACHING
    is_personal = False
    mail = Cadence.NOW

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        given = {**statements.of_posts(events), "moderating": list(MODERATING)}
        return statements.write(self.name, statements.TO_MODERATORS, now, **given)

    def tells(self, post: Any) -> bool:
        return post.reported_for is not None

    def unwanted(self, now: Now, at: datetime) -> Reason | None:
        return None if now.moderates or now.is_admin else Reason.NOT_ENROLLED

    def more(self, now: Now) -> dict[str, Any]:
        last: Any = now.posts[-1]
        hidden = last.hidden_at is not None and last.hidden_by_id is None
        return {"who": "", "excerpt": "", "reason": last.reported_for, "hidden": hidden}

    def title(self, number: int, words: dict[str, Any]) -> str:
        said = ngettext("A post in “%(thread)s” was reported", "%(n)d posts in “%(thread)s” were reported", number)
        return said % words

    def text(self, values: Mapping[str, Any]) -> str:
        given = {"reason": values.get("reason", "")}
        if values.get("hidden"):
            return gettext("“%(reason)s” It is out of sight until a teacher has looked at it.") % given
        return gettext("“%(reason)s”") % given


for kind in (Accepted(), Endorsed(), Reported()):
    register(kind)
