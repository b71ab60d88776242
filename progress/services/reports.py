"""What pages and players report: one call for each report, which keeps what was seen and ticks what it suffices for."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from courses.models import Activity, Enrolment
from progress.models import Completion
from progress.played import Report
from progress.services import ticks, visits, watching
from progress.services.watching import Watched


@transaction.atomic
def take_opening(student: Enrolment, activity: Activity, *, by: User) -> None:
    """A file or link was opened: that may be all that its rule asks."""
    visits.record_opening(student, activity)
    if activity.rule == Completion.How.OPENED:
        ticks.complete(student, activity, how=Completion.How.OPENED, evidence={}, by=by)


def take_visible(
    student: Enrolment, activity: Activity, seconds: list[tuple[int, int]], *, by: User, block: str = ""
) -> bool:
    """Unix seconds in which a page was on the screen of `by`, who is the student; whether the activity is done.

    Not one transaction: what was seen is kept even where the tick has to wait for the person's other ticks.
    """
    total = visits.add_visible(student, activity, seconds, zone=str(by.timezone), block=block)
    visits.record_visit(student)
    return ticks.tick_when_read(student, activity, total, by=by)


def take_played(
    student: Enrolment, activity: Activity, report: Report, *, opened_at: datetime, by: User
) -> tuple[Watched, bool]:
    """What a player played since the signed opening at `opened_at`; what is covered now, and whether it is done."""
    watched = watching.add(student, activity, report, opened_at=opened_at)
    visits.record_visit(student)
    return watched, ticks.tick_when_watched(student, activity, watched.covered_ms, by=by)
