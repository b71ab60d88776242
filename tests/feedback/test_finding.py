"""What is asked of students is found, and leads to where it stands; a model answer is found by nobody."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Activity, Passage
from courses.services import texts
from feedback.models import Assignment
from feedback.tasks import renew_texts
from tests.cast import Cast
from tests.courses.searching import leads_to, titles
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db
AsUser = Callable[[User | None], Client]
ASKED, ANSWER = "Watch one bee.\n\nThen draw the lavender.", "The rosemary was in bloom."


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module, source=ASKED, model_source=ANSWER)


def save(client: Client, step: Activity, source: str, model: str = ANSWER, **more: object) -> None:
    sent = {"title": "Watch a bee", "rule": "enough", "source": source, "model_source": model, "format": "markdown"}
    sent |= {"takes_text": "on", "scale": "enough", "grace_minutes": "15", "required": "on", "published": "on", **more}
    assert client.post(f"/edit/activities/{step.pk}/", sent).status_code == 302


def test_instructions_are_found_as_they_are_now(cast: Cast, step: Activity, as_user: AsUser) -> None:
    student = as_user(cast.student)
    assert leads_to(student, cast.course, "lavender") == [(step.pk, "p-2")]
    save(as_user(cast.editor), step, "Draw the thyme.")
    assert titles(cast.course, "lavender") == []
    assert leads_to(student, cast.course, "thyme") == [(step.pk, "p-1")]


def test_instructions_of_a_draft_are_not_found_by_students(cast: Cast, step: Activity, as_user: AsUser) -> None:
    save(as_user(cast.editor), step, ASKED, published="")
    assert leads_to(as_user(cast.student), cast.course, "lavender") == []
    assert leads_to(as_user(cast.editor), cast.course, "lavender") == [(step.pk, "p-2")]


def test_model_answer_is_found_by_nobody(cast: Cast, step: Activity, as_user: AsUser) -> None:
    make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said())
    Assignment.objects.update(cleaned_by=0)
    renew_texts()
    save(as_user(cast.editor), step, ASKED)
    for person in (cast.student, cast.teacher, cast.editor, cast.admin):
        found = as_user(person).get(f"/courses/{cast.course.pk}/search/", {"q": "rosemary"}).context["found"]
        assert found.total == 0, person


def test_what_was_stored_before_is_found_after_the_job_which_then_rests(
    cast: Cast, step: Activity, as_user: AsUser
) -> None:
    texts.index(step, [])
    Assignment.objects.update(cleaned_by=0)
    assert titles(cast.course, "lavender") == []
    assert [renew_texts() for _ in range(2)] == [1, 0]
    assert leads_to(as_user(cast.student), cast.course, "lavender") == [(step.pk, "p-2")]


def test_of_what_cannot_be_rendered_again_the_words_are_found(cast: Cast, step: Activity, as_user: AsUser) -> None:
    texts.index(step, [])
    Assignment.objects.update(cleaned_by=0, format="html", source="<div>" * 5000)
    assert [renew_texts() for _ in range(2)] == [1, 0]
    assert leads_to(as_user(cast.student), cast.course, "lavender") == [(step.pk, "p-2")]
    assert not Passage.objects.filter(activity=step, text__contains="rosemary").exists()
