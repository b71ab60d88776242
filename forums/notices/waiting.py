"""That a question has waited for a working day: to those who look after its forum."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.permissions import MODERATING
from forums.models import Post
from forums.notices import statements
from forums.notices.about import Now
from forums.notices.kinds import Talk
from forums.services import news
from notifications.kinds import Group, Reason, register
from notifications.services import planning
from notifications.services.planning import HORIZON


class Unanswered(Talk):
    """By digest: it has waited for a day already, and the queue of questions shows it meanwhile."""

    name = news.UNANSWERED
    label = _("A question waits")
    explained = _("When no one has answered a question of your students for a working day.")
    icon = "question"
    group = Group.TEACHING
    at_any_hour = False
    is_personal = False

    def plan(self, now: datetime) -> int:
        given = {"until": now + HORIZON, "lasts": statements.LASTS, "moderating": list(MODERATING)}
        return planning.insert(self.name, statements.WAITING, now, **given)

    def tells(self, post: Post) -> bool:
        thread = post.thread
        closed = thread.locked_at or thread.hidden_at or thread.duplicate_of_id
        return thread.answered_at is None and not closed

    def unwanted(self, now: Now, at: datetime) -> Reason | None:
        if not now.moderates:
            return Reason.NOT_ENROLLED
        # With the working days of its cohort.
        due = now.posts[-1].thread.answer_by
        return Reason.MOVED if due is None or due > at else None

    def title(self, number: int, words: dict[str, Any]) -> str:
        return gettext("“%(thread)s” has waited a working day for an answer") % words


register(Unanswered())
