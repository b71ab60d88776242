"""After weeks away Today is glad, and offers one short step."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from courses.models import Enrolment
from progress.services import visits
from tests.cast import Cast
from tests.dashboards.steps import NOW, do, due, proposed, text
from tests.factories import courses as make

pytestmark = pytest.mark.usefixtures("clock")
DAY = timedelta(days=1)
GLAD = "Good to see you again."


@pytest.fixture
def student(cast: Cast, client: Client) -> Client:
    client.force_login(cast.student)
    return client


def last_seen(enrolment: Enrolment, days: float) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(last_seen_at=NOW - days * DAY)


def minutes(cast: Cast, **times: int) -> None:
    for name, length in times.items():
        activity = getattr(cast, name)
        activity.minutes = length
        activity.save(update_fields=["minutes"])


@pytest.mark.parametrize(("days", "is_back"), [(0.5, False), (13.9, False), (14, True), (90, True)])
def test_from_two_weeks_on_today_is_glad(student: Client, cast: Cast, days: float, is_back: bool) -> None:
    last_seen(cast.enrolment, days)
    page = text(student, "/")
    assert (GLAD in page) is is_back
    assert ("everything you did still counts" in page) is is_back


def test_who_was_never_here_is_not_welcomed_back(student: Client, cast: Cast) -> None:
    assert GLAD not in text(student, "/")


def test_who_was_in_another_course_yesterday_was_not_away(student: Client, cast: Cast) -> None:
    last_seen(cast.enrolment, 40)
    moths = make.EnrolmentFactory(user=cast.student, cohort__course__title="Moths")
    last_seen(moths, 1)
    assert GLAD not in text(student, "/")


def test_the_way_back_is_the_shortest_of_what_could_come_next(student: Client, cast: Cast) -> None:
    minutes(cast, reading=40, file=25, link=3)
    due(cast.cohort, cast.file, NOW - 9 * DAY)
    due(cast.cohort, cast.link, NOW - 8 * DAY)
    last_seen(cast.enrolment, 1)
    assert proposed(student) == (cast.file.title, "It is overdue, but you can still do it.")
    last_seen(cast.enrolment, 21)
    assert proposed(student) == (cast.link.title, "A short step to get going again.")
    page = text(student, "/")
    assert "3 minutes are enough for today." in page
    assert "overdue" not in page


def test_what_comes_much_later_in_the_course_is_no_way_back(student: Client, cast: Cast) -> None:
    minutes(cast, reading=10, file=2, link=1)
    last_seen(cast.enrolment, 30)
    assert proposed(student)[0] == cast.reading.title


def test_what_was_begun_may_be_the_way_back(student: Client, cast: Cast, clock: time_machine.Traveller) -> None:
    minutes(cast, reading=10, file=2, link=30)
    clock.move_to(NOW - 20 * DAY)
    visits.record_opening(cast.enrolment, cast.file)
    visits.record_opening(cast.enrolment, cast.reading)
    clock.move_to(NOW)
    assert proposed(student)[0] == cast.file.title


def test_today_and_the_course_propose_the_same_to_who_comes_back(student: Client, cast: Cast) -> None:
    minutes(cast, reading=40, file=25, link=3)
    due(cast.cohort, cast.file, NOW - 9 * DAY)
    due(cast.cohort, cast.link, NOW - 8 * DAY)
    last_seen(cast.enrolment, 21)
    first = proposed(student)[0]
    course = student.get(f"/courses/{cast.course.pk}/").context["next"]
    assert (first, course.title) == (cast.link.title, cast.link.title)


def test_one_visit_to_the_course_ends_the_welcome(student: Client, cast: Cast) -> None:
    last_seen(cast.enrolment, 21)
    student.get(f"/lessons/{cast.reading.pk}/")
    assert GLAD not in text(student, "/")


def test_who_finished_everything_before_is_not_offered_a_way_back(student: Client, cast: Cast) -> None:
    do(cast.enrolment, cast.reading, cast.file, cast.link, at=NOW - 30 * DAY)
    last_seen(cast.enrolment, 21)
    page = text(student, "/")
    assert GLAD not in page
    assert "You have done everything." in page
