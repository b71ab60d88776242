"""What a search of a forum shows first, and how it goes on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from forums.models import Post
from forums.services import talk
from forums.views.forum import FOUND
from tests.cast import Cast
from tests.factories.forums import reply, thread

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


def found(client: Client, cohort: int, **asked: object) -> list[str]:
    hits = client.get(f"/cohorts/{cohort}/forum/", asked).context["hits"]
    keys = [int(hit.url.split("/")[-2]) for hit in hits]
    return [Post.objects.get(pk=key).source for key in keys]


def written(post: Post, *, days_ago: int) -> None:
    Post.objects.filter(pk=post.pk).update(created_at=timezone.now() - timedelta(days=days_ago))


def test_thread_that_is_called_so_comes_first_and_then_the_latest(cast: Cast, as_user: SignIn) -> None:
    called = thread(cast.cohort, cast.student, "Waggle dances of bees", source="What are they for?")
    other = thread(cast.cohort, cast.student, "Flowers", source="Bees dance.")
    long = reply(other, cast.other_student, "Bees dance, bees dance, and bees dance again.")
    late = reply(called, cast.teacher, "So that bees know where to go: they dance it.")
    for days, post in enumerate([late, long, *Post.objects.filter(number=1).order_by("-pk")]):
        written(post, days_ago=days)
    assert found(as_user(cast.observer), cast.cohort.pk, q="dancing bees") == [
        "What are they for?",
        "So that bees know where to go: they dance it.",
        "Bees dance, bees dance, and bees dance again.",
        "Bees dance.",
    ]


def test_a_half_of_the_words_in_a_title_is_no_title_of_them(cast: Cast, as_user: SignIn) -> None:
    half = thread(cast.cohort, cast.student, "Bees", source="They dance.")
    reply(half, cast.other_student, "Which bees dance?")
    written(half.posts.get(number=1), days_ago=1)
    assert found(as_user(cast.observer), cast.cohort.pk, q="bees dance") == ["Which bees dance?", "They dance."]


@pytest.mark.parametrize("asked", [{"q": "waggle"}, {"by": "teacher"}, {"q": "waggle", "by": "teacher"}])
def test_what_does_not_fit_on_a_page_follows_on_the_next(cast: Cast, as_user: SignIn, asked: dict[str, str]) -> None:
    User.objects.filter(pk=cast.teacher.pk).update(display_name="Your teacher")
    one, client = thread(cast.cohort, cast.student, "Dances", source="How?"), as_user(cast.observer)
    for number in range(FOUND + 3):
        written(reply(one, cast.teacher, f"A waggle {number}."), days_ago=number)
    first, second = (found(client, cast.cohort.pk, page=page, **asked) for page in (1, 2))
    assert first == [f"A waggle {number}." for number in range(FOUND)]
    assert second == [f"A waggle {number}." for number in range(FOUND, FOUND + 3)]
    shown = client.get(f"/cohorts/{cast.cohort.pk}/forum/", asked).content.decode()
    assert f'href="?{"&amp;".join(f"{name}={value}" for name, value in asked.items())}&amp;page=2"' in shown


def test_what_was_deleted_since_is_not_found(cast: Cast, as_user: SignIn) -> None:
    one = thread(cast.cohort, cast.student, "Dances", source="How?")
    said = reply(one, cast.other_student, "By a waggle.")
    assert found(as_user(cast.observer), cast.cohort.pk, q="waggle") == ["By a waggle."]
    talk.delete(said, by=cast.other_student)
    assert found(as_user(cast.observer), cast.cohort.pk, q="waggle") == []
