"""By when feedback is promised, and what moves a promise: absences, pauses, other working days, and that it was broken.

The reckoning itself is `feedback.promises.promised`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Cohort, EffectiveDue, Enrolment
from courses.permissions import MARKING
from courses.services import calendars
from courses.working_days import Calendar
from feedback.models import Absence, Marking, Pause, PromiseMove, Submission
from feedback.promises import Span, promised
from feedback.services import news
from progress.models import Waiting

# The new promise, once one was broken: the end of the next working day but for those on which nobody marks.
AFTER_A_BROKEN_ONE = 1
AT_ONCE = 500


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
            _span(pause)
            for pause in self.pauses
            if pause.activity_id in (None, submission.activity_id) and _lasts(pause)
        ]
        days = self.people.get(submission.marker_id or 0)
        if days is None:
            days = frozenset.intersection(*self.people.values()) if self.people else frozenset()
        return off + [Span(day, day) for day in days]


def _span(pause: Pause) -> Span:
    """Ended early, it counts until the day on which it was ended."""
    zone = pause.cohort.timezone
    return Span(pause.first, min(pause.last, pause.ended_at.astimezone(zone).date()) if pause.ended_at else pause.last)


def _lasts(pause: Pause) -> bool:
    """Whether a day of it counts: one that was ended on the day it began was none."""
    return pause.ended_at is None or pause.ended_at.astimezone(pause.cohort.timezone).date() > pause.first


def away_in(cohort: Cohort) -> Away:
    """In four queries."""
    markers = Enrolment.objects.active().filter(cohort=cohort, role__in=MARKING).values_list("user", flat=True)
    days: dict[int, set[date]] = {person: set() for person in markers}
    for absence in Absence.objects.filter(person__in=days, substitute=None, cancelled_at=None):
        days[absence.person_id].update(Span(absence.first, absence.last).days())
    pauses = list(Pause.objects.filter(cohort=cohort).select_related("cohort"))
    return Away(calendars.calendar_of(cohort), pauses, {key: frozenset(some) for key, some in days.items()})


def counted_from(submission: Submission, cohort: Cohort) -> datetime:
    """When it was handed in, or the due date where the cohort moves together and it came before."""
    chosen = Marking.objects.filter(cohort=cohort).values_list("counted_from", flat=True).first()
    usual = Marking.From.DUE if cohort.pacing == Cohort.Pacing.SCHEDULED else Marking.From.HANDED_IN
    if (chosen or usual) == Marking.From.HANDED_IN or submission.attempt > 1:
        return submission.counts_at
    due = EffectiveDue.objects.filter(enrolment=submission.enrolment_id, activity=submission.activity_id)
    due_at = due.values_list("due_at", flat=True).first()
    return max(due_at or submission.counts_at, submission.counts_at)


def first(submission: Submission, cohort: Cohort) -> datetime:
    """What is promised for work that was just handed in."""
    away = away_in(cohort)
    start = counted_from(submission, cohort)
    return promised(start, cohort.feedback_days, away.calendar, away.spans(submission))


@transaction.atomic
def move(cohort: Cohort, why: str, words: str = "", *, only: Collection[int] | None = None) -> int:
    """Reckon anew what is promised in a cohort, since somebody is away, marking is paused, or days changed; how many.

    Whoever waits reads why. `only` are the keys of submissions that can be meant.
    """
    waiting = Submission.objects.to_mark().filter(enrolment__cohort=cohort).select_for_update(of=("self",))
    waiting = waiting.filter(promised_at__isnull=False) if only is None else waiting.filter(pk__in=only)
    away, moved = away_in(cohort), 0
    for submission in waiting.select_related("enrolment__cohort").prefetch_related("moves"):
        becomes = _reckoned(submission, cohort, away)
        if becomes != submission.promised_at:
            _set(submission, becomes, why, words)
            news.moved(submission)
            moved += 1
    return moved


def _reckoned(submission: Submission, cohort: Cohort, away: Away) -> datetime:
    """As the first time; once one was broken, as then."""
    broken = [one for one in submission.moves.all() if one.why == PromiseMove.Why.BROKEN]
    spans = away.spans(submission)
    if broken:
        return promised(broken[-1].at, AFTER_A_BROKEN_ONE, away.calendar, spans)
    return promised(counted_from(submission, cohort), cohort.feedback_days, away.calendar, spans)


def _set(submission: Submission, becomes: datetime, why: str, words: str) -> None:
    was = submission.promised_at or becomes
    PromiseMove.objects.create(submission=submission, was=was, becomes=becomes, why=why, words=words)
    submission.promised_at = becomes
    submission.save(update_fields=["promised_at", "broken_at"])
    Waiting.objects.filter(
        enrolment=submission.enrolment_id, activity=submission.activity_id, ended_at=None, waits_for="teacher"
    ).update(promised_at=becomes)


def break_due(now: datetime) -> int:
    """Say of every promise that has passed that it was broken, and promise another day; how many."""
    late = Submission.objects.to_mark().filter(promised_at__lt=now).order_by("promised_at", "pk")
    broken = 0
    for key in list(late.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            found = late.filter(pk=key).select_for_update(skip_locked=True, of=("self",))
            submission = found.select_related("enrolment__cohort").first()
            if submission is None:
                continue
            cohort = submission.enrolment.cohort
            away = away_in(cohort)
            becomes = promised(now, AFTER_A_BROKEN_ONE, away.calendar, away.spans(submission))
            submission.broken_at = submission.broken_at or submission.promised_at
            _set(submission, becomes, PromiseMove.Why.BROKEN, "")
            news.broken(submission)
            broken += 1
    return broken


@transaction.atomic
def go_away(person: User, first: date, last: date, *, substitute: User | None = None) -> Absence:
    """Note that somebody is away, and move what they promised; with a substitute, give them the work instead."""
    absence = Absence.objects.create(person=person, first=first, last=last, substitute=substitute)
    if substitute:
        own = Submission.objects.to_mark().filter(marker=person, promised_at__date__gte=first)
        both = Enrolment.objects.active().filter(user=substitute, role__in=MARKING).values("cohort")
        own.filter(enrolment__cohort__in=both).update(marker=substitute, marker_given_by=person)
    else:
        _move_where(person, PromiseMove.Why.AWAY)
    return absence


@transaction.atomic
def come_back(absence: Absence) -> None:
    absence.cancelled_at = timezone.now()
    absence.save(update_fields=["cancelled_at"])
    _move_where(absence.person, PromiseMove.Why.AWAY)


def _move_where(person: User, why: str) -> None:
    mine = Enrolment.objects.of(person).filter(role__in=MARKING)
    for cohort in Cohort.objects.filter(pk__in=mine.values("cohort")).order_by("pk"):
        move(cohort, why)


@transaction.atomic
def pause(cohort: Cohort, last: date, reason: str, *, activity: Activity | None, by: User, now: datetime) -> Pause:
    """Mark nothing until a day, that day included; students read the reason."""
    today = now.astimezone(cohort.timezone).date()
    made = Pause.objects.create(cohort=cohort, activity=activity, first=today, last=last, reason=reason, by=by)
    move(cohort, PromiseMove.Why.PAUSED, reason)
    return made


@transaction.atomic
def go_on(pause: Pause, now: datetime) -> None:
    """End a pause before its day."""
    pause.ended_at = now
    pause.save(update_fields=["ended_at"])
    move(pause.cohort, PromiseMove.Why.PAUSED, pause.reason)


def ahead_of(submission: Submission) -> int:
    """How many pieces of work in its cohort are to come back before it."""
    if submission.promised_at is None:
        return 0
    before = Q(promised_at__lt=submission.promised_at) | Q(promised_at=submission.promised_at, pk__lt=submission.pk)
    waiting = Submission.objects.to_mark().filter(before, enrolment__cohort=submission.enrolment.cohort_id)
    return waiting.filter(enrolment__deleted_at=None).count()
