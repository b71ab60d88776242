"""200 courses, 2,000 students and 100,000 completions, the same for the same day.

The measured student stands in five courses, two of which are the ones that docs/adr/0011 names: 65 activities, about
a page of Moodle's, and 265. The smaller of them holds the one lecture.
"""

from dataclasses import dataclass

from bench import fill_courses, fill_lectures, fill_past, fill_people
from courses.models import Course
from progress.models import Completion

COURSES, STUDENTS, COMPLETIONS = 200, 2_000, 100_000


@dataclass(frozen=True)
class Size:
    """How many there are, for the head of the report."""

    courses: int
    students: int
    completions: int


def everything() -> None:
    written = fill_courses.write(COURSES)
    people = fill_people.gather(written, STUDENTS)
    fill_past.tell(written, people, COMPLETIONS)
    fill_lectures.add(written, people)


def size() -> Size:
    return Size(Course.objects.count(), fill_people.students().count(), Completion.objects.count())
