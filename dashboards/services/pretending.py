"""Students as a rehearsal has them: those who do nothing, and those who are always some days ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from courses.kinds import KINDS, Who
from courses.models import Activity, Cohort, EffectiveDue, Enrolment
from courses.querysets import shown
from progress.models import Visit
from progress.services import ticks, visits

AHEAD = timedelta(days=4)
HOUR = time(18, 0)
# What has no date after it is done at this pace.
EVERY = timedelta(days=2)
USUAL_MINUTES = 10


class As(StrEnum):
    NOBODY_MOVES = "nobody-moves"
    DILIGENT = "diligent"


@dataclass(frozen=True)
class Step:
    at: datetime
    enrolment: Enrolment
    activity: Activity


def steps(cohort: Cohort, first: datetime) -> list[Step]:
    """What the diligent students of a cohort do and when, the earliest first."""
    shown_ones = Activity.objects.filter(shown(), module__course=cohort.course)
    activities = list(shown_ones.order_by("module__position", "position", "pk"))
    dates: dict[int, dict[int, datetime]] = {}
    for enrolment, activity, due_at in EffectiveDue.objects.filter(enrolment__cohort=cohort).values_list(
        "enrolment", "activity", "due_at"
    ):
        dates.setdefault(enrolment, {})[activity] = due_at
    students = Enrolment.objects.filter(role=Enrolment.Role.STUDENT, state="active").select_related("user")
    found = [step for student in students for step in _steps_of(student, activities, dates.get(student.pk, {}), first)]
    return sorted(found, key=lambda step: step.at)


def _steps_of(
    student: Enrolment, activities: list[Activity], dates: dict[int, datetime], first: datetime
) -> Iterator[Step]:
    """Up to each date the steps are spread evenly over the time before it, which ends AHEAD of the date."""
    began, waiting = first, list[Activity]()
    for activity in activities:
        waiting.append(activity)
        if activity.pk in dates:
            ends = max(dates[activity.pk] - AHEAD, began)
            for number, one in enumerate(waiting, start=1):
                yield Step(_evening(began + (ends - began) * number / len(waiting), student), student, one)
            began, waiting = ends, []
    for number, one in enumerate(waiting, start=1):
        yield Step(_evening(began + EVERY * number, student), student, one)


def _evening(at: datetime, student: Enrolment) -> datetime:
    zone = student.user.timezone
    return datetime.combine(at.astimezone(zone).date(), HOUR, zone)


def do(step: Step) -> None:
    """As a page would have it stored, at the instant of the step."""
    student, activity = step.enrolment, step.activity
    start = int(step.at.timestamp())
    seconds = (activity.minutes or USUAL_MINUTES) * 60
    visits.add_visible(student, activity, [(start - seconds, start)], zone=str(student.user.timezone))
    opened = {"opened_at": step.at, "last_opened_at": step.at}
    Visit.objects.filter(enrolment=student, activity=activity).update(**opened)
    Enrolment.objects.filter(pk=student.pk).update(last_seen_at=step.at)
    ways = [way for way in KINDS[activity.kind].rule(activity.rule).ways if way.by is not Who.TEACHER]
    # What only a teacher ticks is studied, and stays open.
    if ways:
        ticks.complete(student, activity, how=ways[0].how, evidence={}, by=student.user, at=step.at)
