"""When nobody marks: somebody is away, with a substitute or without; marking is paused until a day, with a reason.

Each has its foresight, which says before it is saved what moves, and the deed itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses.models import Activity, Cohort, Enrolment
from courses.permissions import MARKING
from feedback.models import Absence, Feedback, Pause, PromiseMove, Submission
from feedback.promises import Span
from feedback.querysets import SubmissionQuerySet
from feedback.services import answering, promises
from feedback.services.promises import Away, Moving

# More than anybody has ahead, less than a script makes.
MOST_ABSENCES, MOST_PAUSES = 50, 50
# A long leave; whoever is away for longer no longer marks in the cohort.
LONGEST = 366


class Refused(Exception):
    """Nothing has changed; its text says why."""


@dataclass(frozen=True)
class Foresight:
    """What would move, and how many pieces of work somebody else would have."""

    moving: Sequence[Moving] = field(default_factory=tuple)
    handed_over: int = 0

    @property
    def count(self) -> int:
        return len(self.moving)

    @property
    def latest(self) -> datetime | None:
        return max((one.becomes for one in self.moving), default=None)


def cohorts_of(person: User) -> list[Cohort]:
    """Those in which `person` marks."""
    mine = Enrolment.objects.of(person).filter(role__in=MARKING)
    return list(Cohort.objects.filter(pk__in=mine.values("cohort")).select_related("course").order_by("pk"))


def substitutes_of(person: User) -> list[User]:
    """Everybody else who marks where `person` does."""
    beside = Enrolment.objects.active().filter(cohort__in=cohorts_of(person), role__in=MARKING)
    return list(User.objects.filter(pk__in=beside.values("user")).exclude(pk=person.pk).order_by("display_name", "pk"))


def foresee_absence(person: User, days: Span, substitute: User | None, now: datetime) -> Foresight:
    moving: list[Moving] = []
    for cohort in cohorts_of(person):
        if substitute is None or not _marks_in(substitute, cohort):
            moving += promises.foresee(cohort, promises.away_in(cohort).also(person.pk, days.days()), now)
    return Foresight(moving, _handed_over(person, days.first, substitute).count() if substitute else 0)


def _marks_in(person: User, cohort: Cohort) -> bool:
    return Enrolment.objects.active().filter(user=person, cohort=cohort, role__in=MARKING).exists()


def _handed_over(person: User, first: date, substitute: User) -> SubmissionQuerySet:
    """What `person` has to mark and `substitute` can, but for what is promised before they go."""
    both = Enrolment.objects.active().filter(user=substitute, role__in=MARKING).values("cohort")
    own = Submission.objects.standing().to_mark().filter(marker=person, promised_at__date__gte=first)
    return own.filter(enrolment__cohort__in=both)


@transaction.atomic
def go_away(person: User, first: date, last: date, *, substitute: User | None = None) -> Absence:
    """Note that somebody is away, and move what they promised; with a substitute, give them the work instead.

    Raises Refused.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if Absence.objects.filter(person=person, cancelled_at=None, last__gte=first).count() >= MOST_ABSENCES:
        raise Refused(gettext("You have 50 absences ahead of you already. Cancel one of them first."))
    absence = Absence.objects.create(person=person, first=first, last=last, substitute=substitute)
    _settle(absence)
    return absence


def _settle(absence: Absence) -> None:
    if absence.substitute:
        theirs = _handed_over(absence.person, absence.first, absence.substitute)
        Submission.objects.filter(pk__in=list(theirs.values_list("pk", flat=True))).update(
            marker=absence.substitute, marker_given_by=absence.person
        )
    _move_where(absence.person)


@transaction.atomic
def come_back(absence: Absence, now: datetime) -> bool:
    """Cancel it; False where it was. The work that a substitute has not begun with comes back."""
    standing = Absence.objects.filter(pk=absence.pk, cancelled_at=None)
    if not standing.update(cancelled_at=now):
        return False
    if absence.substitute_id:
        begun = Feedback.objects.filter(submission=OuterRef("pk"), revision__gt=0, saved_by=absence.substitute_id)
        given = Submission.objects.to_mark().filter(marker=absence.substitute_id, marker_given_by=absence.person_id)
        given.filter(~Exists(begun)).update(marker=absence.person_id, marker_given_by=None)
    _move_where(absence.person)
    return True


@transaction.atomic
def go_after_all(absence: Absence) -> bool:
    """As if it had not been cancelled; False where it was not."""
    if not Absence.objects.filter(pk=absence.pk, cancelled_at__isnull=False).update(cancelled_at=None):
        return False
    _settle(absence)
    return True


def _move_where(person: User) -> None:
    for cohort in cohorts_of(person):
        promises.move(cohort, PromiseMove.Why.AWAY)
        answering.move(cohort, [person.pk])


def foresee_pause(cohort: Cohort, last: date, activity: Activity | None, now: datetime) -> Foresight:
    away = promises.away_in(cohort)
    meant = Pause(cohort=cohort, activity=activity, first=today_in(cohort, now), last=last)
    return Foresight(promises.foresee(cohort, _with(away, [*away.pauses, meant]), now))


def _with(away: Away, pauses: Iterable[Pause]) -> Away:
    return Away(away.calendar, list(pauses), away.people)


def today_in(cohort: Cohort, now: datetime) -> date:
    return now.astimezone(cohort.timezone).date()


@transaction.atomic
def pause(cohort: Cohort, last: date, reason: str, *, activity: Activity | None, by: User, now: datetime) -> Pause:
    """Mark nothing until a day, that day included; students read the reason. Raises Refused."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    today = today_in(cohort, now)
    if Pause.objects.filter(cohort=cohort, ended_at=None, last__gte=today).count() >= MOST_PAUSES:
        raise Refused(gettext("There are 50 pauses in this cohort already. End one of them first."))
    made = Pause.objects.create(cohort=cohort, activity=activity, first=today, last=last, reason=reason, by=by)
    promises.move(cohort, PromiseMove.Why.PAUSED, reason, now=now)
    return made


@transaction.atomic
def go_on(pause: Pause, now: datetime) -> bool:
    """End a pause before its day; False where it was."""
    if not Pause.objects.filter(pk=pause.pk, ended_at=None).update(ended_at=now):
        return False
    promises.move(pause.cohort, PromiseMove.Why.PAUSED, pause.reason, now=now)
    return True


@transaction.atomic
def pause_after_all(pause: Pause) -> bool:
    """As if it had not been ended; False where it was not."""
    if not Pause.objects.filter(pk=pause.pk, ended_at__isnull=False).update(ended_at=None):
        return False
    promises.move(pause.cohort, PromiseMove.Why.PAUSED, pause.reason, now=timezone.now())
    return True
