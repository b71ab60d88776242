"""The people of every test, and the small course they meet in."""

import pickle
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from courses.models import Activity, Cohort, Course, CourseEditor, Enrolment, Module
from tests.factories import courses as make
from tests.factories.people import UserFactory, addresses


@dataclass
class Cast:
    """Two cohorts of one course, and a course that nobody here has to do with but the admin."""

    student: User
    other_student: User  # of the same cohort
    elsewhere_student: User  # of the other cohort
    teacher: User
    assistant: User
    observer: User
    elsewhere_teacher: User
    editor: User  # writes the course, is in no cohort
    outsider: User
    admin: User
    course: Course
    cohort: Cohort
    elsewhere: Cohort
    module: Module
    reading: Activity
    file: Activity
    link: Activity
    draft: Activity  # not published

    @property
    def enrolment(self) -> Enrolment:
        """The student's."""
        return Enrolment.objects.get(user=self.student, cohort=self.cohort)

    def person(self, name: str) -> User:
        return getattr(self, name)


def gather() -> Cast:
    course = make.CourseFactory(title="Bees and flowers")
    cohort = make.CohortFactory(course=course, name="Morning group")
    elsewhere = make.CohortFactory(course=course, name="Evening group")
    module = make.ModuleFactory(course=course, title="Nectar", position=0)
    people = {
        "student": (cohort, "student"),
        "other_student": (cohort, "student"),
        "elsewhere_student": (elsewhere, "student"),
        "teacher": (cohort, "teacher"),
        "assistant": (cohort, "assistant"),
        "observer": (cohort, "observer"),
        "elsewhere_teacher": (elsewhere, "teacher"),
        "editor": None,
        "outsider": None,
    }
    # A statement for all of them.
    users = {name: UserFactory.build(username=name.replace("_", ".")) for name in people}
    User.objects.bulk_create(users.values())
    addresses([*users.values()])
    Enrolment.objects.bulk_create(
        make.EnrolmentFactory.build(user=users[name], cohort=place[0], role=place[1])
        for name, place in people.items()
        if place
    )
    CourseEditor.objects.create(course=course, user=users["editor"])
    return Cast(
        **users,
        admin=UserFactory(username="admin", is_staff=True),
        course=course,
        cohort=cohort,
        elsewhere=elsewhere,
        module=module,
        reading=make.reading(module, "## How bees see\n\nBees see ultraviolet light.", title="Bee eyes", position=0),
        file=make.file_activity(module, title="Counting sheet", position=1),
        link=make.link(module, title="A bee garden", position=2),
        draft=make.reading(module, "Not yet.", title="Unfinished", position=3, published=False),
    )


class Rehearsed:
    """The cast as it was gathered once, in empty tables. A thousand tests begin here: its rows are copied back in."""

    def __init__(self) -> None:
        with transaction.atomic():
            others = set(_tables())
            self._cast = pickle.dumps(gather())
            self._rows = {table: _rows(table) for table in _tables() if table not in others}
            transaction.set_rollback(True)
        self._bytes = {path: path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}

    def enter(self) -> Cast:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self._rows.items():
                with cursor.cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)
        # A test may delete a course for good, with the bytes of its files: no transaction brings those back.
        for path, content in self._bytes.items():
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        return pickle.loads(self._cast)


def _tables() -> list[str]:
    """Those that hold anything."""
    with connection.cursor() as cursor:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in names))
        return [name for (name,) in cursor.fetchall()]


def _rows(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)
