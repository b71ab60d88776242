"""Which names are offered behind "@": of people in the cohort, as classmates see them."""

from collections.abc import Callable

import pytest
from django.test import Client
from lxml import html

from accounts.models import User
from courses.models import Enrolment
from forums.services.texts import named_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


@pytest.fixture
def named(cast: Cast) -> Cast:
    for person, name in (
        (cast.student, "Ada Byron Lovelace"),
        (cast.other_student, "Grace Hopper"),
        (cast.teacher, "Ada Yonath"),
        (cast.elsewhere_student, "Adam Elsewhere"),
    ):
        person.display_name = name
        person.save()
    return cast


def offered(client: Client, cast: Cast, typed: str) -> list[str]:
    page = client.get(f"/cohorts/{cast.cohort.pk}/forum/names/", {"q": typed}).content.decode()
    return [one.text for one in html.fromstring(f"<ul>{page}</ul>").findall("li")]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("a", ["Ada Byron Lovelace", "Ada Yonath", "Assistant"]),
        ("ADA", ["Ada Byron Lovelace", "Ada Yonath"]),
        ("ada y", ["Ada Yonath"]),
        ("lovel", ["Ada Byron Lovelace"]),
        ("ace", []),
        ("ada ", ["Ada Byron Lovelace", "Ada Yonath"]),
        ("Ada Yonath ", []),
        ("%", []),
        (" ", []),
        ("", []),
    ],
)
def test_names_in_which_a_word_begins_like_what_was_typed(
    named: Cast, as_user: SignIn, typed: str, names: list[str]
) -> None:
    assert offered(as_user(named.other_student), named, typed) == names


def test_one_is_not_offered_oneself_nor_anybody_who_left(named: Cast, as_user: SignIn) -> None:
    Enrolment.objects.filter(user=named.teacher).update(state="left")
    assert offered(as_user(named.student), named, "ada") == []


def test_what_is_offered_of_a_minor_says_no_more_than_classmates_see_and_names_them(
    named: Cast, as_user: SignIn
) -> None:
    User.objects.filter(pk=named.student.pk).update(minor=True)
    for person in (named.other_student, named.teacher):
        assert "Ada L." in offered(as_user(person), named, "ada l")
        assert offered(as_user(person), named, "byron") == []
    assert named_in("Thanks, @Ada L. and all!", named.cohort) == [named.student.pk]


def test_name_is_offered_as_words_whatever_it_holds(named: Cast, as_user: SignIn) -> None:
    User.objects.filter(pk=named.student.pk).update(display_name="<b>Ada</b>")
    answer = as_user(named.other_student).get(f"/cohorts/{named.cohort.pk}/forum/names/", {"q": "<b>"})
    assert "&lt;b&gt;Ada&lt;/b&gt;" in answer.content.decode()
