"""Ticks: made by hand, by the clock, by the player or by an app above, and taken back where they say so."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses.kinds import KINDS, Who
from courses.models import Activity, Enrolment
from progress.models import Completion, Watch
from progress.played import length, needed_seconds, pairs
from progress.services import spending

MOST_WITHDRAWN = 20


class NoSuchWay(Exception):
    """The rule of the activity knows no such tick."""


def complete(
    enrolment: Enrolment,
    activity: Activity,
    *,
    how: str,
    evidence: dict[str, Any],
    by: User | None,
    at: datetime | None = None,
) -> Completion:
    """Tick an activity for a student, or return the tick that exists already. Safe to call twice, and at once.

    `how` is one of the ways of the activity's rule; raises NoSuchWay for any other.
    """
    way = KINDS[activity.kind].rule(activity.rule).way(how)
    if way is None:
        raise NoSuchWay(f"The rule {activity.rule!r} of a {activity.kind} has no tick {how!r}.")
    standing = Completion.objects.standing().filter(enrolment=enrolment, activity=activity)
    if found := standing.first():
        return found
    try:
        with transaction.atomic():
            return Completion.objects.create(
                enrolment=enrolment,
                activity=activity,
                completed_at=at or timezone.now(),
                how=how,
                withdrawable_by=way.withdrawn_by or "",
                evidence=evidence,
                activity_revision=activity.revision,
                recorded_by=by,
            )
    except IntegrityError:
        # Another request of the same student was faster; its tick is as good.
        return standing.get()


def mark(
    enrolment: Enrolment, activity: Activity, *, acting: Who, by: User, evidence: dict[str, Any] | None = None
) -> Completion:
    """Tick by hand, as the student or as their teacher. Raises PermissionDenied where the rule does not let them."""
    way = KINDS[activity.kind].rule(activity.rule).way_of(acting)
    if way is None:
        raise PermissionDenied(gettext("No one marked this step as done."))
    return complete(enrolment, activity, how=way.how, evidence=evidence or {}, by=by)


def withdraw(enrolment: Enrolment, activity: Activity, *, acting: Who, by: User) -> bool:
    """Take back the tick, if it says that `acting` may; False when nothing was changed.

    A student takes back what they ticked themselves, a teacher what any teacher of the student ticked. What was taken
    back too often stays: each time leaves a row.
    """
    of_this = Completion.objects.filter(enrolment=enrolment, activity=activity)
    if of_this.exclude(withdrawn_at=None).count() >= MOST_WITHDRAWN:
        return False
    standing = of_this.standing().filter(withdrawable_by=acting)
    mine = standing.filter(recorded_by=by) if acting is Who.STUDENT else standing
    return mine.update(withdrawn_at=timezone.now()) == 1


def earn(
    enrolment: Enrolment,
    activity: Activity,
    seconds: int,
    *,
    how: str,
    evidence: dict[str, Any],
    by: User | None,
    at: datetime | None = None,
) -> bool:
    """Tick what the clock or the player saw, and spend `seconds` of it; the answer is whether it is done.

    Where other ticks of this person have spent too many of them, it waits for a later report.
    """
    if is_done(enrolment, activity):
        return True
    if not spending.enough(enrolment, activity, seconds):
        return False
    with transaction.atomic():
        spending.lock(enrolment)
        if is_done(enrolment, activity):
            return True
        if not spending.spend(enrolment, activity, seconds):
            return False
        complete(enrolment, activity, how=how, evidence=evidence, by=by, at=at)
    return True


def is_done(enrolment: Enrolment, activity: Activity) -> bool:
    return Completion.objects.standing().filter(enrolment=enrolment, activity=activity).exists()


def tick_when_read(enrolment: Enrolment, activity: Activity, visible_seconds: int, *, by: User | None) -> bool:
    """Tick what was open for long enough; the answer is whether it is done."""
    if activity.rule == Completion.How.READ and visible_seconds >= activity.dwell_seconds:
        needed = activity.dwell_seconds
        evidence = {"visible_seconds": visible_seconds, "needed_seconds": needed}
        return earn(enrolment, activity, needed, how=Completion.How.READ, evidence=evidence, by=by)
    if is_done(enrolment, activity):
        return True
    # A lecture that was played to its share, but in seconds that were spent elsewhere, earns more while it is open.
    return activity.rule == Completion.How.WATCHED and _watched_so_far(enrolment, activity, by=by)


def _watched_so_far(enrolment: Enrolment, activity: Activity, *, by: User | None) -> bool:
    rows = Watch.objects.filter(enrolment=enrolment, activity=activity)
    row = rows.select_related("activity__lecture__recording").first()
    if row is None:
        return False
    covered = pairs(row.covered, row.activity.lecture.recording.duration_ms)
    return tick_when_watched(enrolment, row.activity, length(covered), by=by)


def tick_when_watched(
    enrolment: Enrolment, activity: Activity, covered_ms: int, *, by: User | None, at: datetime | None = None
) -> bool:
    """Tick a lecture of which enough was played; the answer is whether it is done."""
    lecture = activity.lecture
    if activity.rule != Completion.How.WATCHED or covered_ms < lecture.needed_ms:
        return False
    duration, seconds = lecture.recording.duration_ms, needed_seconds(lecture.needed_ms)
    evidence = {"covered_ms": covered_ms, "duration_ms": duration, "needed_percent": lecture.needed_percent}
    return earn(enrolment, activity, seconds, how=Completion.How.WATCHED, evidence=evidence, by=by, at=at)


def recount(activity: Activity) -> int:
    """Tick those who have played enough of a lecture by the rule as it is now; a tick that stands is never taken."""
    waiting = Watch.objects.filter(activity=activity, enrolment__role=Enrolment.Role.STUDENT).exclude(
        enrolment__completions__in=Completion.objects.standing().filter(activity=activity)
    )
    # Always in this order: two recounts at once lock the same people.
    rows = waiting.select_related("enrolment__user").order_by("enrolment__user")
    duration = activity.lecture.recording.duration_ms
    played = [(row.enrolment, length(pairs(row.covered, duration))) for row in rows]
    return sum(tick_when_watched(enrolment, activity, covered, by=enrolment.user) for enrolment, covered in played)
