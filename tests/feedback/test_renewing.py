"""Texts of an older cleaner are made anew from their source, in batches, and nothing looks changed."""

from uuid import uuid4

import pytest

from common import richtext
from courses.models import Activity
from feedback.models import Comment, Feedback, Remark, Submission
from feedback.services import comments, renewing
from feedback.tasks import renew_texts
from tests.cast import Cast
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db
MODELS = (Submission, Feedback, Comment, Remark)
TEXT = "Nine **flowers**, and $a^2$."


@pytest.fixture
def written(cast: Cast) -> Activity:
    step = make.assignment(cast.module)
    sent = make.hand_in(cast.enrolment, step, TEXT)
    make.release(sent, cast.teacher, make.said(TEXT))
    comments.write(sent, uuid4(), comments.Place(quote="Nine"), TEXT, version=0, by=cast.teacher)
    html = Comment.objects.get().html
    Remark.objects.create(
        submission=sent, author=cast.student, key=uuid4(), source=TEXT, html=html, cleaned_by=richtext.VERSION
    )
    return step


def everything() -> list[list[dict]]:
    return [list(model.objects.values()) for model in MODELS]


def test_all_of_them_are_made_anew_once(written: Activity) -> None:
    before = everything()
    for model in MODELS:
        model.objects.update(cleaned_by=0, html="<p onclick='x()'>old</p>")
    assert [renew_texts() for _ in range(5)] == [1, 1, 1, 1, 0]
    assert everything() == before


def test_what_is_of_today_stays_as_it_is(written: Activity) -> None:
    assert renewing.renew_some() == 0


def test_it_goes_in_batches(cast: Cast, written: Activity, monkeypatch: pytest.MonkeyPatch) -> None:
    make.hand_in(cast.enrolment, make.assignment(cast.module, "Watch a hive"))
    Submission.objects.update(cleaned_by=0)
    monkeypatch.setattr(renewing, "AT_ONCE", 1)
    assert [renewing.renew_some() for _ in range(3)] == [1, 1, 0]


def test_of_what_is_over_a_limit_of_today_the_words_stay(written: Activity, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str) -> str:
        raise richtext.TooMuch("Too much.")

    Submission.objects.update(cleaned_by=0, html="<p onclick='x()'>Nine flowers</p>")
    monkeypatch.setattr(renewing.texts, "made", refuse)
    assert (renewing.renew_some(), renewing.renew_some()) == (1, 0)
    html = Submission.objects.get().html
    assert "Nine flowers" in html
    assert "onclick" not in html


def test_nothing_without_words_is_looked_at(cast: Cast) -> None:
    make.release(make.hand_in(cast.enrolment, make.assignment(cast.module)), cast.teacher, make.said(""))
    Feedback.objects.update(cleaned_by=0)
    assert renewing.renew_some() == 0
