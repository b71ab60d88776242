"""Every list of the product, grown to a length: the tests count its queries, and `bench.lists` takes its time.

It lies in two courses, so that a page has one thing that grows: `long` has the activities, `full` the people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from accounts.models import User
from courses.models import (
    Activity,
    Cohort,
    Course,
    CourseEditor,
    CourseImport,
    DueDate,
    Enrolment,
    Module,
    Passage,
)
from courses.services import import_reports, passages
from forums.models import Post, Thread
from progress.models import Note

FIRST = date(2026, 1, 5)
PUBLISHED = datetime(2026, 1, 5, 8, tzinfo=UTC)
TEXT = "Bees see light."
VECTOR = SearchVector(Value(TEXT), config="english")
# So many of each have the word that searches ask for, and of those after them every tenth: a page of fifty is found
# at either length, and far apart where there are many.
FOUND, HAVE_IT = "bees", 60
A_LINE = {"identifier": "a", "kind": "reading", "outcome": "imported", "reason": ""}


@dataclass(frozen=True)
class Lists:
    admin: User
    teacher: User
    student: User
    long: Cohort
    full: Cohort
    lecture: Activity
    enrolment: Enrolment
    run: CourseImport
    talk: Thread


def begin() -> Lists:
    admin, teacher, student = User.objects.bulk_create(
        _person(name, is_staff=name == "list.admin") for name in ("list.admin", "list.teacher", "list.student")
    )
    long, full, noted = Cohort.objects.bulk_create(
        _cohort(Course.objects.create(title=f"{name} course"), f"{name} group") for name in ("Long", "Full", "Noted")
    )
    Enrolment.objects.bulk_create(
        Enrolment(user=teacher, cohort=cohort, role="teacher", started_on=FIRST) for cohort in (long, full)
    )
    enrolment = Enrolment.objects.create(user=student, cohort=noted, started_on=FIRST)
    Enrolment.objects.create(user=student, cohort=full, started_on=FIRST)
    lecture = _activity(Module.objects.create(course=noted.course, title="Film", position=0), "Film", "lecture")
    lecture.save()
    run = CourseImport.objects.create(file_name="long.imscc", state="done", finished_at=PUBLISHED)
    talk = Thread.objects.create(cohort=long, kind="discussion", title="Long talk", author=teacher)
    return Lists(admin, teacher, student, long, full, lecture, enrolment, run, talk)


def grow(lists: Lists, start: int, stop: int) -> None:
    """Give every list the rows from number `start` up to `stop`."""
    numbers = range(start, stop)
    people = User.objects.bulk_create(
        (_person(_called("list.person", n).replace(" ", ".")) for n in numbers), batch_size=2000
    )
    courses = Course.objects.bulk_create((Course(title=_called("Listed course", n)) for n in numbers), batch_size=2000)
    cohorts = Cohort.objects.bulk_create(_cohorts(lists, courses), batch_size=2000)
    Enrolment.objects.bulk_create(_enrolments(lists, people, cohorts), batch_size=2000)
    CourseEditor.objects.bulk_create(
        (CourseEditor(course=lists.long.course, user=user) for user in people), batch_size=2000
    )
    CourseImport.objects.bulk_create((CourseImport(file_name=f"listed{n}.imscc") for n in numbers), batch_size=2000)
    # Each of its own, so that nothing is folded.
    lines = [{**A_LINE, "title": _called("Item", n), "reason": f"Kept with “{n}”."} for n in range(stop)]
    faults = [{"where": f"Item {n}", "message": f"The file “{n}” is not in the package."} for n in range(stop)]
    import_reports.keep(lists.run, lines, faults)
    _activities(lists, numbers)
    _talk(lists, numbers)
    Note.objects.bulk_create(
        (Note(enrolment=lists.enrolment, activity=lists.lecture, at_ms=n, text=f"Note {n}") for n in numbers),
        batch_size=2000,
    )


def _talk(lists: Lists, numbers: range) -> None:
    """Questions of the cohort that has the people, which nobody has answered, and one long discussion."""
    Thread.objects.bulk_create(
        (
            Thread(
                cohort=lists.full, kind="question", title=_called("Question", n), author=lists.student, last_number=1
            )
            for n in numbers
        ),
        batch_size=2000,
    )
    Post.objects.bulk_create(
        (
            Post(thread=lists.talk, number=n + 1, under=n + 1, author=lists.teacher, source=TEXT, html=f"<p>{TEXT}</p>")
            for n in numbers
        ),
        batch_size=2000,
    )
    Thread.objects.filter(pk=lists.talk.pk).update(last_number=numbers.stop)


def _called(thing: str, number: int) -> str:
    has_it = number < HAVE_IT or number % 10 == 7
    return f"{thing} {number} {FOUND if has_it else 'stars'}"


def _person(username: str, **more: object) -> User:
    name = username.replace(".", " ").title()
    return User(username=username, display_name=name, password="!", email=None, zone_confirmed_at=PUBLISHED, **more)


def _cohort(course: Course, name: str) -> Cohort:
    return Cohort(course=course, name=name, timezone="Europe/Berlin", starts_on=FIRST)


def _cohorts(lists: Lists, courses: list[Course]) -> Iterator[Cohort]:
    """Of each course one, and as many of the course that has the people."""
    for course in courses:
        yield _cohort(course, f"Group of {course.title}")
        yield _cohort(lists.full.course, f"Sibling {course.title}")


def _enrolments(lists: Lists, people: list[User], cohorts: list[Cohort]) -> Iterator[Enrolment]:
    for user in people:
        yield Enrolment(user=user, cohort=lists.full, started_on=FIRST)
    for cohort in cohorts:
        yield Enrolment(user=lists.teacher, cohort=cohort, role="teacher", started_on=FIRST)
        if cohort.course_id != lists.full.course_id:
            yield Enrolment(user=lists.student, cohort=cohort, started_on=FIRST)


def _activity(module: Module, title: str, kind: str) -> Activity:
    return Activity(module=module, kind=kind, rule="marked", title=title, position=0, published_at=PUBLISHED)


def _activities(lists: Lists, numbers: range) -> None:
    """One to a module, a lecture, with a date and a passage to be found."""
    course = lists.long.course
    modules = Module.objects.bulk_create(
        (Module(course=course, title=f"Module {n}", position=n) for n in numbers), batch_size=2000
    )
    made = Activity.objects.bulk_create(
        (_activity(module, f"Lecture {module.position}", "lecture") for module in modules), batch_size=2000
    )
    DueDate.objects.bulk_create(
        (
            DueDate(cohort=lists.long, activity=one, zone="UTC", suggested_wall=PUBLISHED.replace(tzinfo=None))
            for one in made
        ),
        batch_size=2000,
    )
    Passage.objects.bulk_create(
        (Passage(activity=one, anchor=f"p{one.pk}", heading="", text=TEXT, vector=VECTOR) for one in made),
        batch_size=2000,
    )
    passages.gather([one.pk for one in made])


@dataclass(frozen=True)
class List:
    name: str
    # An attribute of `Lists`: who looks.
    who: str
    path: str
    # What asks for its next page.
    turns: str = "page"


def every_list(lists: Lists) -> list[List]:
    long, full = lists.long.pk, lists.full.pk
    course = lists.long.course_id
    return [
        List("Today", "student", "/"),
        List("courses of a student", "student", "/courses/"),
        List("courses of a student, found", "student", f"/courses/?q={FOUND}"),
        List("courses of a teacher", "teacher", "/courses/", "others"),
        List("courses of an admin", "admin", "/courses/", "others"),
        List("notes", "student", f"/courses/{lists.lecture.module.course_id}/notes/"),
        List("search", "teacher", f"/courses/{course}/search/?q=bees"),
        List("cohorts of a teacher", "teacher", "/teach/"),
        List("cohorts of a teacher, found", "teacher", f"/teach/?q={FOUND}"),
        List("class", "teacher", f"/teach/cohorts/{full}/"),
        List("class, found", "teacher", f"/teach/cohorts/{full}/?q={FOUND}"),
        List("people of a cohort", "student", f"/cohorts/{full}/people/"),
        List("people of a cohort, found", "student", f"/cohorts/{full}/people/?q={FOUND}"),
        List("people of a cohort, as a teacher", "teacher", f"/cohorts/{full}/people/"),
        List("people of a cohort, found, as a teacher", "teacher", f"/cohorts/{full}/people/?q={FOUND}"),
        List("forum", "student", f"/cohorts/{full}/forum/"),
        List("unread in a forum", "student", f"/cohorts/{full}/forum/?show=unread"),
        List("unanswered", "teacher", "/forum/unanswered/"),
        List("a thread", "teacher", f"/threads/{lists.talk.pk}/"),
        List("dates", "teacher", f"/teach/cohorts/{long}/dates/"),
        List("lectures", "teacher", f"/teach/cohorts/{long}/lectures/"),
        List("overview", "admin", "/manage/"),
        List("all courses", "admin", "/manage/courses/"),
        List("all courses, found", "admin", f"/manage/courses/?q={FOUND}"),
        List("all cohorts", "admin", "/manage/cohorts/"),
        List("all cohorts, found", "admin", f"/manage/cohorts/?q={FOUND}"),
        List("imports", "admin", "/manage/imports/"),
        List("people", "admin", "/manage/people/"),
        List("people, found", "admin", f"/manage/people/?q={FOUND}"),
        List("cohorts of a person", "admin", f"/manage/people/{lists.student.pk}/"),
        List("members", "admin", f"/manage/cohorts/{full}/"),
        List("members, found", "admin", f"/manage/cohorts/{full}/?q={FOUND}"),
        List("cohorts to move to", "admin", f"/manage/enrolments/{_member(lists)}/move/"),
        List("editors", "admin", f"/edit/courses/{course}/editors/"),
        List("editors, found", "admin", f"/edit/courses/{course}/editors/?q={FOUND}"),
        List("course of its author", "admin", f"/edit/courses/{course}/"),
        List("report of an import", "admin", f"/edit/imports/{lists.run.pk}/"),
        List("report of an import, by result", "admin", f"/edit/imports/{lists.run.pk}/?result=remarked"),
        List("report of an import, found", "admin", f"/edit/imports/{lists.run.pk}/?q={FOUND}"),
    ]


def _member(lists: Lists) -> int:
    return Enrolment.objects.filter(cohort=lists.full).order_by("pk").values_list("pk", flat=True)[0]
