"""A discussion as a step of a course: its page, its thread in each cohort, its tick."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Cohort
from forums.models import Discussion, Post, Thread
from forums.services import talk, topics
from progress.models import Completion
from tests.cast import Cast
from tests.factories.forums import reply

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


@pytest.fixture
def step(cast: Cast) -> Activity:
    made = Activity.objects.create(
        module=cast.module,
        kind="discussion",
        title="Bees and us",
        position=9,
        rule="talked",
        published_at=timezone.now(),
    )
    values = {"format": "markdown", "source": "What would you miss?", "posts_needed": 1, "replies_needed": 1}
    topics.write(made, {**values, "own_first": True}, lambda address: None)
    return made


def test_each_cohort_has_a_thread_of_its_own_from_the_first_visit(cast: Cast, step: Activity, as_user: SignIn) -> None:
    page = as_user(cast.student).get(f"/lessons/{step.pk}/").content.decode()
    assert "What would you miss?" in page
    assert "Write 1 post, and reply to 1 post of someone else." in page
    address = f"/cohorts/{cast.cohort.pk}/discussions/{step.pk}/"
    answer = as_user(cast.student).post(address)
    found = Thread.objects.get()
    assert answer.url == f"/threads/{found.pk}/"
    assert as_user(cast.other_student).post(address).url == answer.url
    assert as_user(cast.elsewhere_student).post(address).status_code == 404
    other = as_user(cast.elsewhere_student).post(f"/cohorts/{cast.elsewhere.pk}/discussions/{step.pk}/").url
    assert other != answer.url


def test_it_is_ticked_when_enough_is_written_and_stays_ticked(cast: Cast, step: Activity) -> None:
    thread = topics.thread_of(step, cast.cohort)
    own = reply(thread, cast.student, "Honey.")
    reply(thread, cast.student, "To myself.", to=own)
    assert not Completion.objects.exists()
    theirs = reply(thread, cast.other_student, "Apples.")
    answer = reply(thread, cast.student, "Me too.", to=theirs)
    tick = Completion.objects.get()
    assert (tick.enrolment, tick.activity, tick.how) == (cast.enrolment, step, "talked")
    assert tick.evidence == {"posts": 1, "replies": 1, "thread": thread.pk}
    talk.delete(answer, by=cast.student)
    assert Completion.objects.standing().filter(pk=tick.pk).exists()


def test_less_asked_for_ticks_who_has_written_that_much(cast: Cast, step: Activity) -> None:
    reply(topics.thread_of(step, cast.cohort), cast.student, "Honey.")
    assert not Completion.objects.exists()
    known = Discussion.objects.get()
    values = {name: getattr(known, name) for name in ("format", "source", "posts_needed", "own_first")}
    topics.write(step, {**values, "replies_needed": 0}, lambda address: None)
    assert Completion.objects.get().enrolment == cast.enrolment


def test_a_teacher_takes_part_without_a_tick(cast: Cast, step: Activity) -> None:
    reply(topics.thread_of(step, cast.cohort), cast.teacher, "Welcome.")
    assert not Completion.objects.exists()


def test_what_others_wrote_waits_for_ones_own(cast: Cast, step: Activity, as_user: SignIn) -> None:
    thread = topics.thread_of(step, cast.cohort)
    reply(thread, cast.other_student, "Apples.")
    client = as_user(cast.student)
    assert "Apples." not in client.get(f"/threads/{thread.pk}/").content.decode()
    assert Post.objects.readable_by(cast.student).count() == 0
    reply(thread, cast.student, "Honey.")
    assert "Apples." in client.get(f"/threads/{thread.pk}/").content.decode()


def test_it_is_authored_as_every_activity_is(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.editor)
    path = f"/edit/modules/{cast.module.pk}/new/discussion/"
    assert "What to discuss" in client.get(path).content.decode()
    sent = {"title": "Talk", "required": "on", "published": "on", "rule": "talked", "format": "markdown"}
    answer = client.post(path, {**sent, "source": "Well?", "posts_needed": "0", "replies_needed": "0"})
    assert answer.status_code == 422
    assert "Ask for a post or a reply at least." in answer.content.decode()
    answer = client.post(path, {**sent, "source": "Well?", "posts_needed": "2", "replies_needed": "0"})
    assert answer.status_code == 302, answer.content.decode()
    made = Activity.objects.get(title="Talk")
    assert made.discussion.posts_needed == 2
    assert "Well?" in client.get(f"/edit/activities/{made.pk}/").content.decode()


def test_a_round_of_introductions_opens_with_its_cohort_and_once(cast: Cast) -> None:
    today = timezone.now().date()
    for cohort, days in ((cast.cohort, 0), (cast.elsewhere, 1)):
        Cohort.objects.filter(pk=cohort.pk).update(
            starts_on=today + timedelta(days=days), ends_on=today + timedelta(90)
        )
    assert [topics.open_introductions() for _ in range(2)] == [1, 0]
    [hello] = Thread.objects.filter(kind=Thread.Kind.INTRODUCTIONS)
    assert (hello.cohort, hello.pinned) == (cast.cohort, True)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert [topics.open_introductions() for _ in range(2)] == [1, 0]
