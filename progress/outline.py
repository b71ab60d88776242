"""A student's way through a course, as the pages read it: one query, plain rows, every state worked out here."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import accumulate

from django.db import connection
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.templatetags import ui
from courses.kinds import rule_sentence


class State(StrEnum):
    TODO = "todo"
    STARTED = "started"
    DONE = "done"
    NEW = "new"


WORDS = {
    State.TODO: _("Not started"),
    State.STARTED: _("In progress"),
    State.DONE: _("Done"),
    State.NEW: _("New since you finished"),
}


@lru_cache(maxsize=1)
def _lesson_pattern() -> tuple[str, str]:
    before, _, after = reverse("progress:lesson", args=[0]).partition("0")
    return before, after


def lesson_url(activity_id: int) -> str:
    """`reverse` for a page of hundreds of lessons, resolved once."""
    before, after = _lesson_pattern()
    return f"{before}{activity_id}{after}"


@dataclass(slots=True)
class Step:
    """One activity as it stands for one student (or for nobody: `enrolment_id` of the outline is None)."""

    id: int
    title: str
    heading: str
    kind: str
    minutes: int
    required: bool
    published_at: datetime
    revision: int
    rule: str
    dwell_seconds: int
    done_at: datetime | None
    done_revision: int | None
    opened_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    zone: str | None
    state: State = State.TODO

    @property
    def changed(self) -> bool:
        """Done, and revised by its author since."""
        return self.done_revision is not None and self.done_revision < self.revision

    @property
    def counts(self) -> bool:
        """Whether progress is measured by it. What came after the module was finished counts once it is done."""
        return self.required and self.state != State.NEW

    @property
    def url(self) -> str:
        return lesson_url(self.id)

    @property
    def icon(self) -> SafeString:
        return ui.icon(self.state.value)

    @property
    def time(self) -> str:
        return ui.minutes(self.minutes)

    @property
    def state_words(self) -> str:
        return str(WORDS[self.state])

    @property
    def rule_sentence(self) -> str:
        return rule_sentence(self.kind, self.rule, self.dwell_seconds, get_language())

    def late(self, now: datetime) -> bool:
        return self.due_at is not None and self.done_at is None and self.due_at < now


@dataclass(slots=True)
class Part:
    """One module."""

    id: int
    title: str
    steps: list[Step] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(step.required and step.state == State.DONE for step in self.steps)

    @property
    def total(self) -> int:
        return sum(step.counts for step in self.steps)

    @property
    def new(self) -> int:
        return sum(step.state == State.NEW for step in self.steps)

    @property
    def minutes_left(self) -> int:
        return sum(step.minutes for step in self.steps if step.required and step.state != State.DONE)


@dataclass
class Outline:
    course_id: int
    enrolment_id: int | None
    parts: list[Part]

    @cached_property
    def steps(self) -> list[Step]:
        return [step for part in self.parts for step in part.steps]

    @cached_property
    def done(self) -> int:
        return sum(part.done for part in self.parts)

    @cached_property
    def total(self) -> int:
        return sum(part.total for part in self.parts)

    @cached_property
    def new(self) -> int:
        return sum(part.new for part in self.parts)

    @cached_property
    def minutes_left(self) -> int:
        return sum(part.minutes_left for part in self.parts)

    @property
    def finished(self) -> bool:
        return self.total > 0 and self.done == self.total

    @cached_property
    def next_step(self) -> Step | None:
        """What to do now: go on where the student was, else the first unfinished after it, else the first of all.

        Only required activities are proposed while any is left, then what is new, then the optional rest.
        """
        waiting = [step for step in self.steps if step.state != State.DONE]
        open_ones = [step for step in waiting if step.counts] or [s for s in waiting if s.required] or waiting
        if not open_ones:
            return None
        opened = [(step.opened_at, place) for place, step in enumerate(self.steps) if step.opened_at]
        if not opened:
            return open_ones[0]
        _, last = max(opened)
        return next((step for step in self.steps[last:] if step in open_ones), open_ones[0])

    def part_of(self, step: Step) -> Part:
        return next(part for part in self.parts if step in part.steps)

    def around(self, activity_id: int) -> tuple[Step | None, Step | None, Step | None]:
        """The step before, the step itself and the step after; all None when the activity is not in the outline."""
        place = next((index for index, step in enumerate(self.steps) if step.id == activity_id), None)
        if place is None:
            return None, None, None
        before = self.steps[place - 1] if place else None
        after = self.steps[place + 1] if place + 1 < len(self.steps) else None
        return before, self.steps[place], after


# `pairs` is (enrolment or null, course): null reads the outline for somebody who does not study.
ROWS = """
SELECT pair.place, m.id, m.title,
       a.id, a.title, a.heading, a.kind, a.minutes, a.required, a.published_at, a.revision, a.rule, a.dwell_seconds,
       c.completed_at, c.activity_revision, v.last_opened_at, d.due_at, d.closes_at, d.zone
  FROM unnest(%(enrolments)s::bigint[], %(courses)s::bigint[])
       WITH ORDINALITY AS pair(enrolment_id, course_id, place)
  JOIN courses_module m ON m.course_id = pair.course_id AND m.published
  JOIN courses_activity a ON a.module_id = m.id AND a.published
  LEFT JOIN progress_completion c
         ON c.enrolment_id = pair.enrolment_id AND c.activity_id = a.id AND c.withdrawn_at IS NULL
  LEFT JOIN progress_visit v ON v.enrolment_id = pair.enrolment_id AND v.activity_id = a.id
  LEFT JOIN courses_effective_due d ON d.enrolment_id = pair.enrolment_id AND d.activity_id = a.id
 ORDER BY pair.place, m.position, a.position
"""


def read(pairs: Sequence[tuple[int | None, int]]) -> list[Outline]:
    """The outlines of (enrolment, course) pairs in one query, in their order."""
    outlines = [Outline(course, enrolment, []) for enrolment, course in pairs]
    if not outlines:
        return []
    with connection.cursor() as cursor:
        enrolments, courses = zip(*pairs, strict=True)
        cursor.execute(ROWS, {"enrolments": list(enrolments), "courses": list(courses)})
        for place, module_id, module_title, *row in cursor:
            parts = outlines[place - 1].parts
            if not parts or parts[-1].id != module_id:
                parts.append(Part(module_id, module_title))
            parts[-1].steps.append(Step(*row))
    for outline in outlines:
        settle(outline)
    return outlines


def read_one(enrolment: int | None, course: int) -> Outline:
    """The outline of one course, for a student or (None) for somebody who does not study."""
    return read([(enrolment, course)])[0]


def settle(outline: Outline) -> None:
    """Give every step its state.

    A step is new when it was published after the student had finished all that was required before it, in its module,
    or, for a module that is new itself, in the course. Shown as new, it takes nothing away from what they reached.
    """
    course = _Finished(outline.steps)
    for part in outline.parts:
        module = _Finished(part.steps)
        for step in part.steps:
            if step.done_at:
                step.state = State.DONE
            elif _first_known(module.before(step.published_at), course.before(step.published_at)):
                step.state = State.NEW
            elif step.opened_at:
                step.state = State.STARTED


def _first_known(*answers: bool | None) -> bool:
    return next((answer for answer in answers if answer is not None), False)


class _Finished:
    """Whether all required steps published before a moment were also done before it."""

    def __init__(self, steps: list[Step]) -> None:
        required = sorted((step for step in steps if step.required), key=lambda step: step.published_at)
        self.published = [step.published_at for step in required]
        # The latest completion among the first n; None from the first that is not done.
        self.done: list[datetime | None] = list(accumulate((step.done_at for step in required), _later))

    def before(self, moment: datetime) -> bool | None:
        """None when nothing was published before `moment`."""
        count = bisect_left(self.published, moment)
        if not count:
            return None
        done = self.done[count - 1]
        return done is not None and done < moment


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else None
