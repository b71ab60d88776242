"""Who gave a mark, who changed it and when: kept from the first save on, whether it was released or not."""

import pytest

from courses.models import Activity
from feedback.criteria import Mark
from feedback.models import FeedbackChange, Submission
from feedback.services import marking
from feedback.services.marking import Stale
from tests.cast import Cast
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


@pytest.fixture
def sent(cast: Cast, step: Activity) -> Submission:
    return make.hand_in(cast.enrolment, step)


def kept() -> list[tuple[str, object]]:
    """By whom, and whether it was good enough before."""
    changes = FeedbackChange.objects.order_by("pk").select_related("by")
    return [(str(one.by.username), one.before["good_enough"]) for one in changes]


def test_a_mark_is_remembered_before_anybody_released_it(cast: Cast, sent: Submission) -> None:
    make.feedback(sent, cast.teacher, make.said(good_enough=False))
    make.feedback(sent, cast.assistant, make.said(good_enough=True))
    assert kept() == [("teacher", None), ("assistant", False)]


def test_a_level_of_the_rubric_is_a_mark(cast: Cast, sent: Submission) -> None:
    make.feedback(sent, cast.teacher, make.said(marks={"seen": Mark("close", "Nine.")}))
    make.feedback(sent, cast.teacher, make.said(marks={"seen": Mark("some", "Nine.")}))
    assert FeedbackChange.objects.order_by("pk").last().before["marks"] == {"seen": {"level": "close"}}


def test_words_that_no_student_read_are_not_kept(cast: Cast, sent: Submission) -> None:
    make.feedback(sent, cast.teacher, make.said("A first thought."))
    make.feedback(sent, cast.teacher, make.said("A better one.", marks={"seen": Mark("close", "Other words.")}))
    assert FeedbackChange.objects.count() == 1
    assert "first thought" not in str(FeedbackChange.objects.values_list("before", flat=True))


def test_of_released_feedback_all_that_was_said_is_kept(cast: Cast, sent: Submission) -> None:
    make.release(sent, cast.teacher, make.said("What the student read."))
    make.feedback(sent, cast.teacher, make.said("Said better."))
    assert FeedbackChange.objects.order_by("pk").last().before["source"] == "What the student read."


def test_what_is_marked_before_the_release_is_no_correction_to_its_student(cast: Cast, sent: Submission) -> None:
    make.feedback(sent, cast.teacher, make.said(good_enough=False))
    make.release(sent, cast.teacher)
    assert Submission.objects.of(cast.student).with_their_way().get().corrected_at is None
    make.feedback(sent, cast.teacher, make.said("Said better."))
    assert Submission.objects.of(cast.student).with_their_way().get().corrected_at is not None


def test_saving_the_same_or_over_a_stale_page_changes_no_history(cast: Cast, sent: Submission) -> None:
    make.feedback(sent, cast.teacher)
    make.feedback(sent, cast.teacher)
    stale = marking.save(sent, make.said(good_enough=False), revision=0, by=cast.assistant)
    assert isinstance(stale, Stale)
    assert FeedbackChange.objects.count() == 1
