"""The words of talk, which a page says in every row: asked for once in each language."""

from functools import lru_cache

from django.utils.translation import get_language, gettext, ngettext

from common.timecode import clock
from courses.models import Activity
from forums.models import Thread


class Words:
    """In the language that is active when it is made."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.anonymous = gettext("Anonymous")
        self.without_name = gettext("you, without your name")
        self.teacher = gettext("teacher")
        self.everyone = gettext("Everyone")
        self.former_member = gettext("Former member")
        self.asked_before = gettext("asked before"), "after"
        self.solved = gettext("solved"), "done"
        self.answered = gettext("answered"), "done"
        self.unanswered = gettext("no answer yet"), "waiting"
        self.kinds = {kind.value: str(kind.label) for kind in Thread.Kind}
        self._at = gettext("%(lesson)s, at %(time)s")

    def replies(self, count: int) -> str:
        return _replies(max(0, count), self.language)

    def state(self, thread: Thread) -> tuple[str, str]:
        """Of a question, in words and with an icon; of a discussion nothing."""
        if thread.duplicate_of_id:
            return self.asked_before
        if not thread.is_question:
            return "", ""
        if thread.accepted_id:
            return self.solved
        return self.answered if thread.answered_at else self.unanswered

    def place(self, activity: Activity | None, at_ms: int | None) -> str:
        """What a thread is about: "Bee eyes, at 7:42"."""
        if activity is None:
            return ""
        return activity.title if at_ms is None else self._at % {"lesson": activity.title, "time": clock(at_ms)}


@lru_cache(maxsize=4096)
def _replies(count: int, language: str) -> str:
    """`language` is only the key."""
    return ngettext("%(n)d reply", "%(n)d replies", count) % {"n": count} if count else gettext("No replies yet")


def words() -> Words:
    return _words(get_language())


@lru_cache(maxsize=64)
def _words(language: str) -> Words:
    return Words(language)
