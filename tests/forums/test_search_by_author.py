"""What somebody wrote in a forum, found by the name that the reader sees, and nothing that was said without one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from accounts.models import User
from forums.models import Forum, Post, Thread
from tests.cast import Cast
from tests.factories.forums import reply, thread

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


@pytest.fixture
def talk(cast: Cast) -> Cast:
    """The student asks twice, once without a name; another student and the teacher answer."""
    for person, name in ((cast.student, "Ada Byron Lovelace"), (cast.other_student, "Grace Hopper")):
        person.display_name = name
        person.save()
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    asked = thread(cast.cohort, cast.student, "Why do bees dance?", source="I saw a **waggle**.")
    reply(asked, cast.other_student, "A waggle tells the way.")
    reply(asked, cast.teacher, "Well seen.")
    thread(cast.cohort, cast.student, "Am I alone?", source="I never saw a waggle.", anonymous=True)
    return cast


def found(client: Client, cohort: int, **asked: str) -> list[str]:
    answer = client.get(f"/cohorts/{cohort}/forum/", asked)
    assert answer.status_code == 200
    keys = [int(hit.url.split("/")[-2]) for hit in answer.context["hits"]]
    return [Post.objects.get(pk=key).source for key in keys]


def test_words_and_a_name_find_what_that_person_said_with_them(talk: Cast, as_user: SignIn) -> None:
    client, cohort = as_user(talk.other_student), talk.cohort.pk
    assert len(found(client, cohort, q="waggle")) == 3
    assert found(client, cohort, q="waggle", by="lovelace") == ["I saw a **waggle**."]
    assert found(client, cohort, q="waggle", by="grace") == ["A waggle tells the way."]
    assert found(client, cohort, q="elephant", by="grace") == []
    assert found(client, cohort, q="waggle", by="nobody") == []


def test_name_alone_finds_all_that_person_said_the_latest_first(talk: Cast, as_user: SignIn) -> None:
    reply(Thread.objects.get(title="Why do bees dance?"), talk.student, "Thank you.")
    client = as_user(talk.other_student)
    page = client.get(f"/cohorts/{talk.cohort.pk}/forum/", {"by": "Ada"}).content.decode()
    assert found(client, talk.cohort.pk, by="Ada") == ["Thank you.", "I saw a **waggle**."]
    assert "<bdi>Ada Byron Lovelace</bdi>" in page
    assert 'name="by" value="Ada"' in page


@pytest.mark.parametrize("role", ["student", "other_student", "teacher", "admin"])
def test_post_without_a_name_is_found_by_none(talk: Cast, as_user: SignIn, role: str) -> None:
    client = as_user(talk.person(role))
    for asked in ({"by": "Ada"}, {"by": "Ada", "q": "waggle"}, {"by": "Anonymous"}, {"by": "Anonymous", "q": "waggle"}):
        assert "I never saw a waggle." not in found(client, talk.cohort.pk, **asked)


def test_minor_is_found_by_what_classmates_see_of_the_name(talk: Cast, as_user: SignIn) -> None:
    User.objects.filter(pk=talk.student.pk).update(minor=True)
    classmate, teacher = as_user(talk.other_student), as_user(talk.teacher)
    assert found(classmate, talk.cohort.pk, by="Ada L.") == ["I saw a **waggle**."]
    assert found(classmate, talk.cohort.pk, by="Byron") == []
    assert found(teacher, talk.cohort.pk, by="Byron") == ["I saw a **waggle**."]


def test_other_cohort_is_not_searched(talk: Cast, as_user: SignIn) -> None:
    thread(talk.elsewhere, talk.elsewhere_student, "In another room", source="A waggle as well.")
    assert found(as_user(talk.student), talk.cohort.pk, by=str(talk.elsewhere_student)) == []


def test_a_search_keeps_to_what_nobody_answered_and_to_where_one_wrote(talk: Cast, as_user: SignIn) -> None:
    thread(talk.cohort, talk.student, "Which bee?", source="Waggle, bee.")
    client, cohort = as_user(talk.other_student), talk.cohort.pk
    where_i_wrote = {"I saw a **waggle**.", "A waggle tells the way."}
    assert set(found(client, cohort, q="waggle", show="mine")) == where_i_wrote
    assert set(found(client, cohort, q="waggle", show="unanswered")) == {"I never saw a waggle.", "Waggle, bee."}
    for words in ({"q": "waggle", "by": "Ada"}, {"by": "Ada"}):
        assert found(client, cohort, **words, show="mine") == ["I saw a **waggle**."]
        assert found(client, cohort, **words, show="unanswered") == ["Waggle, bee."]
    page = html.fromstring(client.get(f"/cohorts/{cohort}/forum/?q=a%26b&show=mine").content)
    [kept] = page.xpath('//form[@role="search"]//input[@name="show"]/@value')
    assert kept == "mine"
    assert "?q=a%26b&by=&show=unanswered" in page.xpath("//main//a/@href")


@pytest.mark.parametrize("asked", [{"by": "Ada"}, {"by": "Ada", "q": "waggle"}, {"q": "waggle", "show": "mine"}])
def test_it_costs_six_queries(talk: Cast, as_user: SignIn, asked: dict[str, str]) -> None:
    client, path = as_user(talk.other_student), f"/cohorts/{talk.cohort.pk}/forum/"
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path, asked)
    assert len(queries) <= 6, [query["sql"][:120] for query in queries]
