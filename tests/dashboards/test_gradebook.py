"""The gradebook: where the work of each student stands, the marks that may be seen, and nothing else."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from courses.models import Activity, Cohort, Enrolment, Extension
from feedback.models import Submission
from progress.services import signals, ticks
from tests.cast import Cast
from tests.dashboards.steps import do, due
from tests.dashboards.test_queries import FOR_STAFF, queries
from tests.factories import courses as make
from tests.factories import feedback
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def teacher(cast: Cast, client: Client) -> Client:
    client.force_login(cast.teacher)
    return client


@pytest.fixture
def essay(cast: Cast) -> Activity:
    return feedback.assignment(cast.module, "Essay", scale="points", most_points=Decimal(10), rule="released")


def address(cohort: Cohort) -> str:
    return f"/teach/cohorts/{cohort.pk}/gradebook/"


def table(client: Client, cast: Cast, query: str = "") -> dict[str, dict[str, str]]:
    """By student and title of the column, what a screen reader says of the cell."""
    shown = html.fromstring(client.get(address(cast.cohort) + query).content.decode())
    heads = [said(one.find("a")) for one in shown.iterfind(".//thead//th") if one.find("a") is not None]
    rows = shown.iterfind(".//tbody/tr")
    return {said(row.find("th")): dict(zip(heads, map(said, row.iterfind("td")), strict=True)) for row in rows}


def said(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def mark(cast: Cast, step: Activity, points: str | None, who: str = "student", *, release: bool = False) -> int:
    enrolment = Enrolment.objects.get(user=cast.person(who), cohort=cast.cohort)
    sent = feedback.hand_in(enrolment, step)
    if points:
        give = feedback.release if release else feedback.feedback
        give(sent, cast.teacher, feedback.said(good_enough=None, points=Decimal(points)))
    return sent.pk


def test_each_cell_says_where_the_work_stands(cast: Cast, teacher: Client, essay: Activity) -> None:
    due(cast.cohort, cast.reading, timezone.now() - DAY)
    due(cast.cohort, cast.link, timezone.now() + DAY)
    ticks.complete(cast.enrolment, cast.reading, how="marked", evidence={}, by=cast.student)
    mark(cast, essay, None)
    assert table(teacher, cast) == {
        "Other.Student": {"Bee eyes": "Late", "A bee garden": "Not done yet", "Essay": "Not done yet"},
        "Student": {"Bee eyes": "Done", "A bee garden": "Not done yet", "Essay": "To mark"},
    }


def test_a_mark_stands_in_its_cell_with_whether_its_student_can_read_it(
    cast: Cast, teacher: Client, essay: Activity
) -> None:
    mark(cast, essay, "7.5")
    mark(cast, essay, "10", "other_student", release=True)
    assert table(teacher, cast) == {
        "Other.Student": {"Essay": "Done 10 of 10"},
        "Student": {"Essay": "To mark 7.5 of 10 not released"},
    }
    shown = teacher.get(address(cast.cohort)).content.decode()
    assert "1 piece of work is marked and not released" in " ".join(shown.split())
    assert f"/cohorts/{cast.cohort.pk}/marking/release/" in shown


def test_levels_and_verdicts_stand_there_in_words(cast: Cast, teacher: Client) -> None:
    step = feedback.assignment(cast.module, "Poster", scale="levels", levels=["<b>Good</b>", "Fair"])
    sent = feedback.hand_in(cast.enrolment, step)
    feedback.feedback(sent, cast.teacher, feedback.said(good_enough=None, level="<b>Good</b>"))
    other = feedback.assignment(cast.module, "Watch")
    feedback.release(feedback.hand_in(cast.enrolment, other), cast.teacher, feedback.said(good_enough=False))
    assert table(teacher, cast)["Student"] == {
        "Poster": "To mark <b>Good</b> not released",
        "Watch": "Handed back Not yet",
    }


def test_work_that_is_handed_in_again_stands_without_the_mark_of_before(cast: Cast, teacher: Client) -> None:
    step = feedback.assignment(cast.module)
    feedback.release(feedback.hand_in(cast.enrolment, step), cast.teacher, feedback.said(good_enough=False))
    feedback.hand_in(cast.enrolment, step, "Ten flowers.")
    assert table(teacher, cast)["Student"] == {"Watch a bee": "To mark"}


def test_a_date_that_was_agreed_is_the_one_that_counts(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, timezone.now() - DAY)
    Extension.objects.create(
        enrolment=cast.enrolment,
        activity=cast.reading,
        zone="UTC",
        agreed_wall=(timezone.now() + DAY).replace(tzinfo=None),
    )
    shown = table(teacher, cast)
    assert (shown["Student"]["Bee eyes"], shown["Other.Student"]["Bee eyes"]) == ("Not done yet", "Late")


def test_case_14_work_marked_without_names_shows_neither_mark_nor_way_until_it_is_released(
    cast: Cast, teacher: Client
) -> None:
    step = feedback.assignment(cast.module, "Essay", scale="points", most_points=Decimal(10), nameless=True)
    mine, other = mark(cast, step, "9"), mark(cast, step, "3", "other_student")
    sent = Submission.objects.get(pk=mine)
    for at in (None, timezone.now() + HOUR):
        Submission.objects.update(release_at=at)
        for query in ("", f"?by=high-{step.pk}", f"?by=low-{step.pk}", "?show=all"):
            shown = teacher.get(address(cast.cohort) + query).content.decode()
            assert "9 of 10" not in shown
            assert f"/marking/{mine}/" not in shown
            assert f"/marking/{other}/" not in shown
            # An order by marks that nobody sees would tell them.
            assert list(table(teacher, cast, query)) == ["Other.Student", "Student"]
        assert table(teacher, cast)["Student"]["Essay"] == "Being marked without names"
    Submission.objects.update(release_at=None)
    feedback.release(sent, cast.teacher, feedback.said(good_enough=True, points=Decimal(9)))
    assert table(teacher, cast)["Student"]["Essay"] == "Done 9 of 10"


def test_only_active_students_of_the_cohort_are_in_it(cast: Cast, teacher: Client, essay: Activity) -> None:
    Enrolment.objects.filter(user=cast.other_student).update(state="left")
    assert list(table(teacher, cast)) == ["Student"]


def test_what_was_taken_back_is_no_work(cast: Cast, teacher: Client, essay: Activity) -> None:
    sent = mark(cast, essay, "4")
    Submission.objects.filter(pk=sent).update(taken_back_at=timezone.now())
    assert "4 of 10" not in table(teacher, cast)["Student"]["Essay"]


def test_which_activities_stand_there_can_be_chosen(cast: Cast, teacher: Client, essay: Activity) -> None:
    other = make.ModuleFactory(course=cast.course, title="Pollen", position=1)
    make.reading(other, "Pollen.", title="Pollen baskets", position=0)
    assert list(table(teacher, cast)["Student"]) == ["Essay"]
    everything = ["Bee eyes", "Counting sheet", "A bee garden", "Essay", "Pollen baskets"]
    assert list(table(teacher, cast, "?show=all")["Student"]) == everything
    assert list(table(teacher, cast, f"?show={other.pk}")["Student"]) == ["Pollen baskets"]


def test_no_more_than_sixty_stand_beside_each_other(cast: Cast, teacher: Client) -> None:
    for number in range(61):
        make.reading(cast.module, "Bees.", title=f"Text {number}", position=100 + number)
    first = teacher.get(address(cast.cohort) + "?show=all").content.decode()
    assert len(table(teacher, cast, "?show=all")["Student"]) == 60
    assert "?show=all&amp;columns=2" in first
    assert len(table(teacher, cast, "?show=all&columns=2")["Student"]) == 4


def test_a_class_is_sorted_and_searched_over_all_its_pages(cast: Cast, teacher: Client, essay: Activity) -> None:
    for number in range(51):
        make.EnrolmentFactory(cohort=cast.cohort, user=UserFactory(display_name=f"Ant {number:02}"))
    mark(cast, essay, "3")
    mark(cast, essay, "8", "other_student")
    assert next(iter(table(teacher, cast))) == "Ant 00"
    assert list(table(teacher, cast, f"?by=high-{essay.pk}"))[:3] == ["Other.Student", "Student", "Ant 00"]
    assert list(table(teacher, cast, f"?by=low-{essay.pk}"))[:3] == ["Student", "Other.Student", "Ant 00"]
    assert list(table(teacher, cast, "?q=stud")) == ["Other.Student", "Student"]
    assert list(table(teacher, cast, f"?q=stud&by=low-{essay.pk}")) == ["Student", "Other.Student"]
    assert list(table(teacher, cast, "?page=2"))[-1] == "Student"
    head = html.fromstring(teacher.get(address(cast.cohort) + f"?by=high-{essay.pk}&q=stud").content.decode())
    assert head.find(".//th[@aria-sort]").get("aria-sort") == "descending"
    assert head.find(".//a[@class='sort']").get("href") == f"?q=stud&by=low-{essay.pk}"


def test_whoever_is_furthest_behind_comes_first_and_the_page_says_as_of_when(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, timezone.now() - DAY)
    do(Enrolment.objects.get(user=cast.other_student, cohort=cast.cohort), cast.reading)
    signals.refresh(timezone.now(), time.monotonic() + 60)
    assert list(table(teacher, cast, "?by=late")) == ["Student", "Other.Student"]
    assert "This order was worked out" in teacher.get(address(cast.cohort) + "?by=late").content.decode()


@pytest.mark.parametrize("query", ["?show=x&by=y-z&columns=0&page=x", "?by=high-99999999999999999999", "?show=-1"])
def test_what_an_address_asks_for_in_vain_is_no_error(cast: Cast, teacher: Client, essay: Activity, query: str) -> None:
    assert teacher.get(address(cast.cohort) + query).status_code == 200


def test_an_empty_cohort_says_so(cast: Cast, teacher: Client, essay: Activity) -> None:
    Enrolment.objects.students().update(state="left")
    assert "No one is in this cohort yet" in teacher.get(address(cast.cohort)).content.decode()


def test_a_course_without_anything_to_mark_says_so(cast: Cast, teacher: Client) -> None:
    assert "There is nothing here to mark" in teacher.get(address(cast.cohort)).content.decode()


def test_a_name_that_nobody_has_says_so(cast: Cast, teacher: Client, essay: Activity) -> None:
    assert "No student here has that name" in teacher.get(address(cast.cohort) + "?q=zzz").content.decode()


@pytest.mark.parametrize("query", ["", "?show=all", "?by=late", "?q=s"])
def test_it_asks_as_much_at_one_as_at_three(cast: Cast, teacher: Client, essay: Activity, query: str) -> None:
    mark(cast, essay, "7")
    few = queries(teacher, address(cast.cohort) + query)
    for number in range(3):
        student = make.EnrolmentFactory(cohort=cast.cohort)
        step = feedback.assignment(cast.module, f"Another {number}")
        due(cast.cohort, step, timezone.now() + DAY)
        feedback.release(feedback.hand_in(student, step), cast.teacher)
    assert queries(teacher, address(cast.cohort) + query) == few <= FOR_STAFF


def test_the_class_page_leads_there_for_whoever_marks(cast: Cast, client: Client) -> None:
    for who in ("teacher", "assistant"):
        client.force_login(cast.person(who))
        assert address(cast.cohort) in client.get(f"/teach/cohorts/{cast.cohort.pk}/").content.decode()
