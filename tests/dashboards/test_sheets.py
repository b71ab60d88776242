"""Marks as a file: the columns of Canvas and Moodle, what is released alone, and no cell that a spreadsheet reckons."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.models import Activity, Cohort, Enrolment
from dashboards.pages.sheets import BOM, harmless
from tests.cast import Cast
from tests.dashboards.test_queries import FOR_STAFF
from tests.factories import courses as make
from tests.factories import feedback
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def essay(cast: Cast) -> Activity:
    return feedback.assignment(cast.module, "Essay", scale="points", most_points=Decimal(10), rule="released")


def file(client: Client, viewer: User, cast: Cast, form: str) -> list[list[str]]:
    client.force_login(viewer)
    answer = client.get(f"/teach/cohorts/{cast.cohort.pk}/gradebook.csv?as={form}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text[1:])))


def give(enrolment: Enrolment, step: Activity, by: User, **said: object) -> None:
    feedback.release(feedback.hand_in(enrolment, step), by, feedback.said(**{"good_enough": None, **said}))


def test_canvas_finds_its_columns(cast: Cast, client: Client, essay: Activity) -> None:
    watch = feedback.assignment(cast.module, "Watch")
    give(cast.enrolment, essay, cast.teacher, points=Decimal("7.50"))
    give(cast.enrolment, watch, cast.teacher, good_enough=True)
    other = Enrolment.objects.get(user=cast.other_student, cohort=cast.cohort)
    head, most, *students = file(client, cast.teacher, cast, "canvas")
    columns = [f"Essay ({essay.pk})", f"Watch ({watch.pk})"]
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *columns]
    assert most == ["    Points Possible", "", "", "", "", "10", ""]
    assert students == [
        ["Other.Student", str(other.pk), "", "", "Morning group", "", ""],
        ["Student", str(cast.enrolment.pk), "", "", "Morning group", "7.5", "complete"],
    ]


def test_moodle_finds_its_columns(cast: Cast, client: Client, essay: Activity) -> None:
    User.objects.filter(pk=cast.student.pk).update(display_name="Ana Beatriz Figueira")
    give(cast.enrolment, essay, cast.teacher, points=Decimal(7))
    head, one, _ = file(client, cast.teacher, cast, "moodle")
    about = ["First name", "Surname", "ID number", "Institution", "Department", "Email address"]
    assert head == [*about, "Assignment: Essay (Real)", "Last downloaded from this course"]
    assert one[:-1] == ["Ana Beatriz", "Figueira", str(cast.enrolment.pk), "", "", "", "7"]
    assert one[-1].isdecimal()


@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_case_3_a_mark_that_is_not_released_is_in_no_file(
    cast: Cast, client: Client, essay: Activity, form: str
) -> None:
    sent = feedback.hand_in(cast.enrolment, essay)
    feedback.feedback(sent, cast.teacher, feedback.said(good_enough=None, points=Decimal("6.25")))
    assert not any("6.25" in cell for row in file(client, cast.teacher, cast, form) for cell in row)


def test_the_last_mark_that_a_student_can_read_stands_while_the_next_attempt_is_marked(
    cast: Cast, client: Client
) -> None:
    step = feedback.assignment(cast.module)
    give(cast.enrolment, step, cast.teacher, good_enough=False)
    feedback.hand_in(cast.enrolment, step, "Ten flowers.")
    assert file(client, cast.teacher, cast, "canvas")[-1][-1] == "incomplete"


def test_addresses_are_for_admins_alone_and_those_of_minors_for_nobody(
    cast: Cast, client: Client, essay: Activity
) -> None:
    User.objects.filter(pk=cast.student.pk).update(email="student@bees.example", minor=True)
    User.objects.filter(pk=cast.other_student.pk).update(email="other@bees.example")
    for viewer, known in ((cast.teacher, set()), (cast.admin, {"other@bees.example"})):
        rows = [cell for form in ("canvas", "moodle") for row in file(client, viewer, cast, form) for cell in row]
        assert {cell for cell in rows if "@" in cell} == known
        assert ("other.student" in rows) is (viewer == cast.admin)


NAMES = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "＝1", "＋1", "－1", "＠x"]


PLAIN = ["Bo", "Ana-Lena", "a@b.example", "1 + 1", "\u05d3\u05d5\u05d3", "    Points Possible", ""]


@pytest.mark.parametrize("name", NAMES)
def test_case_12_no_cell_of_a_csv_is_a_formula(name: str) -> None:
    assert harmless(name).startswith("'")
    # Where semicolons part the cells, one begins after each.
    assert harmless(f"Bee;{name}").partition("'")[0].strip("\u200b \t\r") == "Bee;"


@pytest.mark.parametrize(
    "name", ["Bo", "Ana-Lena", "a@b.example", "1 + 1", "\u05d3\u05d5\u05d3", "    Points Possible", ""]
)
def test_case_12_what_is_no_formula_stays_as_it_is(name: str) -> None:
    assert harmless(name) == name


@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_case_12_whatever_people_wrote_reaches_a_file_as_words(
    cast: Cast, client: Client, essay: Activity, form: str
) -> None:
    for name in NAMES:
        make.EnrolmentFactory(cohort=cast.cohort, user=UserFactory(display_name=name))
    Cohort.objects.filter(pk=cast.cohort.pk).update(name="=1+1")
    step = feedback.assignment(cast.module, "=HYPERLINK(0)", scale="levels", levels=["=1", "+2"], rule="released")
    give(cast.enrolment, step, cast.teacher, level="=1")
    rows = file(client, cast.teacher, cast, form)
    assert len(rows) >= len(NAMES)
    for cell in (cell for row in rows for cell in row):
        assert not cell.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), cell


def test_it_asks_as_much_at_one_as_at_three(cast: Cast, client: Client, essay: Activity) -> None:
    # The first visit writes that somebody was there.
    asked(client, cast)
    few = asked(client, cast)
    for number in range(3):
        step = feedback.assignment(cast.module, f"Another {number}")
        give(make.EnrolmentFactory(cohort=cast.cohort), step, cast.teacher, good_enough=True)
    assert asked(client, cast) == few <= FOR_STAFF


def asked(client: Client, cast: Cast) -> int:
    """Queries, until the last line was read."""
    with CaptureQueriesContext(connection) as captured:
        assert file(client, cast.teacher, cast, "canvas")
    return len(captured)


def test_another_form_is_not_there(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    assert client.get(f"/teach/cohorts/{cast.cohort.pk}/gradebook.csv?as=xlsx").status_code == 404
