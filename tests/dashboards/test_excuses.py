"""A student is excused from a step: nobody waits for it, and what stood before comes back."""

import re

import pytest
from django.test import Client

from courses.kinds import Who
from courses.models import Activity
from progress.models import Waiting
from progress.services import waits
from tests.cast import Cast
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


def address(cast: Cast) -> str:
    return f"/teach/students/{cast.enrolment.pk}/excuses/"


def standing(step: Activity) -> Waiting | None:
    return Waiting.objects.filter(activity=step, ended_at=None).first()


def test_the_student_reads_why(cast: Cast, client: Client, step: Activity) -> None:
    client.force_login(cast.assistant)
    page = client.post(address(cast), {"activity": step.pk, "reason": "You did <this> last year."}, follow=True)
    assert "is excused from “Watch a bee”." in page.text
    client.force_login(cast.student)
    assert "You did &lt;this&gt; last year." in client.get(f"/lessons/{step.pk}/").text


def test_undone_it_is_handed_back_as_before(cast: Cast, client: Client, step: Activity) -> None:
    make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False))
    client.force_login(cast.teacher)
    page = client.post(address(cast), {"activity": step.pk, "reason": "Ill."}, follow=True)
    assert standing(step).waits_for == Who.NOBODY
    client.post(re.search(r'action="(/undo/[^"]+)"', page.text)[1])
    assert (standing(step).waits_for, standing(step).reason) == (Who.STUDENT, "")


def test_work_that_is_with_the_teacher_is_not_offered(cast: Cast, client: Client, step: Activity) -> None:
    make.hand_in(cast.enrolment, step)
    client.force_login(cast.teacher)
    answer = client.post(address(cast), {"activity": step.pk, "reason": "Ill."})
    assert answer.status_code == 422
    assert "Ill." in answer.text
    assert standing(step).waits_for == Who.TEACHER


def test_no_longer_excused_it_is_asked_for_again(cast: Cast, client: Client, step: Activity) -> None:
    waits.excuse(cast.enrolment, step, "Ill.")
    client.force_login(cast.teacher)
    assert "Ill." in client.get(address(cast)).text
    client.post(address(cast), {"take_back": step.pk})
    assert standing(step) is None
    page = client.post(address(cast), {"take_back": step.pk}, follow=True)
    assert "They are not excused from this step any more." in page.text


def test_no_longer_excused_a_step_that_was_handed_back_is_handed_back_again(
    cast: Cast, client: Client, step: Activity
) -> None:
    make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False))
    since = standing(step).since
    client.force_login(cast.teacher)
    for reason in ("Ill.", "Still ill.", "Ill again."):
        client.post(address(cast), {"activity": step.pk, "reason": reason})
        if reason != "Ill.":
            client.post(address(cast), {"take_back": step.pk})
            assert (standing(step).waits_for, standing(step).since, standing(step).reason) == (Who.STUDENT, since, "")
    client.force_login(cast.student)
    assert "Handed back" in client.get("/").text


def test_what_ended_before_the_excuse_does_not_come_back(cast: Cast, client: Client, step: Activity) -> None:
    make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False))
    waits.end_wait(cast.enrolment, step)
    waits.excuse(cast.enrolment, step, "Ill.")
    client.force_login(cast.teacher)
    client.post(address(cast), {"take_back": step.pk})
    assert standing(step) is None
