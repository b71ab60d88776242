"""What a discussion asks is found by the search of its course, and leads to where it stands."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Activity
from courses.services import texts
from forums.models import Discussion
from forums.tasks import renew_posts
from tests.cast import Cast
from tests.courses.searching import leads_to, titles
from tests.factories import forums as make

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
ASKED = "What would you miss?\n\nThink of the lavender."


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.discussion(cast.module, source=ASKED)


def save(client: Client, step: Activity, source: str, **more: object) -> None:
    sent = {"title": "Bees and us", "rule": "talked", "format": "markdown", "source": source, "posts_needed": "1"}
    sent |= {"replies_needed": "1", "required": "on", "published": "on", **more}
    assert client.post(f"/edit/activities/{step.pk}/", sent).status_code == 302


def test_what_is_asked_is_found_as_it_is_now(cast: Cast, step: Activity, as_user: SignIn) -> None:
    student = as_user(cast.student)
    assert leads_to(student, cast.course, "lavender") == [(step.pk, "p-2")]
    save(as_user(cast.editor), step, "Think of the thyme.")
    assert titles(cast.course, "lavender") == []
    assert leads_to(student, cast.course, "thyme") == [(step.pk, "p-1")]


def test_what_a_draft_asks_is_not_found_by_students(cast: Cast, step: Activity, as_user: SignIn) -> None:
    save(as_user(cast.editor), step, ASKED, published="")
    assert leads_to(as_user(cast.student), cast.course, "lavender") == []
    assert leads_to(as_user(cast.editor), cast.course, "lavender") == [(step.pk, "p-2")]


def test_what_was_stored_before_is_found_after_the_job_which_then_rests(
    cast: Cast, step: Activity, as_user: SignIn
) -> None:
    texts.index(step, [])
    Discussion.objects.update(cleaned_by=0)
    assert titles(cast.course, "lavender") == []
    assert [renew_posts() for _ in range(2)] == [1, 0]
    assert leads_to(as_user(cast.student), cast.course, "lavender") == [(step.pk, "p-2")]


def test_of_what_cannot_be_rendered_again_the_words_are_found(cast: Cast, step: Activity, as_user: SignIn) -> None:
    texts.index(step, [])
    Discussion.objects.update(cleaned_by=0, format="html", source="<div>" * 5000)
    assert [renew_posts() for _ in range(2)] == [1, 0]
    assert leads_to(as_user(cast.student), cast.course, "lavender") == [(step.pk, "p-2")]
