"""Where work stands as its student sees it elsewhere: lesson, outline, Today, dates, and the course's own page."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import Activity, DueDate
from progress.services import waits
from tests.cast import Cast
from tests.factories import feedback as make
from tests.feedback.test_handing_in_pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(cast: Cast, client: Client) -> Activity:
    client.force_login(cast.student)
    return make.assignment(cast.module)


def test_handed_back_it_is_proposed_with_its_day(cast: Cast, client: Client, step: Activity) -> None:
    DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=datetime(2026, 3, 1, 12))
    again = timezone.now().date() + timedelta(days=9)
    make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False, again_on=again))
    today = words(client.get("/").content)
    assert f"Handed back: try again by {again:%A} {again.day} {again:%B}." in today
    assert "Handed back: your turn" in words(client.get(f"/courses/{cast.course.pk}/").content)
    assert "Handed back: your turn" in words(client.get(f"/lessons/{step.pk}/").content)
    assert "Handed back: your turn" in words(client.get("/dates/").content)


def test_without_a_day_it_is_proposed_all_the_same(cast: Cast, client: Client, step: Activity) -> None:
    make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False))
    assert "Handed back: try again when you are ready." in words(client.get("/").content)


def test_with_the_teacher_the_day_of_the_promise_stands_in_the_outline(
    cast: Cast, client: Client, step: Activity
) -> None:
    make.hand_in(cast.enrolment, step)
    page = words(client.get(f"/courses/{cast.course.pk}/").content)
    assert "Feedback promised by" in page
    assert "Watch a bee" not in words(client.get("/").content).partition("Your progress")[0]


def test_who_is_excused_reads_so_everywhere(cast: Cast, client: Client, step: Activity) -> None:
    wall = datetime(2031, 3, 1, 12)
    DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=wall)
    waits.excuse(cast.enrolment, step, "Ill.")
    for address in (f"/courses/{cast.course.pk}/", "/dates/"):
        assert "Excused" in words(client.get(address).content), address
    lesson = words(client.get(f"/lessons/{step.pk}/").content)
    assert "You are excused. Nothing is left to do here." in lesson
    assert "With your teacher" not in lesson


def test_the_course_leads_to_its_feedback_where_it_has_assignments(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    address = f'href="/courses/{cast.course.pk}/feedback/"'
    assert address not in client.get(f"/courses/{cast.course.pk}/").content.decode()
    make.assignment(cast.module)
    assert address in client.get(f"/courses/{cast.course.pk}/").content.decode()
    client.force_login(cast.teacher)
    assert address not in client.get(f"/courses/{cast.course.pk}/").content.decode()
