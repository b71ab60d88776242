"""By when feedback is promised, and what moves a promise: absences, pauses, other working days, and that it was broken.

The reckoning itself is `feedback.promises.promised`. Who is away, and when, is written by `feedback.services.absences`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from common.literals import Literal
from courses.models import Cohort, EffectiveDue, Enrolment
from courses.permissions import MARKING
from courses.services import calendars
from courses.working_days import Calendar
from feedback.models import Absence, Marking, Pause, PromiseMove, Submission
from feedback.promises import Span, promised
from feedback.querysets import SubmissionQuerySet
from feedback.services import news

# The new promise, once one was broken: the end of the next working day but for those on which nobody marks.
AFTER_A_BROKEN_ONE = 1
AT_ONCE = 500
# The turn of a step says by when, too.
SAY_IT = """
UPDATE progress_waiting w SET promised_at = s.promised_at
  FROM feedback_submission s
 WHERE s.id = ANY(%(works)s) AND w.enrolment_id = s.enrolment_id AND w.activity_id = s.activity_id
   AND w.ended_at IS NULL AND w.waits_for = 'teacher'
"""


@dataclass(frozen=True)
class Away:
    """When nobody marks in a cohort. `people` are the days on which each of those who mark there is away."""

    calendar: Calendar
    pauses: Sequence[Pause]
    people: Mapping[int, frozenset[date]]

    def spans(self, submission: Submission) -> list[Span]:
        """What does not count for a piece of work: pauses, and the days of its marker; while nobody has it, those on
        which all are away."""
        off = [
            span
            for pause in self.pauses
            if pause.activity_id in (None, submission.activity_id) and (span := span_of(pause))
        ]
        return off + [Span(day, day) for day in self.days_of(submission.marker_id)]

    def days_of(self, marker: int | None) -> frozenset[date]:
        """On which nothing is marked of what `marker` has."""
        days = self.people.get(marker or 0)
        if days is None:
            days = frozenset.intersection(*self.people.values()) if self.people else frozenset()
        return days

    def also(self, person: int, days: Iterable[date]) -> "Away":
        """As it would be, were `person` away on these days as well."""
        if person not in self.people:
            return self
        return replace(self, people={**self.people, person: self.people[person] | frozenset(days)})


def span_of(pause: Pause) -> Span | None:
    """Ended early, it counts until the day on which it was ended; on the day it began, it was none."""
    if pause.ended_at is None:
        return Span(pause.first, pause.last)
    ended = pause.ended_at.astimezone(pause.cohort.timezone).date()
    return Span(pause.first, min(pause.last, ended)) if ended > pause.first else None


def away_in(cohort: Cohort) -> Away:
    """In four queries. Where a substitute marks in the cohort too, nobody is missed."""
    markers = Enrolment.objects.active().filter(cohort=cohort, role__in=MARKING).values_list("user", flat=True)
    days: dict[int, set[date]] = {person: set() for person in markers}
    missed = Absence.objects.filter(person__in=days, cancelled_at=None).exclude(substitute__in=list(days))
    for absence in missed:
        days[absence.person_id].update(Span(absence.first, absence.last).days())
    pauses = list(Pause.objects.filter(cohort=cohort).select_related("cohort"))
    return Away(calendars.calendar_of(cohort), pauses, {key: frozenset(some) for key, some in days.items()})


def counts_from(cohort: Cohort) -> str:
    """The due date where the cohort moves together, unless its teachers say otherwise."""
    chosen = Marking.objects.filter(cohort=cohort).values_list("counted_from", flat=True).first()
    return chosen or usual_counting(cohort)


def usual_counting(cohort: Cohort) -> str:
    return Marking.From.DUE if cohort.pacing == Cohort.Pacing.SCHEDULED else Marking.From.HANDED_IN


def _begins(submission: Submission, rule: str, due_at: datetime | None) -> datetime:
    """When the promise begins to count. The next attempt has no due date that it could come before."""
    if rule == Marking.From.HANDED_IN or submission.attempt > 1 or due_at is None:
        return submission.counts_at
    return max(due_at, submission.counts_at)


def first(submission: Submission, cohort: Cohort) -> datetime:
    """What is promised for work that was just handed in."""
    away, rule = away_in(cohort), counts_from(cohort)
    due = EffectiveDue.objects.filter(enrolment=submission.enrolment_id, activity=submission.activity_id)
    begins = _begins(submission, rule, due.values_list("due_at", flat=True).first())
    return promised(begins, cohort.feedback_days, away.calendar, away.spans(submission))


@dataclass(frozen=True)
class Moving:
    """A promise that is to have another instant."""

    submission: Submission
    was: datetime
    becomes: datetime


def foresee(cohort: Cohort, away: Away, now: datetime) -> list[Moving]:
    """Which promises move where `away` is how things are, or would be; the earliest first. Work whose promise has
    passed is left to be broken."""
    waiting = _waiting(cohort, now).select_related("enrolment__cohort").prefetch_related("moves")
    found = list(waiting.order_by("promised_at", "pk"))
    return _moving(found, cohort, away, now)


def _waiting(cohort: Cohort, now: datetime) -> SubmissionQuerySet:
    return Submission.objects.standing().to_mark().filter(enrolment__cohort=cohort, promised_at__gt=now)


def _moving(found: Sequence[Submission], cohort: Cohort, away: Away, now: datetime) -> list[Moving]:
    rule, dues = counts_from(cohort), _dues(found)
    moving = []
    for submission in found:
        assert submission.promised_at  # as `_waiting` has it
        due_at = dues.get((submission.enrolment_id, submission.activity_id))
        becomes = _reckoned(submission, cohort, away, _begins(submission, rule, due_at))
        if becomes <= now:
            # A day that is over by now would be broken at once.
            soonest = promised(now, AFTER_A_BROKEN_ONE, away.calendar, away.spans(submission))
            becomes = min(submission.promised_at, soonest)
        if becomes != submission.promised_at:
            moving.append(Moving(submission, submission.promised_at, becomes))
    return moving


def _dues(found: Sequence[Submission]) -> dict[tuple[int, int], datetime]:
    mine = EffectiveDue.objects.filter(
        enrolment__in={one.enrolment_id for one in found}, activity__in={one.activity_id for one in found}
    )
    return {(row[0], row[1]): row[2] for row in mine.values_list("enrolment_id", "activity_id", "due_at")}


def _reckoned(submission: Submission, cohort: Cohort, away: Away, begins: datetime) -> datetime:
    """As the first time; once one was broken, as then."""
    broken = [one for one in submission.moves.all() if one.why == PromiseMove.Why.BROKEN]
    spans = away.spans(submission)
    if broken:
        return promised(broken[-1].at, AFTER_A_BROKEN_ONE, away.calendar, spans)
    return promised(begins, cohort.feedback_days, away.calendar, spans)


@transaction.atomic
def move(cohort: Cohort, why: str, words: str = "", *, now: datetime | None = None) -> int:
    """Reckon anew what is promised in a cohort, since somebody is away, marking is paused, or days changed; how many.

    Whoever waits reads why.
    """
    now = now or timezone.now()
    list(_waiting(cohort, now).select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    moving = foresee(cohort, away_in(cohort), now)
    _move(moving, why, words, now)
    return len(moving)


@transaction.atomic
def of_another_marker(work: int, before: int | None, *, now: datetime | None = None) -> Moving | None:
    """Reckon anew what is promised for a piece of work that another marker than `before` has now; None where that is
    the same instant. Its student reads it as any other move."""
    now = now or timezone.now()
    waiting = Submission.objects.standing().to_mark().filter(pk=work, promised_at__gt=now)
    found = waiting.select_related("enrolment__cohort").prefetch_related("moves").first()
    if found is None or found.marker_id == before:
        return None
    cohort = found.enrolment.cohort
    away = away_in(cohort)
    if away.days_of(found.marker_id) == away.days_of(before):
        return None
    moving = _moving([found], cohort, away, now)
    _move(moving, PromiseMove.Why.AWAY, "", now)
    return next(iter(moving), None)


def _move(moving: Sequence[Moving], why: str, words: str, now: datetime) -> None:
    _set(moving, why, words, now)
    for one in moving:
        news.moved(one.submission, was=one.was)


def _set(moving: Sequence[Moving], why: str, words: str, now: datetime) -> None:
    PromiseMove.objects.bulk_create(
        PromiseMove(submission=one.submission, was=one.was, becomes=one.becomes, why=why, words=words, at=now)
        for one in moving
    )
    for one in moving:
        one.submission.promised_at = one.becomes
    Submission.objects.bulk_update([one.submission for one in moving], ["promised_at", "broken_at"], batch_size=200)
    with connection.cursor() as cursor:
        cursor.execute(SAY_IT, {"works": [one.submission.pk for one in moving]})


def break_due(now: datetime) -> int:
    """Say of every promise that has passed that it was broken, and promise another day; how many.

    Who has left the cohort waits for nothing.
    """
    late = Submission.objects.standing().filter(promised_at__lt=now, enrolment__state=Literal("active"))
    broken = 0
    for key in _keys_of_late(late, now):
        with transaction.atomic():
            found = late.filter(_is_not_out(now), pk=key).select_for_update(skip_locked=True, of=("self",))
            submission = found.select_related("enrolment__cohort").first()
            if submission is None:
                continue
            away = away_in(submission.enrolment.cohort)
            # What is to be released at an hour that is still to come is late as well.
            since = max(now, submission.release_at or now)
            becomes = promised(since, AFTER_A_BROKEN_ONE, away.calendar, away.spans(submission))
            assert submission.promised_at
            submission.broken_at = submission.broken_at or submission.promised_at
            _set([Moving(submission, submission.promised_at, becomes)], PromiseMove.Why.BROKEN, "", now)
            news.broken(submission)
            broken += 1
    return broken


def _is_not_out(now: datetime) -> Q:
    return Q(release_at=None) | Q(release_at__gt=now)


def _keys_of_late(late: SubmissionQuerySet, now: datetime) -> list[int]:
    """Asked twice, so that each question has an index of its own."""
    waiting = late.filter(release_at=None).order_by("promised_at", "pk").values_list("pk", flat=True)
    dated = late.filter(release_at__gt=now, settled_at=None).order_by("pk").values_list("pk", flat=True)
    return [*waiting[:AT_ONCE], *dated[:AT_ONCE]]
