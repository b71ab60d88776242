"""Today: one sentence, one next step with its reason, what is due, what is new."""

from datetime import timedelta

import pytest
from django.test import Client

from courses.models import Activity
from progress.services import visits
from tests.cast import Cast
from tests.dashboards.steps import NOW, do, due, proposed, text, waiting
from tests.factories import courses as make

pytestmark = pytest.mark.usefixtures("clock")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def student(cast: Cast, client: Client) -> Client:
    client.force_login(cast.student)
    return client


def all_activities(cast: Cast) -> list[Activity]:
    return [cast.reading, cast.file, cast.link]


def test_beginner_starts_at_the_first_step(student: Client) -> None:
    assert proposed(student) == ("Bee eyes", "It is the first step of the course.")
    assert "Tuesday. 11 minutes would finish “Nectar”." in text(student, "/")


def test_what_comes_next_in_the_course_follows_what_was_done(cast: Cast, student: Client) -> None:
    do(cast.enrolment, cast.reading)
    assert proposed(student) == ("Counting sheet", "It comes next in the course.")
    assert "Tuesday. 10 minutes would finish “Nectar”." in text(student, "/")


def test_what_comes_after_lessons_that_were_skipped_says_so(cast: Cast, student: Client) -> None:
    do(cast.enrolment, cast.file)
    visits.record_opening(cast.enrolment, cast.file)
    assert proposed(student) == (
        "A bee garden",
        "It comes after the lesson you opened last. Some earlier lessons are still to do.",
    )


def test_what_was_opened_and_not_finished_goes_on(cast: Cast, student: Client) -> None:
    visits.record_opening(cast.enrolment, cast.link)
    assert proposed(student) == ("A bee garden", "You have started it and can carry on.")
    assert "Continue" in text(student, "/")


def test_long_module_is_told_by_its_next_step(cast: Cast, student: Client) -> None:
    Activity.objects.filter(pk=cast.link.pk).update(minutes=55)
    assert "Tuesday. 1 minute is enough for the next step." in text(student, "/")


@pytest.mark.parametrize(
    ("from_now", "expected"),
    [
        (3 * DAY - HOUR, ("A bee garden", "It is due soon.")),
        (3 * DAY + HOUR, ("Bee eyes", "It is the first step of the course.")),
        (-HOUR, ("A bee garden", "It is overdue, but you can still do it.")),
        (-40 * DAY, ("A bee garden", "It is overdue, but you can still do it.")),
    ],
)
def test_what_is_due_soon_or_late_goes_before_the_order_of_the_course(
    cast: Cast, student: Client, from_now: timedelta, expected: tuple[str, str]
) -> None:
    due(cast.cohort, cast.link, NOW + from_now)
    assert proposed(student) == expected


def test_of_two_dates_the_earlier_comes_first(cast: Cast, student: Client) -> None:
    due(cast.cohort, cast.file, NOW + DAY)
    due(cast.cohort, cast.link, NOW - DAY)
    assert proposed(student) == ("A bee garden", "It is overdue, but you can still do it.")
    assert waiting(student) == ["A bee garden", "Counting sheet"]


def test_what_is_closed_is_neither_due_nor_proposed(cast: Cast, student: Client) -> None:
    due(cast.cohort, cast.reading, NOW - 2 * DAY, closes=NOW - DAY)
    assert waiting(student) == []
    assert proposed(student)[0] == "Counting sheet"


def test_nothing_is_proposed_when_all_that_is_left_is_closed(cast: Cast, student: Client) -> None:
    do(cast.enrolment, cast.file, cast.link)
    due(cast.cohort, cast.reading, NOW - 2 * DAY, closes=NOW - DAY)
    assert proposed(student) is None


def test_late_step_that_is_still_open_says_so(cast: Cast, student: Client) -> None:
    due(cast.cohort, cast.reading, NOW - DAY, closes=NOW + DAY)
    assert proposed(student) == ("Bee eyes", "It is overdue, but you can still do it.")
    assert "Late: was due" in text(student, "/")


def test_what_is_done_is_not_due(cast: Cast, student: Client) -> None:
    due(cast.cohort, cast.reading, NOW + DAY)
    do(cast.enrolment, cast.reading)
    assert waiting(student) == []


def test_what_was_added_after_the_end_is_proposed_as_new(cast: Cast, student: Client) -> None:
    do(cast.enrolment, *all_activities(cast), at=NOW - 2 * DAY)
    make.reading(cast.module, title="Bee ears", position=9, published_at=NOW - DAY)
    assert proposed(student) == ("Bee ears", "It was added after you finished.")
    page = text(student, "/")
    assert "Added since you finished." in page
    assert "1 new" in page


def test_what_was_changed_since_it_was_done_stands_under_new_and_is_not_proposed(cast: Cast, student: Client) -> None:
    do(cast.enrolment, *all_activities(cast))
    Activity.objects.filter(pk=cast.reading.pk).update(revision=2)
    assert proposed(student) is None
    assert "Changed since you did it. It still counts as done." in text(student, "/")


def test_optional_steps_come_last_and_say_so(cast: Cast, student: Client) -> None:
    make.reading(cast.module, title="Bee jokes", position=9, required=False)
    assert proposed(student)[0] == "Bee eyes"
    do(cast.enrolment, *all_activities(cast))
    assert proposed(student) == ("Bee jokes", "It is optional. Everything else is done.")


def test_nothing_left_says_so_and_keeps_the_way_back(cast: Cast, student: Client) -> None:
    do(cast.enrolment, *all_activities(cast))
    page = text(student, "/")
    assert "Tuesday. You are up to date." in page
    assert "You have done everything." in page
    assert "Finished" in page


def test_without_a_course_today_says_what_will_stand_here(cast: Cast, client: Client) -> None:
    client.force_login(cast.outsider)
    page = text(client, "/")
    assert "There is nothing to do yet." in page
    assert "You are up to date." not in page
    assert "You are not in a course yet." in page
    assert "Your progress" not in page
