"""Marked without names: whoever marks, admins too, is told nothing of whose work it is until it is released."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Enrolment
from drafts import services as drafts
from drafts.fields import Content, Stamp
from feedback.models import Feedback, Submission, WorkFile
from feedback.services import handing_in, marking
from feedback.services.handing_in import Work
from files.services import store
from tests.cast import Cast
from tests.factories import courses as make_course
from tests.factories import feedback as make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
# No page of ours, and nobody else, has them.
NAME, USERNAME, ADDRESS = "Quillon Zanzibarov", "quillon.z", "quillon@canary.example"
FILE, ZONE = "quillon-zanzibarov-essay.txt", "Pacific/Chatham"
CANARIES = re.compile(r"quillon|zanzibar|canary\.example|chatham", re.IGNORECASE)
MARKERS = ("teacher", *(pytest.param(who, marks=pytest.mark.soak) for who in ("assistant", "admin")))


@pytest.fixture
def enrolment(cast: Cast) -> Enrolment:
    user = UserFactory(display_name=NAME, username=USERNAME, email=ADDRESS, timezone=ZONE)
    return make_course.EnrolmentFactory(user=user, cohort=cast.cohort)


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module, nameless=True)


@pytest.fixture
def sent(enrolment: Enrolment, step: Activity) -> Submission:
    return hand_in(enrolment, step)


def hand_in(enrolment: Enrolment, step: Activity, words: str = "Nine flowers.") -> Submission:
    stored = store(ContentFile(b"Nine.", name=FILE), FILE, by=enrolment.user, claimed=True)
    brought = WorkFile.objects.create(file=stored, enrolment=enrolment, activity=step, shape=WorkFile.Shape.TEXT)
    step.assignment.refresh_from_db()
    work = Work(words, files=[brought.pk])
    return handing_in.hand_in(enrolment, step, work, make.sending(), now=timezone.now()).submission


def pages_of(client: Client, submission: Submission) -> dict[str, str]:
    """All that a marker sees of a piece of work, followed from page to page."""
    cohort = submission.enrolment.cohort_id
    to_see = [
        "/marking/",
        "/marking/?show=mine",
        "/marking/?show=free",
        "/marking/?show=marked",
        "/marking/?show=timed",
        f"/marking/?q={NAME}",
        f"/marking/?q={USERNAME}",
        f"/marking/?activity={submission.activity_id}",
        f"/marking/{submission.pk}/",
        f"/marking/{submission.pk}/release/",
        f"/marking/{submission.pk}/give/",
        f"/marking/{submission.pk}/cell/",
        f"/cohorts/{cohort}/marking/release/",
        "/drafts/",
    ]
    seen: dict[str, str] = {}
    while to_see:
        path = to_see.pop()
        answer = client.get(path)
        seen[path] = answer.content.decode() + str(answer.headers) if not answer.streaming else str(answer.headers)
        for address in re.findall(r'(?:href|src|action|hx-get|hx-post|formaction)="(/[^"#]*)', seen[path]):
            address = address.replace("&amp;", "&")
            if re.match(r"/(marking|work)/", address) and "/take/" not in address and address not in seen:
                to_see.append(address)
    return seen


def assert_tells_nothing(client: Client, submission: Submission) -> None:
    for path, text in pages_of(client, submission).items():
        shown = text.replace(f'value="{NAME}"', "").replace(f'value="{USERNAME}"', "") if "q=" in path else text
        # What was searched for stands in the box again, and in addresses of the same list.
        shown = re.sub(r"[?&;]q=[^\"&]*", "", shown)
        found = CANARIES.search(shown)
        assert not found, f"{path}: {shown[max(0, found.start() - 80) : found.end() + 80]}"


@pytest.mark.parametrize("who", MARKERS)
def test_case_14_a_marker_is_told_nothing_before_it_is_released(
    who: str, cast: Cast, as_user: SignIn, sent: Submission
) -> None:
    person = cast.person(who)
    client = as_user(person)
    assert_tells_nothing(client, sent)
    stamp = Stamp(make.sending().stamp.key, base="0")
    drafts.save(person, marking.place_of(sent.pk), stamp, Content({"source": "Hm."}))
    assert_tells_nothing(client, sent)
    make.feedback(sent, person)
    assert_tells_nothing(client, sent)
    told = as_user(cast.teacher).post(f"/marking/{sent.pk}/take/", follow=True).content.decode()
    assert not CANARIES.search(told)


@pytest.mark.parametrize("who", MARKERS)
def test_case_14_nor_while_its_release_waits_for_an_hour(
    who: str, cast: Cast, as_user: SignIn, sent: Submission
) -> None:
    make.release(sent, cast.teacher, at=timezone.now() + timedelta(hours=2))
    assert_tells_nothing(as_user(cast.person(who)), sent)


def test_case_14_two_versions_and_many_released_at_once_tell_nothing(
    cast: Cast, as_user: SignIn, sent: Submission
) -> None:
    make.feedback(sent, cast.assistant, make.said(good_enough=None))
    client = as_user(cast.teacher)
    stale = client.post(f"/marking/{sent.pk}/", {"source": "Mine.", "draft_base": "0"})
    assert stale.status_code == 409
    many = f"/cohorts/{cast.cohort.pk}/marking/release/"
    for typed in ({"work": sent.pk, "when": "now"}, {"work": sent.pk, "when": "now", "sure": "yes"}):
        answer = client.post(many, typed, follow=True).content.decode()
        assert not CANARIES.search(stale.content.decode() + answer)
    assert "Choose whether this is good enough" in answer


def test_its_name_is_the_same_everywhere_and_that_of_nobody_else(
    cast: Cast, as_user: SignIn, step: Activity, sent: Submission
) -> None:
    other = make.hand_in(cast.enrolment, step)
    client = as_user(cast.teacher)
    named = re.compile(r"Work [A-Z2-7]{4}")
    (name,) = set(named.findall(client.get(f"/marking/{sent.pk}/").content.decode()))
    (other_name,) = set(named.findall(client.get(f"/marking/{other.pk}/").content.decode()))
    assert name != other_name
    assert {name, other_name} == set(named.findall(client.get("/marking/").content.decode()))
    again = make.hand_in(sent.enrolment, step, "Ten flowers.")
    assert name in client.get(f"/marking/{again.pk}/").content.decode()


def test_once_released_the_name_is_there(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    make.release(sent, cast.teacher)
    client = as_user(cast.teacher)
    assert NAME in client.get(f"/marking/{sent.pk}/").content.decode()
    assert NAME in client.get("/marking/?show=released").content.decode()


def test_the_next_attempt_is_without_a_name_again_and_leads_to_none(
    cast: Cast, as_user: SignIn, step: Activity, enrolment: Enrolment, sent: Submission
) -> None:
    make.release(sent, cast.teacher, make.said("Look again.", good_enough=False))
    Feedback.objects.update(will_change="I will count twice.")
    second = hand_in(enrolment, step, "Ten flowers.")
    client = as_user(cast.teacher)
    page = client.get(f"/marking/{second.pk}/").content.decode()
    assert "Look again." in page
    assert "I will count twice." in page
    assert f"/marking/{sent.pk}/" not in page
    assert not CANARIES.search(page)
