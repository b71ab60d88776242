"""A mark typed in its cell: checked, kept and released as on the marking page, and never over somebody else's."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from courses.models import Activity
from feedback.models import Feedback, FeedbackChange, Submission
from tests.cast import Cast
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module, scale="points", most_points=Decimal(10), rule="released")


@pytest.fixture
def sent(cast: Cast, step: Activity) -> Submission:
    return make.hand_in(cast.enrolment, step)


def save(client: Client, sent: Submission, revision: int = 0, **typed: object) -> HttpResponse:
    return client.post(f"/marking/{sent.pk}/cell/", {"revision": revision, **typed}, headers=HTMX)


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def test_it_opens_with_the_field_of_the_scale_alone(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    shown = text(as_user(cast.teacher).get(f"/marking/{sent.pk}/cell/", headers=HTMX))
    assert shown.startswith('<td class="opened">')
    assert 'name="points"' in shown
    for other in ("source", "level", "good_enough", "again_on"):
        assert f'name="{other}"' not in shown


def test_a_mark_is_a_draft_until_it_is_released(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    shown = text(save(as_user(cast.teacher), sent, points="7,5"))
    assert shown.startswith(f'<td><a href="/marking/{sent.pk}/cell/">')
    assert "<bdi>7.5 of 10</bdi>" in shown
    assert "not released" in shown
    assert "1 piece of work is marked and not released" in shown
    sent.refresh_from_db()
    assert (sent.release_at, sent.marker) == (None, cast.teacher)
    assert "7.5" not in as_user(cast.student).get(f"/work/{sent.pk}/").content.decode()


def test_words_and_levels_of_the_rubric_stay(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    make.feedback(sent, cast.assistant, make.said("Well seen.", good_enough=None, points=Decimal(3)))
    assert save(as_user(cast.teacher), sent, 1, points="4").status_code == 200
    found = Feedback.objects.get()
    assert (found.points, found.source, found.marked["seen"].words) == (Decimal(4), "Well seen.", "Nine is many.")


@pytest.mark.parametrize(
    ("typed", "words"),
    [("11", "The most that can be given here is 10 points."), ("many", "Enter a number"), ("-1", "Enter a number")],
)
def test_what_the_marking_page_refuses_is_refused_here(
    cast: Cast, as_user: SignIn, sent: Submission, typed: str, words: str
) -> None:
    answer = save(as_user(cast.teacher), sent, points=typed)
    assert answer.status_code == 422
    assert words in text(answer)
    assert f'value="{typed}"' in text(answer)
    assert not Feedback.objects.exists()


def test_a_level_that_the_scale_has_not_is_refused(cast: Cast, as_user: SignIn) -> None:
    step = make.assignment(cast.module, scale="levels", levels=["Good", "Fair"])
    sent = make.hand_in(cast.enrolment, step)
    assert save(as_user(cast.teacher), sent, level="Splendid").status_code == 422
    assert "<bdi>Fair</bdi>" in text(save(as_user(cast.teacher), sent, level="Fair"))


def test_over_the_mark_of_somebody_else_both_are_shown_and_nothing_is_written(
    cast: Cast, as_user: SignIn, sent: Submission
) -> None:
    make.feedback(sent, cast.assistant, make.said("From the assistant.", good_enough=None, points=Decimal(8)))
    answer = save(as_user(cast.teacher), sent, points="6")
    assert answer.status_code == 409
    shown = text(answer)
    assert "<bdi>Assistant</bdi> saved this feedback" in shown
    assert "6 of 10" in shown
    assert "8 of 10" in shown
    assert Feedback.objects.get().points == Decimal(8)
    assert save(as_user(cast.teacher), sent, 1, points="6", keep="mine").status_code == 200
    found = Feedback.objects.get()
    assert (found.points, found.source) == (Decimal(6), "From the assistant.")


def test_the_mark_of_somebody_else_can_be_kept(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    make.feedback(sent, cast.assistant, make.said(good_enough=None, points=Decimal(8)))
    shown = text(save(as_user(cast.teacher), sent, 1, points="6", keep="theirs"))
    assert "<bdi>8 of 10</bdi>" in shown
    assert Feedback.objects.get().points == Decimal(8)


def test_who_changed_a_mark_stands_beside_it(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.teacher)
    save(client, sent, points="7")
    make.feedback(sent, cast.assistant, make.said(good_enough=None, points=Decimal(8)))
    shown = text(client.get(f"/marking/{sent.pk}/cell/", headers=HTMX))
    assert "Points: <s><bdi>7 of 10</bdi></s> <bdi>8 of 10</bdi>" in shown
    assert "What you saw: <bdi>Closely</bdi>" in shown
    assert shown.index("<bdi>Assistant</bdi>") < shown.index("<bdi>Teacher</bdi>")
    assert FeedbackChange.objects.count() == 2


def test_a_correction_ticks_what_it_earns(cast: Cast, as_user: SignIn) -> None:
    step = make.assignment(cast.module)
    sent = make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False))
    shown = text(save(as_user(cast.teacher), sent, 1, good_enough="yes"))
    assert "The student sees the correction" in shown
    assert '<span class="unseen">Done</span> <bdi>Good enough</bdi>' in shown


def test_work_that_was_taken_back_is_not_marked(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    Submission.objects.update(taken_back_at=sent.sent_at)
    assert save(as_user(cast.teacher), sent, points="6").status_code == 404


def test_without_a_script_it_is_a_page_of_its_own(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client, address = as_user(cast.teacher), f"/marking/{sent.pk}/cell/"
    assert "Mark for Student" in text(client.get(address))
    wrong = client.post(address, {"revision": 0, "points": "many"})
    assert wrong.status_code == 422
    assert "<title>Error: " in text(wrong)
    answer = client.post(address, {"revision": 0, "points": "6"}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "Saved, not released yet." in text(answer)
    assert Feedback.objects.get().points == Decimal(6)


@pytest.mark.parametrize("values", [{"nameless": True}, {"scale": "none", "rule": "released"}])
def test_what_has_no_name_or_no_mark_is_marked_on_its_own_screen(
    cast: Cast, as_user: SignIn, values: dict[str, object]
) -> None:
    sent = make.hand_in(cast.enrolment, make.assignment(cast.module, **values))
    client, screen = as_user(cast.teacher), f"/marking/{sent.pk}/"
    assert client.get(f"{screen}cell/").url == screen
    assert client.get(f"{screen}cell/", headers=HTMX)["HX-Redirect"] == screen
    assert client.post(f"{screen}cell/", {"revision": 0, "good_enough": "yes"}).url == screen
    assert not Feedback.objects.exists()
