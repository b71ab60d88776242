"""Feedback in words, for the student who reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.urls import reverse

from common.addresses import quick_url
from common.templatetags import ui
from feedback.models import Comment, Feedback, Remark, Submission
from feedback.pages.lessons import again_on, verdict
from feedback.selectors.reading import Commented, InFull, Told


@dataclass(frozen=True)
class Anchored:
    """A comment with its number on the page."""

    number: int
    comment: Comment
    remarks: list[Remark]


def told(found: Told, submission: Submission) -> dict[str, Any]:
    feedback, assignment = found.feedback, submission.activity.assignment
    return {
        "feedback": feedback,
        "verdict": verdict(feedback, assignment),
        # Said beside the name and the day: as a heading it would sum up what are warmer words.
        "only_accepted": feedback.good_enough and feedback.points is None and not feedback.level,
        "again_on": again_on(feedback),
        "criteria": feedback.rubric.criteria.criteria if feedback.rubric and feedback.marks else (),
        "marks": feedback.marked,
        "comments": anchored(found.comments),
        "remarks": found.remarks,
        "model_answer": assignment.model_html,
        "may_try_again": feedback.good_enough is False and submission.attempt == attempts(submission)[-1]["attempt"],
    }


def attempts(submission: Any) -> list[dict[str, int]]:
    return submission.attempts or [{"pk": submission.pk, "attempt": submission.attempt}]


def anchored(found: Sequence[Commented]) -> list[Anchored]:
    return [Anchored(number, one.comment, one.remarks) for number, one in enumerate(found, 1)]


def address_of(submission: Submission, remark: Remark) -> str:
    """Of what was said, in its place."""
    return f"{reverse('feedback:work', args=[submission.pk])}#remark-{remark.pk}"


class Judged(NamedTuple):
    """A criterion, the level that was chosen or "", and what was said of it."""

    criterion: str
    level: str
    words: str


class Quoted(NamedTuple):
    """A comment, with the words of the work that it is about, or ""."""

    quote: str
    html: str


class Piece(NamedTuple):
    url: str
    title: str
    # The day, as markup.
    released: str
    attempt: int
    verdict: str
    html: str
    will_change: str
    judged: Sequence[Judged] = ()
    comments: Sequence[Quoted] = ()


def pieces(found: Sequence[Submission], in_full: Mapping[int, InFull] | None = None) -> list[Piece]:
    """One row for each piece of work, with its overall words; `in_full` with all that was said."""
    told = in_full or {}
    return [_piece(one, told.get(one.pk)) for one in found if hasattr(one, "feedback")]


def _piece(one: Submission, full: InFull | None) -> Piece:
    return Piece(
        url=quick_url("feedback:work", one.pk),
        title=one.activity.title,
        released=ui.day(one.release_at),
        attempt=one.attempt,
        verdict=verdict(one.feedback, one.activity.assignment),
        html=one.feedback.html,
        will_change=one.feedback.will_change,
        judged=_judged(full.feedback) if full else (),
        comments=[Quoted(said.quote, said.html) for said in full.comments] if full else (),
    )


def _judged(feedback: Feedback) -> list[Judged]:
    if feedback.rubric is None:
        return []
    marks = feedback.marked
    both = ((one, marks[one.key]) for one in feedback.rubric.criteria.criteria if one.key in marks)
    return [
        Judged(one.title, level.title if (level := one.level(mark.level)) else "", mark.words)
        for one, mark in both
        if mark.says_something
    ]
