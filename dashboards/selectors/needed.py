"""Who of a class needs somebody today, whoever needs somebody most first, and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from accounts.models import User
from common.dates import local
from courses.models import Cohort
from dashboards import attention
from dashboards.attention import Why
from progress.selectors import signals
from progress.selectors.signals import Student
from progress.slots import ASKED, REASONS, Reason

# Without a word from anybody.
ALONE_DAYS = 10
# For so long an answer is waited for: whoever was asked how it goes is not to be asked again.
TO_ANSWER = timedelta(days=3)


class Also(StrEnum):
    """A reason that the order knows nothing of."""

    ALONE = "alone"


@dataclass(frozen=True)
class Needy:
    """A student with a reason today: what apps say of them, then what their own way tells."""

    student: Student
    said: tuple[Reason, ...]
    whys: tuple[Why | Also, ...]
    # When they were asked how it goes, and have not answered.
    asked_at: datetime | None = None

    @property
    def owed_by(self) -> datetime | None:
        return min([reason.owed_by for reason in self.said if reason.owed_by], default=None)


@dataclass(frozen=True)
class Class:
    runs: bool
    students: int
    reckoned_at: datetime | None
    # In the order in which they are to be looked at.
    needy: list[Needy]
    snoozed: list[Needy]


def of_class(viewer: User, cohort: Cohort, now: datetime, today: date) -> Class:
    """First those whom somebody owes something, the oldest debt first; then by the order of `dashboards.attention`.

    Two queries, and those of the apps that say reasons, or whom they asked, of their own.
    """
    students = signals.of_class(viewer, cohort, now, today)
    said, asked = _said(viewer, cohort, now), _asked(cohort, now)
    found = [
        one
        for student, whys in _in_order(students)
        if (one := _needy(student, tuple(said.get(student.person, ())), whys, asked.get(student.person), now))
    ]
    # Of most students no app says anything.
    owed = sorted((one for one in found if one.said and one.owed_by), key=lambda one: one.owed_by or now)
    found = owed + [one for one in found if not one.said or not one.owed_by]
    here = local(now, cohort.timezone).date()
    return Class(
        cohort.starts_on <= here and (cohort.ends_on is None or here <= cohort.ends_on),
        len(students),
        students[0].reckoned_at if students else None,
        [one for one in found if one.student.snoozed_until is None],
        [one for one in found if one.student.snoozed_until is not None],
    )


def at_this_moment(viewer: User, shown: Sequence[Needy], now: datetime, today: date) -> list[Needy]:
    """The same, reckoned anew: whoever has no reason any more is left out. One query."""
    fresh = signals.at_this_moment(viewer, [one.student.enrolment for one in shown], now, today)
    found = [(fresh[one.student.enrolment], one) for one in shown if one.student.enrolment in fresh]
    return [
        one
        for student, shown_as in found
        if (one := _needy(student, shown_as.said, attention.reasons(_signals(student)), shown_as.asked_at, now))
    ]


def places(cohorts: Sequence[int], now: datetime) -> dict[int, int]:
    """By enrolment, where each student of these cohorts stands in the order of their class; in one query."""
    of_cohort = defaultdict(list)
    for student in signals.of_cohorts(cohorts, now):
        of_cohort[student.cohort].append(student)
    found: dict[int, int] = {}
    for students in of_cohort.values():
        found |= {student.enrolment: place for place, (student, _) in enumerate(_in_order(students)) if student.known}
    return found


def _in_order(students: Sequence[Student]) -> Iterator[tuple[Student, tuple[Why, ...]]]:
    """Who came since the class was reckoned stands at the end."""
    known = {one.enrolment: one for one in students if one.known}
    for needed in attention.order([_signals(one) for one in known.values()]):
        yield known[needed.key], needed.reasons
    for one in students:
        if not one.known:
            yield one, ()


def _said(viewer: User, cohort: Cohort, now: datetime) -> Mapping[int, list[Reason]]:
    said: dict[int, list[Reason]] = defaultdict(list)
    for source in REASONS:
        for person, reason in source(viewer, cohort, now).items():
            said[person].append(reason)
    return said


def _asked(cohort: Cohort, now: datetime) -> Mapping[int, datetime]:
    asked: dict[int, datetime] = {}
    for source in ASKED:
        asked |= source(cohort, now)
    return asked


def _needy(
    student: Student, said: tuple[Reason, ...], whys: tuple[Why, ...], asked_at: datetime | None, now: datetime
) -> Needy | None:
    held = _held(student, whys, asked_at is not None and asked_at > now - TO_ANSWER) if student.known else ()
    return Needy(student, said, held, asked_at) if said or held else None


def _held(student: Student, whys: tuple[Why, ...], asked: bool) -> tuple[Why | Also, ...]:
    """Who has nothing left to do, or said that they are away, is missed by nobody; and whoever was spoken to in the
    past week, or was just asked, has had the word that these reasons ask for."""
    if student.away or student.through or asked or student.days_alone < attention.SILENT_DAYS:
        return tuple(why for why in whys if why not in (Why.SILENT, Why.SLOWING))
    return (*whys, Also.ALONE) if student.days_alone >= ALONE_DAYS else whys


def _signals(student: Student) -> attention.Signals:
    return attention.Signals(
        key=student.enrolment,
        days_silent=student.days_silent,
        active_days_7=student.active_days_7,
        active_days_14=student.active_days_14,
        active_days_28=student.active_days_28,
        due=student.due,
        missing=student.missing,
        late=student.late,
        share_done=student.share_done,
        mean_mark=student.mean_mark,
    )
