"""What is measured, and as whom."""

from dataclasses import dataclass

from django.urls import reverse

from bench import fill_lectures
from bench.fill_lectures import LANGUAGES
from bench.fill_people import CLASSES, MEASURED, SINGLE, TEACHER
from courses.models import Activity, Cohort, Enrolment

BARE, SIGNED_IN = "bare floor", "signed-in floor"
# Words that stand in many readings, together in some: a search that fills its first page.
WORDS = "river+lesson"
# The budgets are of a course of this size; each further 100 activities may cost a floor more.
BASIS, A_FLOOR = 65, 100


@dataclass(frozen=True)
class Page:
    """`floors` is how many signed-in floors its server time may come to; None where docs/adr/0011 names no number."""

    name: str
    path: str
    floors: float | None = None
    signed_in: bool = True
    weighed: bool = True
    person: str = MEASURED
    # Loaded by htmx into a page, and weighed by itself.
    fragment: bool = False
    queries: int = 8
    # Whether its 95th percentile has to stay within twice its median.
    steady: bool = False


def pages() -> list[Page]:
    mine = list(Enrolment.objects.filter(user__username=MEASURED).select_related("cohort").order_by("pk"))
    sizes = [Activity.objects.filter(module__course=one.cohort.course_id).count() for one in mine]
    lecture = fill_lectures.lecture().pk
    (large, middle, *_), (most, basis, *_) = mine, sizes
    return [
        Page(BARE, "/bench/bare/", signed_in=False, weighed=False),
        Page(SIGNED_IN, "/bench/signed-in/", weighed=False),
        Page("Today", reverse("dashboards:home"), _floors(2, basis), person=SINGLE),
        Page(f"Today, {sum(sizes)}", reverse("dashboards:home"), _floors(2, sum(sizes))),
        Page(f"course, {basis}", _course(middle), _floors(3, basis)),
        Page(f"course, {most}", _course(large), _floors(3, most)),
        Page("lesson", _lesson(middle), _floors(2, basis)),
        Page(f"lesson, {most}", _lesson(large), _floors(2, most)),
        # A floor more than a reading: five languages, twelve chapters and twenty notes stand on it (docs/adr/0011).
        Page("lecture", reverse("progress:lesson", args=[lecture]), _floors(3, basis)),
        Page("its transcript", reverse("progress:transcript", args=[lecture, LANGUAGES[0]]), fragment=True),
        *(_class(count) for count in CLASSES),
        Page("search", f"{reverse('progress:search', args=[middle.cohort.course_id])}?q={WORDS}", 4),
        Page("search, all courses", f"{reverse('progress:search_everywhere')}?q={WORDS}"),
    ]


def _class(count: int) -> Page:
    cohort = Cohort.objects.get(name=f"Class of {count}")
    path = reverse("teach:cohort", args=[cohort.pk])
    return Page(f"class of {count}", path, 6, person=TEACHER, queries=12, steady=True)


def _floors(budget: float, activities: int) -> float:
    return round(budget + max(0, activities - BASIS) / A_FLOOR, 1)


def _course(enrolment: Enrolment) -> str:
    return reverse("progress:course", args=[enrolment.cohort.course_id])


def _lesson(enrolment: Enrolment) -> str:
    """The reading that comes next, which is what a student opens."""
    readings = Activity.objects.filter(module__course=enrolment.cohort.course_id, kind="reading")
    waiting = readings.exclude(completions__enrolment=enrolment).order_by("module__position", "position")
    return reverse("progress:lesson", args=[waiting.first().pk])
