"""A student's way through a course, as the pages read it: one query, plain rows, every state worked out here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import groupby
from math import inf

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


@lru_cache(maxsize=8)
def _pattern(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[0]).partition("0")
    return before, after


def quick_url(name: str, number: int) -> str:
    """`reverse` for a page with hundreds of addresses of one route, resolved once."""
    before, after = _pattern(name)
    return f"{before}{number}{after}"


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@dataclass(slots=True, eq=False)
class Step:
    """One activity as it stands for one student (or for nobody: `enrolment_id` of the outline is None).

    Instants are kept as Unix seconds: a page reads hundreds and shows few, and a datetime is made for those alone.
    """

    id: int
    title: str
    heading: str
    kind: str
    minutes: int
    required: bool
    published: float
    revision: int
    rule: str
    dwell_seconds: int
    done: float | None
    done_revision: int | None
    opened: float | None
    due: float | None
    closes: float | None
    zone: str | None
    state: State = State.TODO

    @property
    def done_at(self) -> datetime | None:
        return _moment(self.done)

    @property
    def opened_at(self) -> datetime | None:
        return _moment(self.opened)

    @property
    def due_at(self) -> datetime | None:
        return _moment(self.due)

    @property
    def closes_at(self) -> datetime | None:
        return _moment(self.closes)

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
        return quick_url("progress:lesson", self.id)

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

    def waits(self, now: float) -> bool:
        """Whether it has a date, is not done, and is still open."""
        return self.due is not None and self.done is None and not (self.closes is not None and self.closes < now)


@dataclass(slots=True)
class Part:
    """One module."""

    id: int
    title: str
    steps: list[Step] = field(default_factory=list)

    # Counted once, when the outline has given every step its state.
    done: int = 0
    total: int = 0
    new: int = 0
    minutes_left: int = 0

    def count(self) -> None:
        for step in self.steps:
            self.new += step.state is State.NEW
            if step.required:
                self.done += step.state is State.DONE
                self.total += step.state is not State.NEW
                self.minutes_left += step.minutes if step.state is not State.DONE else 0


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

    def next_step(self, now: float) -> Step | None:
        """What to do now: go on where the student was, else the first unfinished after it, else the first of all.

        Only required activities are proposed while any is left, then what is new, then the optional rest. What is
        closed can be read for ever, but it is nothing to do next. `now` is in Unix seconds.
        """
        waiting = [s for s in self.steps if s.done is None and (s.closes is None or s.closes >= now)]
        proposed = [s for s in waiting if s.counts] or [s for s in waiting if s.required] or waiting
        if not proposed:
            return None
        last = max(self.steps, key=lambda step: step.opened or 0)
        if last.opened is None:
            return proposed[0]
        after, open_ones = self.steps.index(last), set(proposed)
        return next((step for step in self.steps[after:] if step in open_ones), proposed[0])

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


# A pair's enrolment may be null: that reads the outline for somebody who does not study. What hangs on the enrolments
# is gathered first, by their ids alone: joined directly, the planner works out the due dates of the whole school.
ROWS = """
WITH done AS MATERIALIZED (
    SELECT enrolment_id, activity_id, date_part('epoch', completed_at) AS at, activity_revision
      FROM progress_completion WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND withdrawn_at IS NULL
), opened AS MATERIALIZED (
    SELECT enrolment_id, activity_id, date_part('epoch', last_opened_at) AS at
      FROM progress_visit WHERE enrolment_id = ANY(%(enrolments)s::bigint[])
), due AS MATERIALIZED (
    SELECT enrolment_id, activity_id, zone,
           date_part('epoch', due_at) AS at, date_part('epoch', closes_at) AS closes
      FROM courses_effective_due WHERE enrolment_id = ANY(%(enrolments)s::bigint[])
)
SELECT pair.place, m.id, m.title,
       a.id, a.title, a.heading, a.kind, a.minutes, a.required, date_part('epoch', a.published_at),
       a.revision, a.rule, a.dwell_seconds, c.at, c.activity_revision, v.at, d.at, d.closes, d.zone
  FROM unnest(%(enrolments)s::bigint[], %(courses)s::bigint[])
       WITH ORDINALITY AS pair(enrolment_id, course_id, place)
  JOIN courses_module m ON m.course_id = pair.course_id AND m.published
  JOIN courses_activity a ON a.module_id = m.id AND a.published
  LEFT JOIN done c ON c.enrolment_id = pair.enrolment_id AND c.activity_id = a.id
  LEFT JOIN opened v ON v.enrolment_id = pair.enrolment_id AND v.activity_id = a.id
  LEFT JOIN due d ON d.enrolment_id = pair.enrolment_id AND d.activity_id = a.id
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
        rows = cursor.fetchall()
    for place, module_id, module_title, *row in rows:
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
    """Give every step its state, and every module its counts.

    A step is new when it was published after the student had finished all that was required before it, in its module,
    or, for a module that is new itself, in the course. Shown as new, it takes nothing away from what they reached.
    """
    late = _came_late(outline)
    for part in outline.parts:
        for step in part.steps:
            if step.done is not None:
                step.state = State.DONE
            elif step in late:
                step.state = State.NEW
            elif step.opened is not None:
                step.state = State.STARTED
        part.count()


class _Base:
    """What was required before anything came late, and when the last of it was done."""

    __slots__ = ("is_empty", "latest")

    def __init__(self) -> None:
        self.is_empty, self.latest = True, 0.0

    def add(self, done: float | None) -> None:
        self.is_empty, self.latest = False, max(self.latest, inf if done is None else done)


def _came_late(outline: Outline) -> set[Step]:
    """The steps published after the end was reached. One that came late never puts the end off for the next."""
    late: set[Step] = set()
    begun = min((step.done for step in outline.steps if step.done is not None), default=inf)
    if all(step.published <= begun for step in outline.steps):
        # Nothing was added since the first tick, as in most courses.
        return late
    course, modules = _Base(), [_Base() for _ in outline.parts]
    placed = [(step, module) for part, module in zip(outline.parts, modules, strict=True) for step in part.steps]
    placed.sort(key=lambda pair: pair[0].published)
    for published, together in groupby(placed, key=lambda pair: pair[0].published):
        # What is published at one time is judged together, and counts only for what comes after.
        joining = []
        for step, module in together:
            base = course if module.is_empty else module
            if not base.is_empty and base.latest < published:
                late.add(step)
            elif step.required:
                joining.append((step, module))
        for step, module in joining:
            module.add(step.done)
            course.add(step.done)
    return late
