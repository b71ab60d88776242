"""What is measured, and as whom."""

from dataclasses import dataclass

from django.urls import reverse

from bench import fill_lectures
from bench.fill_lectures import LANGUAGES
from bench.fill_people import ADMIN, CLASSES, MEASURED, SINGLE, TEACHER
from courses.models import Activity, Cohort, Enrolment

# The budgets are those of docs/adr/0011.
BARE, SIGNED_IN = "bare floor", "signed-in floor"
# Words that stand in many readings, together in some: a search that fills its first page.
WORDS = "river+lesson"
FOR_STUDENTS, FOR_STAFF = 6, 12


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
    queries: int = FOR_STUDENTS
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
        Page("Today", reverse("dashboards:home"), 1.8, person=SINGLE),
        Page(f"Today, {sum(sizes)}", reverse("dashboards:home"), 2.5),
        Page(f"course, {basis}", _course(middle), 2),
        Page(f"course, {most}", _course(large), 4.5),
        Page("lesson", _lesson(middle), 1.8),
        # Two floors more for the two hundred activities that it counts besides (docs/adr/0011).
        Page(f"lesson, {most}", _lesson(large), 3.8),
        # Five languages, twelve chapters and twenty notes stand on it.
        Page("lecture", reverse("progress:lesson", args=[lecture]), 3),
        Page("its transcript", reverse("progress:transcript", args=[lecture, LANGUAGES[0]]), fragment=True),
        *(_class(count) for count in CLASSES),
        Page("teacher's home", reverse("teach:cohorts"), 2.5, person=TEACHER, queries=FOR_STAFF),
        Page("admin's home", reverse("manage:overview"), 2.5, person=ADMIN, queries=FOR_STAFF),
        Page("search", f"{reverse('progress:search', args=[middle.cohort.course_id])}?q={WORDS}", 4),
        Page("search, all courses", f"{reverse('progress:search_everywhere')}?q={WORDS}", 4),
    ]


def _class(count: int) -> Page:
    cohort = Cohort.objects.get(name=f"Class of {count}")
    path = reverse("teach:cohort", args=[cohort.pk])
    return Page(f"class of {count}", path, 6, person=TEACHER, queries=FOR_STAFF, steady=True)


def _course(enrolment: Enrolment) -> str:
    return reverse("progress:course", args=[enrolment.cohort.course_id])


def _lesson(enrolment: Enrolment) -> str:
    """The reading that comes next, which is what a student opens."""
    readings = Activity.objects.filter(module__course=enrolment.cohort.course_id, kind="reading")
    waiting = readings.exclude(completions__enrolment=enrolment).order_by("module__position", "position")
    return reverse("progress:lesson", args=[waiting.first().pk])
