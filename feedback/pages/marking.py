"""A piece of work beside its rubric, in words and rows for the screen of its marker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from common.templatetags import ui
from feedback import criteria
from feedback.access import Standing
from feedback.models import Assignment, Comment, Feedback, Submission, WorkFile
from feedback.pages import files, names
from feedback.pages.queue import Clock, is_late
from feedback.pages.words import points
from feedback.selectors.marking import Commented, Screen
from feedback.services import texts
from feedback.services.marking import Said


class LevelRow(NamedTuple):
    """As `rows/criteria.html` takes it apart, and so the next."""

    key: str
    id: str
    chosen: bool
    title: str
    sentence: str
    points: str
    worth: str
    number: int


class CriterionRow(NamedTuple):
    key: str
    title: str
    sentence: str
    levels: list[LevelRow]
    label: str
    words: str
    most_words: int
    words_are_wrong: bool
    errors: list[str]


def criteria_rows(
    rubric: criteria.Criteria, typed: Callable[[str], str], wrong: Callable[[str], list[str]]
) -> list[CriterionRow]:
    """For `rows/criteria.html`: widgets of Django would each render a template of their own.

    `typed` says what stands in a field of that name, `wrong` what is wrong with it.
    """
    label = gettext("Comment on “%(criterion)s”")
    return [_criterion(one, label % {"criterion": one.title}, typed, wrong) for one in rubric.criteria]


def _criterion(
    one: criteria.Criterion, label: str, typed: Callable[[str], str], wrong: Callable[[str], list[str]]
) -> CriterionRow:
    level, words = f"level-{one.key}", f"words-{one.key}"
    chosen, errors = typed(level), wrong(words)
    levels = [
        LevelRow(
            key=each.key,
            id=f"id_{level}_{number}",
            chosen=each.key == chosen,
            title=each.title,
            sentence=each.sentence,
            points=criteria.as_typed(each.points),
            worth=points(each.points),
            number=number + 1,
        )
        for number, each in enumerate(one.levels)
    ]
    return CriterionRow(
        key=one.key,
        title=one.title,
        sentence=one.sentence,
        levels=levels,
        label=label,
        words=typed(words),
        most_words=texts.LONGEST_COMMENT,
        words_are_wrong=bool(errors),
        errors=[*wrong(level), *errors],
    )


@dataclass(frozen=True)
class Head:
    """What stands above the work: whose it is, which attempt, when it came, and what was promised."""

    name: str
    face: str
    attempt: int
    handed_in: str
    late: bool
    promise: str
    tone: str
    who: str
    free: bool
    mine: bool
    nameless: bool
    is_released: bool
    is_timed: bool


def head(submission: Submission, standing: Standing, now: datetime) -> Head:
    """Of work as `feedback.access` reads it."""
    nameless, name = names.is_nameless(submission, now), names.name_of(submission, now)
    clock = Clock(now)
    words, tone = clock.promise(submission)
    return Head(
        name=name,
        face="" if nameless else name,
        attempt=submission.attempt,
        handed_in=clock.formatted(submission.counts_at, "j F" if nameless else "l j F, H:i"),
        late=is_late(submission),
        promise=words,
        tone=tone,
        who=clock.who_has(submission, standing.viewer),
        free=submission.marker_id is None,
        mine=submission.marker_id == standing.viewer.pk,
        nameless=nameless,
        is_released=submission.release_at is not None and submission.release_at <= now,
        is_timed=submission.release_at is not None and submission.release_at > now,
    )


@dataclass(frozen=True)
class FileRow:
    work_file: Any
    name: str


def file_rows(found: Sequence[WorkFile], *, nameless: bool) -> list[FileRow]:
    return [FileRow(one, files.name_of(one, nameless=nameless)) for one in found]


@dataclass(frozen=True)
class Editing:
    """Which comment stands in a field; where it came back, with what was typed, and as somebody else left it since."""

    key: str = ""
    form: Any = None
    theirs: Comment | None = None


def where(comments: Sequence[Commented], rows: Sequence[FileRow]) -> dict[UUID, str]:
    """What comments are about that are about no words of the text: "Page 2 of essay.pdf"."""
    known = {one.work_file.pk: one for one in rows}
    return {one.pk: _where(one, known[one.file]) for one in comments if one.file in known}


def _where(comment: Commented, file: FileRow) -> str:
    if comment.page is None:
        return file.name
    is_text = file.work_file.shape == file.work_file.Shape.TEXT
    words = gettext("Line %(number)d of %(file)s") if is_text else gettext("Page %(number)d of %(file)s")
    return words % {"number": comment.page, "file": file.name}


@dataclass(frozen=True)
class AttemptRow:
    submission: Submission
    feedback: Feedback | None
    # Without a link where the work is marked without names, and this one has its name by now.
    linked: bool
    verdict: str
    # The one before the work that is marked.
    is_last: bool


def attempt_rows(screen: Screen, standing: Submission, now: datetime) -> list[AttemptRow]:
    """The others of the same student, the latest first; what was told alone where it is marked without names."""
    nameless = names.is_nameless(standing, now)
    found = []
    for one in reversed(screen.attempts):
        if one.pk == standing.pk:
            continue
        feedback = getattr(one, "feedback", None)
        told = one.release_at is not None and one.release_at <= now
        verdict = said_in_words(feedback) if feedback and told else ""
        is_last = one.attempt == standing.attempt - 1
        found.append(AttemptRow(one, feedback if told else None, not nameless, verdict, is_last))
    return found


def said_in_words(feedback: Feedback) -> str:
    """What was given: "Not yet", "7 points", "Good"."""
    parts = []
    if feedback.good_enough is not None:
        parts.append(gettext("Good enough") if feedback.good_enough else gettext("Not yet"))
    if feedback.points is not None:
        parts.append(points(feedback.points))
    return " · ".join([*parts, *([feedback.level] if feedback.level else [])])


def levels_in(feedback: Feedback) -> int:
    """How many criteria have one."""
    return sum(1 for mark in feedback.marked.values() if mark.level)


@dataclass(frozen=True)
class Line:
    """One thing that two versions of feedback say, the same or not."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.mine != self.theirs


def versions(mine: Said, theirs: Said, assignment: Assignment, rubric: criteria.Criteria) -> list[Line]:
    """Both beside each other; what neither says is left out."""
    lines = [Line(gettext("Comment on the whole"), mine.source, theirs.source)]
    for one in rubric.criteria:
        both = [said.marks.get(one.key, criteria.Mark()) for said in (mine, theirs)]
        levels = [one.level(mark.level) for mark in both]
        lines.append(Line(one.title, *(level.title if level else "" for level in levels)))
        label = gettext("Comment on “%(criterion)s”") % {"criterion": one.title}
        lines.append(Line(label, both[0].words, both[1].words))
    verdicts = {True: gettext("Good enough"), False: gettext("Not yet"), None: ""}
    lines.append(Line(gettext("Is it good enough?"), verdicts[mine.good_enough], verdicts[theirs.good_enough]))
    lines.append(Line(gettext("Next attempt by"), *(str(one.again_on or "") for one in (mine, theirs))))
    lines.append(Line(gettext("Points"), criteria.as_typed(mine.points), criteria.as_typed(theirs.points)))
    lines.append(Line(gettext("Level"), mine.level, theirs.level))
    return [one for one in lines if one.mine or one.theirs]


def both(mine: Said, theirs: Said) -> Said:
    """Their words and then mine; of what can only be one, mine where I chose any."""
    keys = [*theirs.marks, *(key for key in mine.marks if key not in theirs.marks)]
    empty = criteria.Mark()
    marks = {}
    for key in keys:
        my, their = mine.marks.get(key, empty), theirs.marks.get(key, empty)
        marks[key] = criteria.Mark(my.level or their.level, together(their.words, my.words))
    return Said(
        together(theirs.source, mine.source),
        marks,
        theirs.points if mine.points is None else mine.points,
        mine.level or theirs.level,
        theirs.good_enough if mine.good_enough is None else mine.good_enough,
        mine.again_on or theirs.again_on,
    )


def together(first: str, second: str) -> str:
    if first.strip() == second.strip():
        return first
    return "\n\n".join(one for one in (first, second) if one.strip())


def saved(feedback: Feedback) -> str:
    """ "Saved by Bo on Thursday 26 November, 17:00 (Berlin)", without markup around the instant."""
    return gettext("Saved by %(name)s") % {"name": feedback.saved_by} + " · " + ui.ago(feedback.saved_at)
