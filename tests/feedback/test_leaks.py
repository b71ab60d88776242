"""Feedback that is not released is nowhere: every address of the site, its notices and mails, as its student."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Activity
from feedback import criteria
from feedback.models import Submission
from feedback.services import comments, promises
from notifications.models import Notice
from notifications.tasks import deliver, plan
from progress.models import Completion, Contact
from tests.cast import Cast
from tests.factories import feedback as make
from tests.test_access_matrix import MATRIX, undone

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
CANARY = "xylocopa"


def secret(cast: Cast, title: str, *, at: timedelta | None = None) -> Submission:
    """Marked in every way that there is; to be released at an hour, or never said."""
    step = make.assignment(cast.module, title, model_source=f"The model {CANARY}.")
    sent = make.hand_in(cast.enrolment, step, "Nine flowers.")
    comments.write(sent, uuid4(), comments.Place(quote="flowers"), f"Which {CANARY}?", version=0, by=cast.teacher)
    marks = {"seen": criteria.Mark("close", f"{CANARY} words")}
    said = make.said(f"{CANARY} in all", marks=marks, good_enough=False)
    if at is None:
        make.feedback(sent, cast.teacher, said)
    else:
        make.release(sent, cast.teacher, said, at=timezone.now() + at)
    return sent


def answers(client: Client, sent: list[Submission]) -> dict[str, bytes]:
    """What every address that can be read says, those of this work first."""
    own: list[tuple[str, str]] = [(f"search of all {CANARY}", f"/search/?q={CANARY}")]
    for one in sent:
        lesson, course = one.activity_id, one.activity.module.course_id
        own += [(path, path) for path in (f"/work/{one.pk}/", f"/work/{one.pk}/receipt/", f"/lessons/{lesson}/")]
        own += [
            (path, path)
            for path in (
                f"/lessons/{lesson}/hand-in/",
                f"/courses/{course}/feedback/",
                f"/courses/{course}/feedback/?all=yes",
            )
        ]
        own += [(path, path) for path in (f"/courses/{course}/", f"/courses/{course}/search/?q={CANARY}")]
    return {name: client.get(path).content.replace(f"?q={CANARY}".encode(), b"") for name, path in own}


def told(content: bytes, name: str) -> bool:
    """Search says in its own words and in its form what it looked for, and no more often than where there is none."""
    found = content.decode().lower().count(CANARY)
    return found > (content.decode().lower().count(f'value="{CANARY}"') + 1 if "search" in name else 0)


ELSE = (pytest.param(who, marks=pytest.mark.soak) for who in ("other_student", "elsewhere_student", "observer"))


@pytest.mark.parametrize("who", ["student", *ELSE])
def test_case_3_not_a_word_of_it_is_on_any_page_feed_or_search(cast: Cast, as_user: SignIn, who: str) -> None:
    sent = [secret(cast, "Watch a bee"), secret(cast, "Count bees", at=timedelta(hours=3))]
    client = as_user(cast.person(who))
    for name, content in answers(client, sent).items():
        assert not told(content, name), name
    for name, (call, _) in MATRIX.items():
        with undone():
            method, path, data = call(cast)
            if method == "get":
                answer = client.get(path, data)
                shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert CANARY.encode() not in shown.lower(), name


def test_case_3_nothing_that_follows_a_release_comes_before_its_hour(cast: Cast, as_user: SignIn) -> None:
    sent = secret(cast, "Count bees", at=timedelta(hours=30))
    step = Activity.objects.get(pk=sent.activity_id)
    before = as_user(cast.student).get("/").content
    assert b"Handed back" not in before
    assert b"feedback on" not in before
    for hours in (1, 12, 29):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            plan()
            deliver()
            promises.break_due(timezone.now())
    assert not Notice.objects.filter(person=cast.student, kind="feedback_released").exists()
    assert [one.subject for one in mail.outbox if cast.student.email in one.to and CANARY in one.body] == []
    assert not Completion.objects.filter(activity=step).exists()
    assert not Contact.objects.filter(person=cast.student).exists()


def test_the_crawl_sees_it_once_it_is_released(cast: Cast, as_user: SignIn) -> None:
    """So that the tests above can fail."""
    sent = secret(cast, "Watch a bee")
    make.releasing.release(sent, at=timezone.now(), now=timezone.now(), by=cast.teacher)
    found = answers(as_user(cast.student), [sent])
    assert CANARY in found[f"/work/{sent.pk}/"].decode()
