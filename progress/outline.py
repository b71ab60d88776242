"""A student's way through a course: plain rows, of which every state and count is worked out here.

Knows no model and no request; `progress.selectors.outlines` reads the rows.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from math import inf
from operator import attrgetter

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common import dates
from common.addresses import quick_url
from common.templatetags import ui
from courses.kinds import KINDS, Who, rule_sentence


class Stands(StrEnum):
    """Where work stands, in the words of the one function that says it: `progress_where_work_stands`, in SQL.

    `missing` is what closed before it was handed in; what is late is still taken. Of what was handed back, its date
    says whether it is late.
    """

    NOT_YET_DUE = "not yet due"
    LATE = "late"
    MISSING = "missing"
    WITH_TEACHER = "with the teacher"
    RETURNED = "returned"
    EXCUSED = "excused"
    DONE = "done"


# In these the student can do something about it.
OPEN = frozenset({Stands.NOT_YET_DUE, Stands.LATE, Stands.RETURNED})


class State(StrEnum):
    """What a student sees of a step: where it stands, and what they have made of it."""

    TODO = "todo"
    STARTED = "started"
    WAITING = "waiting"
    RETURNED = "returned"
    EXCUSED = "excused"
    DONE = "done"
    NEW = "new"


WORDS = {
    State.TODO: _("Not started"),
    State.STARTED: _("In progress"),
    State.WAITING: _("With your teacher"),
    State.RETURNED: _("Handed back: your turn"),
    State.EXCUSED: _("Excused"),
    State.DONE: _("Done"),
    State.NEW: _("New since you finished"),
}


# What is shown wherever it stands so, whatever the student has made of it.
SHOWN: dict[str, State] = {
    Stands.DONE: State.DONE,
    Stands.WITH_TEACHER: State.WAITING,
    Stands.RETURNED: State.RETURNED,
    Stands.EXCUSED: State.EXCUSED,
}

# What amber means everywhere.
SOON_SECONDS = ui.SOON.total_seconds()
# After so long without a visit somebody is welcomed back, and offered the shortest way in.
AWAY = timedelta(days=14)
# Nothing of these is left to do for the student.
BEHIND = frozenset({State.DONE, State.WAITING, State.EXCUSED})
# Progress is not measured by them.
UNCOUNTED = frozenset({State.NEW, State.EXCUSED})


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else dates.moment(seconds)


@dataclass(slots=True, eq=False)
class Step:
    """One activity as it stands for one student (or for nobody: `enrolment_id` of the outline is None).

    Instants are kept as Unix seconds: a page reads hundreds and shows few, and a datetime is made for those alone.
    """

    id: int
    title: str
    heading: str
    kind: str
    minutes: int | None
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
    stands: str = Stands.NOT_YET_DUE
    # Since when it is said whose turn it is, and by when an answer was promised.
    waiting: float | None = None
    promised: float | None = None
    # Whether a later date than the cohort's was agreed.
    extended: bool | None = None
    # Of a text, the id of the block that was read last; None where they were at its top, or nothing says.
    block: str | None = None
    state: State = State.TODO

    @property
    def done_at(self) -> datetime | None:
        return _moment(self.done)

    @property
    def ended(self) -> float | None:
        """Since when nothing of it is left, for good."""
        return self.waiting if self.stands == Stands.EXCUSED else self.done

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
    def promised_at(self) -> datetime | None:
        return _moment(self.promised)

    @property
    def came_late(self) -> bool | None:
        """Whether their part came after the date; None where there is no date, or nothing of theirs waits."""
        waits = self.stands in {Stands.WITH_TEACHER, Stands.DONE}
        return self.waiting > self.due if waits and self.waiting is not None and self.due is not None else None

    @property
    def changed(self) -> bool:
        """Done, and revised by its author since."""
        return self.done_revision is not None and self.done_revision < self.revision

    @property
    def counts(self) -> bool:
        """Whether progress is measured by it. What came after the module was finished counts once it is done."""
        return self.required and self.state not in UNCOUNTED

    @property
    def url(self) -> str:
        return quick_url("progress:lesson", self.id)

    @property
    def icon(self) -> SafeString:
        return ui.icon(self.state.value)

    @property
    def time(self) -> str:
        """ "" where nobody knows how long it takes."""
        return ui.minutes(self.minutes)

    @property
    def state_words(self) -> str:
        return str(WORDS[self.state])

    @property
    def is_begun(self) -> bool:
        """Whether the student goes on with it rather than starts."""
        return self.state in {State.STARTED, State.RETURNED}

    @property
    def is_behind(self) -> bool:
        return self.state in BEHIND

    @property
    def ticked_by_teacher(self) -> bool:
        return KINDS[self.kind].rule(self.rule).way_of(Who.TEACHER) is not None

    @property
    def rule_sentence(self) -> str:
        return rule_sentence(self.kind, self.rule, self.dwell_seconds, get_language())

    @property
    def is_open(self) -> bool:
        """Whether the student can do something about it: not done, not with somebody else, not closed."""
        return self.stands in OPEN

    def is_pending(self, *, before: float) -> bool:
        """Whether it is due before an instant, and the student can still meet that or make up for it."""
        return self.due is not None and self.due < before and self.is_open


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
    waiting: int = 0
    minutes_left: int = 0
    # Steps left to do of which nobody knows how long they take; `minutes_left` is without them.
    untimed_left: int = 0
    timed_left: int = 0

    def count(self) -> None:
        states = [step.state for step in self.steps]
        asked = [step.state for step in self.steps if step.required]
        left = [step.minutes for step in self.steps if step.required and step.state not in BEHIND]
        self.new, self.waiting = states.count(State.NEW), states.count(State.WAITING)
        self.done = asked.count(State.DONE)
        self.total = len(asked) - asked.count(State.NEW) - asked.count(State.EXCUSED)
        self.minutes_left, self.untimed_left = sum(minutes or 0 for minutes in left), left.count(None)
        self.timed_left = len(left) - self.untimed_left

    @property
    def headed(self) -> list[tuple[str, list[Step]]]:
        """The steps under the heading they share with those around them; "" for those under none."""
        return [(heading, list(steps)) for heading, steps in groupby(self.steps, key=attrgetter("heading"))]

    @property
    def time_left(self) -> str:
        return ui.time_left(self.minutes_left, self.untimed_left, self.timed_left)


@dataclass
class Outline:
    course_id: int
    enrolment_id: int | None
    parts: list[Part]

    @cached_property
    def steps(self) -> list[Step]:
        return [step for part in self.parts for step in part.steps]

    @cached_property
    def dated(self) -> list[Step]:
        return [step for step in self.steps if step.due is not None]

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
    def waiting(self) -> int:
        """How many steps are with somebody else."""
        return sum(part.waiting for part in self.parts)

    @cached_property
    def minutes_left(self) -> int:
        return sum(part.minutes_left for part in self.parts)

    @property
    def time_left(self) -> str:
        untimed, timed = (sum(part.untimed_left for part in self.parts), sum(part.timed_left for part in self.parts))
        return ui.time_left(self.minutes_left, untimed, timed)

    @property
    def finished(self) -> bool:
        return self.total > 0 and self.done == self.total

    def pressing(self, now: float) -> Step | None:
        """The step that is due first, if that is within three days or over, and the student can still do it."""
        pending = [step for step in self.dated if step.is_pending(before=now + SOON_SECONDS)]
        return min(pending, key=lambda step: step.due or 0, default=None)

    def next_step(self, now: float) -> Step | None:
        """What to do now: what is late or due soon, else go on where the student was, else the first unfinished step.

        What was handed back comes before what was never begun. Only required activities are proposed while any is left,
        then what is new, then the optional rest. What is closed can be read for ever, but it is nothing to do next, nor
        is what is with somebody else. `now` is in Unix seconds.
        """
        if dated := self.pressing(now):
            return dated
        to_do = [step for step in self.steps if step.is_open]
        if returned := next((step for step in to_do if step.state is State.RETURNED), None):
            return returned
        proposed = [s for s in to_do if s.counts] or [s for s in to_do if s.required] or to_do
        if not proposed:
            return None
        last = max(self.steps, key=lambda step: step.opened or 0)
        if last.opened is None:
            return proposed[0]
        after, open_ones = self.steps.index(last), set(proposed)
        return next((step for step in self.steps[after:] if step in open_ones), proposed[0])

    def proposed(self, now: float, seen: datetime | None) -> Step | None:
        """What every page proposes to do next, by when the student was last seen in the course."""
        usual = self.next_step(now)
        return self._way_back(usual, now) if usual and was_away(seen, now) else usual

    def _way_back(self, usual: Step, now: float) -> Step:
        """The shortest of all that could come next: the usual step, what is due soon or late, what was begun."""
        soon = now + SOON_SECONDS
        near = [s for s in self.steps if s.is_open and s.required and (s.opened or s.is_pending(before=soon))]
        return min([usual, *near], key=lambda step: inf if step.minutes is None else step.minutes)

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


def was_away(seen: datetime | None, now: float) -> bool:
    return seen is not None and now - seen.timestamp() >= AWAY.total_seconds()


def settle(outline: Outline) -> None:
    """Give every step its state, and every module its counts.

    A step is new when it was published after the student had finished all that was required before it, in its module,
    or, for a module that is new itself, in the course. Shown as new, it takes nothing away from what they reached.
    """
    late = _came_late(outline)
    for part in outline.parts:
        for step in part.steps:
            if shown := SHOWN.get(step.stands):
                step.state = shown
            # What was handed back, and closed since, is not new to whoever handed it in.
            elif step in late and step.waiting is None:
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
            module.add(step.ended)
            course.add(step.ended)
    return late
