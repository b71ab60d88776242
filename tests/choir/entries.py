"""An entry in the bar, a slot on three pages and a source of search."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace

from django.urls import reverse

from accounts.models import User
from common.places import Place, register
from common.slots import Slot
from courses.models import Course
from progress.slots import ARRIVALS, CLASS, LESSON, TODAY, Arrivals, Hit, Source, add_source


def voices(viewer: User, subjects: Sequence[int]) -> Mapping[int, int]:
    return dict.fromkeys(subjects, 3)


def arrived(viewer: User) -> list[SimpleNamespace]:
    return [SimpleNamespace(pk=7, activity=SimpleNamespace(title="A new song"))]


def songbook(viewer: User, course: Course, words: str) -> list[Hit]:
    return [Hit(f"The song of {words}", "/choir/7/", f"We sing of \ue000{words}\ue001", "Page 4")]


register(Place("Choir", "today", "choir:home", order=30, spaces=frozenset({"choir"}), count=lambda user: 2))
LESSON.register(
    Slot(
        "Sing along",
        10,
        page=lambda activity: reverse("choir:page", args=[activity]),
        fragment=lambda activity: reverse("choir:fragment", args=[activity]),
    )
)
TODAY.register(Slot("Voices waiting", 10, page=lambda person: reverse("choir:home"), count=voices))
ARRIVALS.append(Arrivals("song", "feedback/arrived.html", arrived))
CLASS.register(Slot("Rehearsal", 10, page=lambda cohort: reverse("choir:page", args=[cohort])))
add_source(Source("In the songbook", 10, songbook))
