"""A kind that is always worth telling."""

from collections.abc import Sequence

from notifications.kinds import Cadence, Kind, Words
from notifications.models import Notice


class Word(Kind):
    name = "word"
    label = "A word"
    explained = "Now and then."
    mail = Cadence.NOW

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [Words(notice.values["title"], url="/me/", action="Go there") for notice in notices]
