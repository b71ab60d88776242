"""A cell of the gradebook, in words: where one step stands for one student, and the mark that may be seen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import Activity
from feedback import criteria
from feedback.models import Assignment, Feedback, FeedbackChange, Submission
from feedback.services.marking import Said, said_by
from progress.outline import Stands

# Of work that is marked without names: what a cell says of it until its feedback can be read.
HIDDEN = "hidden"
# By where work stands, an icon and what a teacher reads; in the order of the legend.
SIGNS: Mapping[str, tuple[str, str | Promise]] = {
    Stands.DONE: ("done", _("Done")),
    Stands.WITH_TEACHER: ("waiting", _("To mark")),
    Stands.RETURNED: ("returned", _("Handed back")),
    Stands.NOT_YET_DUE: ("todo", _("Not done yet")),
    Stands.LATE: ("alert", _("Late")),
    Stands.MISSING: ("box", _("Closed, not done")),
    Stands.EXCUSED: ("excused", _("Excused")),
    HIDDEN: ("assignment", _("Being marked without names")),
}
VERDICTS = {True: _("Good enough"), False: _("Not yet"), None: ""}


class Face(NamedTuple):
    """What a cell shows beside a mark: one of SIGNS, and whether its student cannot read the mark yet."""

    state: str
    held: bool = False


def signs() -> list[tuple[str, str, str]]:
    """State, icon and words, for `rows/cells.html` and the legend."""
    return [(state, icon, str(words)) for state, (icon, words) in SIGNS.items()]


def teller(scale: str, most: Decimal | None) -> Callable[[str], str]:
    """What makes words of the marks of a scale: "7 of 10", "Good", "Not yet"; "" for none.

    It takes them as text: points as they are typed, a level, 1 or 0 for good enough or not yet.
    """
    if scale == Assignment.Scale.LEVELS:
        return str
    if scale == Assignment.Scale.POINTS:
        words, of = gettext("%(points)s of %(most)s"), criteria.as_typed(most)
        return lambda given: words % {"points": given, "most": of} if given else ""
    said = {"1": str(VERDICTS[True]), "0": str(VERDICTS[False]), "": ""}
    return lambda given: said[given]


def mark_field(activity: Activity) -> str:
    """Which part of `Feedback` holds the mark; "" where an assignment has none."""
    assignment = activity.assignment
    if assignment.scale == Assignment.Scale.POINTS:
        return "points"
    if assignment.scale == Assignment.Scale.LEVELS:
        return "level"
    return "good_enough" if assignment.scale == Assignment.Scale.ENOUGH or activity.rule == "enough" else ""


def said_in_cell(said: Said, assignment: Assignment) -> str:
    """The mark of the scale in words."""
    if assignment.scale == Assignment.Scale.POINTS:
        given = criteria.as_typed(said.points)
    elif assignment.scale == Assignment.Scale.LEVELS:
        given = said.level
    else:
        given = "" if said.good_enough is None else str(int(said.good_enough))
    return teller(assignment.scale, assignment.most_points)(given)


def face(submission: Submission, mark: str, state: str, now: datetime) -> Face:
    return Face(state, bool(mark) and not submission.is_released(now))


class Change(NamedTuple):
    """What a mark, or a level of the rubric, was and became; "" for nothing."""

    label: str
    was: str
    became: str


class Changed(NamedTuple):
    by: str
    at: datetime
    changes: list[Change]


def history(found: Sequence[FeedbackChange], feedback: Feedback) -> list[Changed]:
    """Of `found`, the oldest first, those that changed a mark; the latest first."""
    told = [one.before for one in found] + [said_by(feedback).mark()]
    nobody = gettext("Someone who left")
    rows = [
        Changed(str(one.by or nobody), one.at, changes)
        for one, was, became in zip(found, told, told[1:], strict=False)
        if (changes := _changes(was, became, feedback))
    ]
    return rows[::-1]


def _changes(was: dict[str, Any], became: dict[str, Any], feedback: Feedback) -> list[Change]:
    assignment = feedback.submission.activity.assignment
    both = (was, became)
    rows = [
        (gettext("Points"), [_points(one["points"], assignment) for one in both]),
        (gettext("Level"), [one["level"] for one in both]),
        (gettext("Is it good enough?"), [VERDICTS[one["good_enough"]] for one in both]),
    ]
    for criterion in feedback.rubric.criteria.criteria if feedback.rubric else ():
        levels = [criterion.level(one["marks"].get(criterion.key, {}).get("level", "")) for one in both]
        rows.append((criterion.title, [level.title if level else "" for level in levels]))
    return [Change(label, *map(str, said)) for label, said in rows if said[0] != said[1]]


def _points(stored: str | None, assignment: Assignment) -> str:
    given = criteria.as_typed(criteria.number(stored))
    return teller(Assignment.Scale.POINTS, assignment.most_points)(given)
