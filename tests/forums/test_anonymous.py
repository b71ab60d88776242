"""Posts without a name: whatever a classmate or a teacher opens reads the same, whoever of two students wrote them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import unified_diff

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from forums.models import Forum, Post, Thread
from forums.services import answers, moderation, reading, talk, topics
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories.forums import discussion, reply, sending, thread

pytestmark = pytest.mark.django_db
# What differs from one visit to the next.
PASSING = re.compile(
    r'(name="csrfmiddlewaretoken" value|X-CSRFToken&quot;:|datetime|nonce)="?[^"&]*'
    r'|"(?:token|csrf)": "[^"]*"'
    r"|\b\d\d?:\d\d\b|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
PAGES = (
    "/",
    "/inbox/",
    "/forum/",
    "/forum/unanswered/",
    "/cohorts/{cohort}/forum/",
    "/cohorts/{cohort}/forum/?show=unanswered",
    "/cohorts/{cohort}/forum/?show=unread",
    "/cohorts/{cohort}/forum/?show=mine",
    "/cohorts/{cohort}/forum/?q=honey",
    "/cohorts/{cohort}/forum/?q=honey&by=other",
    "/cohorts/{cohort}/forum/?by=other",
    "/cohorts/{cohort}/forum/names/?q=s",
    "/cohorts/{cohort}/forum/similar/?title=honey",
    "/cohorts/{cohort}/people/",
    "/courses/{course}/search/?q=honey",
    "/courses/{course}/forum/found/?q=honey",
    "/forum/found/?q=honey",
    "/courses/{course}/notes.md",
    "/lessons/{reading}/",
    "/lessons/{reading}/talk/",
    "/threads/{asked}/",
    "/threads/{asked}/reply/?quote=1",
    "/threads/{asked}/reply/?to=3&quote=3",
    "/threads/{asked}/news/?after=1",
    "/threads/{other}/",
    "/threads/{other}/reply/?quote=2",
    "/posts/{post}/history/",
    "/posts/{post}/author/",
    "/posts/{post}/report/",
    "/posts/{post}/hide/",
    "/threads/{asked}/move/",
    "/threads/{asked}/duplicate/",
    "/teach/",
    "/teach/cohorts/{cohort}/",
    "/teach/students/{one}/",
    "/teach/students/{two}/",
)


@contextmanager
def undone() -> Iterator[None]:
    """What is made is taken back, and its numbers are given again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        before = cursor.fetchall()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        for name, value in before:
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f"public.{name}", value or 1, value is not None])


def talked(cast: Cast, author: User, peer: User) -> dict[str, int]:
    """A question and a reply without a name, and all that others can do about them."""
    asked = thread(cast.cohort, author, "Whose honey?", "Honey.", anonymous=True, activity=cast.reading)
    first = asked.posts.get()
    to_peer = reply(asked, peer, "The bees'.")
    reply(asked, author, "And ours?", anonymous=True)
    reply(asked, cast.teacher, "A good question.")
    reply(asked, author, "I wonder too, under my name." if author == peer else "Still honey.", anonymous=True)
    talk.edit(first, "Honey, all of it.", title="Whose honey is it?", by=author)
    answers.accept(to_peer, by=author, accepted=True)
    other = thread(cast.cohort, peer, "How long is a dance?", "A dance of honey.")
    helpful = reply(other, author, "A minute of honey.", anonymous=True)
    answers.endorse(helpful, by=cast.teacher, endorsed=True)
    answers.accept(helpful, by=peer, accepted=True)
    reading.mark_thread(other, author)
    hidden = reply(other, author, "Bad honey.", anonymous=True)
    moderation.hide(hidden, "Not kind.", by=cast.teacher)
    talk.delete(reply(other, author, "Gone honey.", anonymous=True), by=author)
    waiting = thread(cast.cohort, author, "Who has honey?", "Honey?", anonymous=True)
    return {"asked": asked.pk, "other": other.pk, "post": first.pk, "waiting": waiting.pk}


def seen(person: User, addresses: list[str]) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    return {address: f"{page.status_code} {PASSING.sub('', page.content.decode())}" for address in addresses
            if (page := client.get(address))}  # fmt: skip


@pytest.fixture
def peer(cast: Cast) -> User:
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    # Two who are alike in everything that a list is sorted by or counts.
    return make.EnrolmentFactory(cohort=cast.cohort).user


@pytest.mark.parametrize("role", ["peer", "observer", "teacher", "assistant", "admin"])
def test_every_page_reads_the_same_whichever_of_two_students_wrote(role: str, cast: Cast, peer: User) -> None:
    viewer = peer if role == "peer" else cast.person(role)
    one, two = cast.enrolment, make_enrolment(cast.other_student)
    found = []
    for author in (cast.student, cast.other_student):
        with undone():
            made = talked(cast, author, peer)
            places = {"cohort": cast.cohort.pk, "course": cast.course.pk, "reading": cast.reading.pk, **made}
            addresses = [page.format(**places, one=one.pk, two=two) for page in PAGES]
            seen(viewer, addresses[:1])
            found.append(seen(viewer, addresses))
    assert any("Anonymous" in page for page in found[0].values())
    for address, page in found[0].items():
        told = [*unified_diff(page.splitlines(), found[1][address].splitlines(), lineterm="", n=0)]
        assert not told, "\n".join([address, *told])


def make_enrolment(person: User) -> int:
    return person.enrolments.get().pk


def test_a_reply_of_ones_own_under_ones_name_counts_as_that_of_anybody(cast: Cast, peer: User) -> None:
    """A question that such a reply left unanswered would tell who asked it."""
    asked = thread(cast.cohort, cast.student, anonymous=True)
    reply(asked, cast.student, "Me too.", anonymous=True)
    assert Thread.objects.get(pk=asked.pk).answered_at is None
    reply(asked, cast.student, "Look at page 3.")
    assert Thread.objects.get(pk=asked.pk).answered_at is not None


def test_whoever_may_no_longer_leave_their_name_away_is_asked_and_not_named(
    cast: Cast, peer: User, as_user: Callable[[User | None], Client]
) -> None:
    client = as_user(cast.student)
    Forum.objects.update(anonymous_allowed=False)
    address = f"/cohorts/{cast.cohort.pk}/forum/new/"
    sent = {"kind": "question", "title": "Whose?", "source": "Mine.", "anonymous": "on"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "You can’t post without your name here." in answer.content.decode()
    assert not Post.objects.exists()


@pytest.mark.parametrize("place", ["step", "introductions"])
def test_what_ticks_and_what_introduces_is_written_under_a_name(
    place: str, cast: Cast, peer: User, as_user: Callable[[User | None], Client]
) -> None:
    made = topics.thread_of(discussion(cast.module), cast.cohort)
    found = made if place == "step" else topics.introductions_of(cast.cohort)
    assert 'name="anonymous"' not in as_user(cast.student).get(f"/threads/{found.pk}/").content.decode()
    with pytest.raises(talk.Refused, match="without your name"):
        talk.reply(found, talk.Written("Me.", anonymous=True), sending(), by=cast.student)
