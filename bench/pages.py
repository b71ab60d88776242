"""What is measured, and as whom."""

from dataclasses import dataclass

from django.urls import reverse

from bench.fill_people import MEASURED
from courses.models import Activity, Enrolment

BARE, SIGNED_IN = "bare floor", "signed-in floor"
# Words that stand in many readings, together in some: a search that fills its first page.
WORDS = "river+lesson"


@dataclass(frozen=True)
class Page:
    """`floors` is how many signed-in floors its server time may come to; None where docs/adr/0011 names no number."""

    name: str
    path: str
    floors: float | None = None
    signed_in: bool = True
    weighed: bool = True


def pages() -> list[Page]:
    large, middle = _measured()
    return [
        Page(BARE, "/bench/bare/", signed_in=False, weighed=False),
        Page(SIGNED_IN, "/bench/signed-in/", weighed=False),
        Page("Today", reverse("dashboards:home"), 2),
        _course("course, 65", middle, 3),
        _course("course, 265", large, 5),
        Page("lesson", _lesson(middle), 2),
        Page("lesson of 265", _lesson(large), 2),
        Page("search", f"{reverse('progress:search', args=[middle.cohort.course_id])}?q={WORDS}"),
    ]


def _measured() -> list[Enrolment]:
    mine = Enrolment.objects.filter(user__username=MEASURED).select_related("cohort").order_by("pk")
    return list(mine[:2])


def _course(name: str, enrolment: Enrolment, floors: float) -> Page:
    return Page(name, reverse("progress:course", args=[enrolment.cohort.course_id]), floors)


def _lesson(enrolment: Enrolment) -> str:
    """The reading that comes next, which is what a student opens."""
    readings = Activity.objects.filter(module__course=enrolment.cohort.course_id, kind="reading")
    waiting = readings.exclude(completions__enrolment=enrolment).order_by("module__position", "position")
    return reverse("progress:lesson", args=[waiting.first().pk])
