"""A kind that a teacher ticks."""

from typing import Any

from django import forms

from accounts.models import User
from courses.kinds import BY_TEACHER, Kind, Panel, References, Rule, Way, Who, register
from courses.models import Activity, Enrolment
from courses.packages.draft import ItemDraft

# An app above makes this tick, with a reason of its own.
IN_TUNE = Way("in-tune", Who.APP, "courses/why/ticked.html", withdrawn_by=Who.APP)


class SongForm(forms.Form):
    verses = forms.IntegerField(min_value=1, max_value=20)


class SongKind(Kind):
    code = "song"
    label = "Song"
    icon = "lecture"
    form = SongForm
    rules = (
        Rule("sung", "the teacher heard it", lambda seconds: "Ticked when your teacher heard it.", (BY_TEACHER,)),
        Rule("in-tune", "the choir was in tune", lambda seconds: "Ticked when the choir was in tune.", (IN_TUNE,)),
    )

    def panel(self, viewer: User, enrolment: Enrolment | None, activity: Activity) -> Panel:
        return Panel("courses/kinds/link.html", {"content": {"url": "https://choir.example/", "note": ""}})

    def initial(self, activity: Activity) -> dict[str, Any]:
        return {"verses": 1}

    def save(self, activity: Activity, cleaned: dict[str, Any]) -> bool:
        return False

    def receive(self, activity: Activity, item: ItemDraft, references: References) -> bool:
        return False


register(SongKind())
