from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses.kinds import KINDS, Who
from courses.models import Activity, Enrolment
from progress import spending
from progress.fields import MOST_STRETCHES, literal
from progress.models import Completion, Waiting, Watch
from progress.watching import length, needed_seconds, pairs

SEEN_EVERY = timedelta(minutes=10)
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
        raise PermissionDenied(gettext("This step is not marked as done by hand."))
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


def begin_wait(
    enrolment: Enrolment, activity: Activity, *, waits_for: Who, promised_at: datetime | None = None
) -> Waiting:
    """Say that a step is with somebody else, by when an answer was promised; a second call moves the promise."""
    open_wait, created = Waiting.objects.get_or_create(
        enrolment=enrolment,
        activity=activity,
        ended_at=None,
        defaults={"waits_for": waits_for, "promised_at": promised_at},
    )
    if not created and (open_wait.waits_for, open_wait.promised_at) != (waits_for, promised_at):
        open_wait.waits_for, open_wait.promised_at = waits_for, promised_at
        open_wait.save(update_fields=["waits_for", "promised_at"])
    return open_wait


def end_wait(enrolment: Enrolment, activity: Activity) -> bool:
    """It is the student's turn again, or the step is done; False when nobody was waited for."""
    standing = Waiting.objects.filter(enrolment=enrolment, activity=activity, ended_at=None)
    return standing.update(ended_at=timezone.now()) == 1


VISITED = """
WITH seen AS (
    UPDATE courses_enrolment SET last_seen_at = %(now)s
     WHERE id = %(enrolment)s AND (last_seen_at IS NULL OR last_seen_at < %(before)s)
)
INSERT INTO progress_visit (enrolment_id, activity_id, opened_at, last_opened_at)
VALUES (%(enrolment)s, %(activity)s, %(now)s, %(now)s)
ON CONFLICT (enrolment_id, activity_id) DO UPDATE SET last_opened_at = excluded.last_opened_at
"""


def opened(enrolment: Enrolment, activity: Activity) -> None:
    """Remember that an activity was opened now: what "in progress", "go on where you were" and "last seen" read."""
    now = timezone.now()
    values = {"enrolment": enrolment.pk, "activity": activity.pk, "now": now, "before": now - SEEN_EVERY}
    with connection.cursor() as cursor:
        cursor.execute(VISITED, values)


def seen(enrolment: Enrolment) -> None:
    """Note the last visit, at most once in ten minutes, so that reading pages seldom writes."""
    now = timezone.now()
    if enrolment.last_seen_at and now - enrolment.last_seen_at < SEEN_EVERY:
        return
    Enrolment.objects.filter(pk=enrolment.pk).update(last_seen_at=now)
    enrolment.last_seen_at = now


ADD_VISIBLE = """
INSERT INTO progress_visit (enrolment_id, activity_id, opened_at, last_opened_at, visible)
VALUES (%(enrolment)s, %(activity)s, now(), now(), progress_bounded(%(visible)s::int8multirange, %(most)s))
ON CONFLICT (enrolment_id, activity_id)
DO UPDATE SET visible = progress_bounded(progress_visit.visible + excluded.visible, %(most)s)
RETURNING (SELECT coalesce(sum(upper(part) - lower(part)), 0) FROM unnest(visible) AS part)
"""

# Each second that was seen belongs to a minute of a day on the student's own calendar.
ADD_PRESENCE = """
INSERT INTO progress_presence (enrolment_id, day, minutes)
SELECT %(enrolment)s, local::date, range_agg(int4range(minute, minute + 1))
  FROM unnest(%(visible)s::int8multirange) AS part,
       generate_series(lower(part) / 60, (upper(part) - 1) / 60) AS unix_minute,
       LATERAL (SELECT to_timestamp(unix_minute * 60) AT TIME ZONE %(zone)s AS local) AS here,
       LATERAL (SELECT (extract(hour FROM local) * 60 + extract(minute FROM local))::int AS minute) AS clock
 GROUP BY local::date
ON CONFLICT (enrolment_id, day) DO UPDATE SET minutes = progress_presence.minutes + excluded.minutes
"""


@transaction.atomic
def add_visible(enrolment: Enrolment, activity: Activity, seconds: list[tuple[int, int]], *, zone: str) -> int:
    """Unite half-open ranges of Unix seconds with those in which `activity` was visible; return the seconds in all."""
    values = {"enrolment": enrolment.pk, "activity": activity.pk, "visible": literal(seconds), "zone": zone}
    values["most"] = MOST_STRETCHES
    with connection.cursor() as cursor:
        cursor.execute(ADD_VISIBLE, values)
        (total,) = cursor.fetchone()
        cursor.execute(ADD_PRESENCE, values)
    return int(total)


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


def read(enrolment: Enrolment, activity: Activity, visible_seconds: int, *, by: User | None) -> bool:
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
    return watched(enrolment, row.activity, length(covered), by=by)


def watched(
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
    return sum(watched(enrolment, activity, covered, by=enrolment.user) for enrolment, covered in played)
