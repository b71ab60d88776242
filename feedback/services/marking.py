"""Feedback while it is written: saved as a whole, under a revision, so that two markers never overwrite each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from common import richtext
from drafts import services as drafts
from drafts.fields import Content, Stamp
from feedback import criteria
from feedback.models import Assignment, AtWork, Feedback, FeedbackChange, Rubric, Submission
from feedback.services import promises, texts
from feedback.services.promises import Moving

# Said again every half minute; after three without a word, nobody is there.
HERE_FOR = timedelta(seconds=100)


class Refused(Exception):
    """Nothing has changed; its text says why."""


@dataclass(frozen=True)
class Said:
    """What a marker's form holds."""

    source: str = ""
    marks: Mapping[str, criteria.Mark] = field(default_factory=dict)
    points: Decimal | None = None
    level: str = ""
    good_enough: bool | None = None
    again_on: date | None = None

    def plain(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "marks": criteria.marks_to_plain(self.marks),
            "points": None if self.points is None else str(self.points),
            "level": self.level,
            "good_enough": self.good_enough,
            "again_on": self.again_on and self.again_on.isoformat(),
        }

    def mark(self) -> dict[str, Any]:
        """Of `plain` what is a mark, without a word of comment."""
        levels = {key: {"level": one.level} for key, one in self.marks.items() if one.level}
        return {name: self.plain()[name] for name in ("points", "level", "good_enough")} | {"marks": levels}


@dataclass(frozen=True)
class Stale:
    """Nothing was written: somebody saved `feedback` since the form was opened."""

    feedback: Feedback


def said_by(feedback: Feedback) -> Said:
    return Said(
        feedback.source, feedback.marked, feedback.points, feedback.level, feedback.good_enough, feedback.again_on
    )


def place_of(submission_id: int) -> str:
    """Of a marker's draft."""
    return f"feedback/marking/{submission_id}"


def rubric_for(submission: Submission, begun: Feedback) -> Rubric | None:
    """By which it is marked: that of the feedback that was begun, else that which its student saw."""
    return begun.rubric or submission.rubric


@transaction.atomic
def save(
    submission: Submission,
    said: Said,
    *,
    revision: int,
    by: User,
    stamp: Stamp | None = None,
    typed: Content | None = None,
) -> Feedback | Stale:
    """Store what a marker says so far. What a mark was before is kept, and of released feedback all that it said.

    `revision` is that which the form was opened over: with an older one nothing is written, unless it says the same.
    Raises Refused, and richtext.TooMuch for words that are over a limit.
    """
    held = Submission.objects.select_for_update(no_key=True).get(pk=submission.pk)
    if held.taken_back_at is not None:
        raise Refused(gettext("The student has taken this back. What you wrote is kept for when it comes again."))
    assignment = Assignment.objects.get(activity=held.activity_id)
    begun = Feedback.objects.filter(submission=held).select_related("rubric").first()
    found = begun or Feedback(submission=held)
    rubric = rubric_for(held, found)
    said = _checked(said, assignment, rubric)
    before = said_by(found)
    if before.plain() != said.plain():
        if found.revision != revision:
            return Stale(found)
        _write(found, said, rubric, by)
        _remember(held, found, before, said, by)
        if held.marker_id is None:
            Submission.objects.filter(pk=held.pk).update(marker=by)
            promises.of_another_marker(held.pk, None)
    if stamp is not None and typed is not None:
        drafts.sent(by, place_of(held.pk), stamp, typed)
    return found


def _checked(said: Said, assignment: Assignment, rubric: Rubric | None) -> Said:
    """Without what this assignment has no place for. Raises Refused for a mark that is none of its scale."""
    known = {one.key: one for one in rubric.criteria.criteria} if rubric else {}
    marks = {key: mark for key, mark in said.marks.items() if key in known and mark.says_something}
    for key, mark in marks.items():
        if mark.level and known[key].level(mark.level) is None:
            raise Refused(gettext("The rubric has no such level. Load the page again."))
        if len(mark.words) > texts.LONGEST_COMMENT:
            raise Refused(gettext("A comment can have up to 5,000 characters."))
    points = said.points if assignment.scale == Assignment.Scale.POINTS else None
    if points is not None and assignment.most_points is not None and points > assignment.most_points:
        words = gettext("The most that can be given here is %(most)s points.")
        raise Refused(words % {"most": f"{assignment.most_points.normalize():f}"})
    level = said.level if assignment.scale == Assignment.Scale.LEVELS else ""
    if level and level not in assignment.levels:
        raise Refused(gettext("The assignment has no such level. Load the page again."))
    again_on = said.again_on if said.good_enough is False else None
    return Said(said.source, marks, points, level, said.good_enough, again_on)


def _write(found: Feedback, said: Said, rubric: Rubric | None, by: User) -> None:
    found.html = texts.made(said.source)
    found.cleaned_by, found.rubric = richtext.VERSION, rubric
    found.source, found.marks = said.source, criteria.marks_to_plain(said.marks)
    found.points, found.level = said.points, said.level
    found.good_enough, found.again_on = said.good_enough, said.again_on
    found.revision, found.saved_by, found.saved_at = found.revision + 1, by, timezone.now()
    found.save()


def _remember(held: Submission, found: Feedback, before: Said, said: Said, by: User) -> None:
    """Words that no student has read yet need no history."""
    is_read = held.is_released(timezone.now())
    if is_read or before.mark() != said.mark():
        kept = before.plain() if is_read else before.mark()
        FeedbackChange.objects.create(feedback=found, by=by, before=kept)


# --- who has it -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Handed:
    """Who has work has changed; `moved` where its promise has too, since one of them is away."""

    moved: Moving | None = None


@transaction.atomic
def take(submission: Submission, *, by: User) -> Handed | None:
    """Take free work; None where somebody was first."""
    if not Submission.objects.to_mark().filter(pk=submission.pk, marker=None).update(marker=by):
        return None
    return Handed(promises.of_another_marker(submission.pk, None))


@transaction.atomic
def give(submission: Submission, to: User | None, *, by: User) -> Handed:
    """Give work to one of those who mark in its cohort, or to nobody, so that it is free again."""
    held = Submission.objects.to_mark().filter(pk=submission.pk)
    before = held.select_for_update(no_key=True).values_list("marker", flat=True).first()
    held.update(marker=to, marker_given_by=by if to else None)
    return Handed(promises.of_another_marker(submission.pk, before))


def be_here(submission: Submission, person: User, now: datetime) -> list[User]:
    """Note that somebody has it open; who else has."""
    AtWork.objects.update_or_create(submission=submission, person=person, defaults={"seen_at": now})
    others = AtWork.objects.filter(~Q(person=person), submission=submission, seen_at__gt=now - HERE_FOR)
    return [one.person for one in others.select_related("person").order_by("person__display_name")]
