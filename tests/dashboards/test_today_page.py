"""Today for one reader among many: several courses, their own zone, and nothing of others."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from courses.models import Activity, DueDate, Enrolment
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


def second_course(user: User) -> Enrolment:
    module = make.ModuleFactory(course__title="Moths", title="Night")
    make.reading(module, title="Moth eyes")
    return make.EnrolmentFactory(user=user, cohort__course=module.course)


def test_of_two_courses_the_one_last_visited_comes_first(cast: Cast, student: Client) -> None:
    moths = second_course(cast.student)
    Enrolment.objects.filter(pk=moths.pk).update(last_seen_at=NOW - HOUR)
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(last_seen_at=NOW - DAY)
    assert proposed(student)[0] == "Moth eyes"
    page = text(student, "/")
    assert page.index("Moths") < page.index("Bees and flowers")


def test_what_is_due_soon_in_another_course_beats_the_one_last_visited(cast: Cast, student: Client) -> None:
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(last_seen_at=NOW)
    moths = second_course(cast.student)
    due(moths.cohort, Activity.objects.get(title="Moth eyes"), NOW + DAY)
    assert proposed(student) == ("Moth eyes", "It is due soon.")


def test_finished_course_comes_after_one_that_goes_on(cast: Cast, student: Client) -> None:
    moths = second_course(cast.student)
    do(moths, Activity.objects.get(title="Moth eyes"))
    Enrolment.objects.filter(pk=moths.pk).update(last_seen_at=NOW)
    assert proposed(student)[0] == "Bee eyes"


def test_day_and_dates_are_those_of_the_students_own_zone(
    cast: Cast, student: Client, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW.replace(hour=15, minute=30))
    cast.student.timezone = "Asia/Tokyo"
    cast.student.save()
    due(cast.cohort, cast.link, NOW.replace(day=25, hour=16))
    page = text(student, "/")
    # In Tokyo it is Wednesday, half past midnight; what is due at 16:00 in London is due on Thursday there.
    assert "<h1>Wednesday. " in page
    assert "Due tomorrow, " in page
    assert "Thursday 26 November, 01:00 (Tokyo)" in page


def test_six_dates_are_shown_and_the_rest_of_three_weeks_is_counted(cast: Cast, student: Client) -> None:
    for number in range(8):
        activity = make.reading(cast.module, title=f"More {number}", position=10 + number)
        due(cast.cohort, activity, NOW + (4 + number) * DAY)
    due(cast.cohort, cast.link, NOW + 21 * DAY)
    assert waiting(student) == [f"More {number}" for number in range(6)]
    assert "and 2 more within three weeks" in text(student, "/")


def test_nothing_of_others_and_nothing_hidden_is_shown(cast: Cast, student: Client) -> None:
    other = Enrolment.objects.get(user=cast.other_student)
    do(other, cast.reading)
    visits.record_opening(other, cast.link)
    for cohort, activity in ((cast.elsewhere, cast.file), (cast.cohort, cast.draft)):
        due(cohort, activity, NOW + HOUR)
    assert proposed(student) == ("Bee eyes", "It is the first step of the course.")
    assert waiting(student) == []
    page = text(student, "/")
    assert "0 of 3 done" in page
    assert "Unfinished" not in page
    assert cast.other_student.display_name not in page
    assert DueDate.objects.count() == 2


def test_hidden_module_and_suspended_course_are_not_there(cast: Cast, student: Client) -> None:
    cast.module.published = False
    cast.module.save()
    assert proposed(student) is None
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(state="suspended")
    assert "Bees and flowers" not in text(student, "/")


def test_looking_at_today_changes_nothing(cast: Cast, student: Client) -> None:
    text(student, "/")
    assert cast.enrolment.last_seen_at is None
    assert not cast.enrolment.visits.exists()
