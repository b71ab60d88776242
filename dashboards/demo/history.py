"""A plausible past for the demo cohort: the same for the same day, told relative to the day it is loaded."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from courses.models import Activity, Enrolment, LectureContent
from progress import played
from progress.models import Completion, Visit
from progress.services import ticks, visits, watching


@dataclass(frozen=True)
class Pattern:
    """How somebody studies: from which day of the cohort, every how many days, how much at once, at what hour."""

    first_day: int
    every: int
    at_once: int
    share: float
    hour: int
    stops_after: int = 999


PATTERNS = {
    "demo": Pattern(2, 4, 2, 0.4, 17),
    "steady": Pattern(1, 3, 2, 0.75, 18),
    "sprinter": Pattern(4, 14, 7, 0.8, 15),
    "slow-start": Pattern(12, 4, 1, 0.3, 19),
    "weekender": Pattern(5, 7, 4, 0.6, 10),
    "drifted": Pattern(1, 3, 2, 0.3, 16, stops_after=13),
    "finished": Pattern(0, 2, 3, 1.0, 9),
    "newcomer": Pattern(25, 2, 1, 0.05, 14),
    "night": Pattern(2, 4, 2, 0.55, 22),
}


@dataclass(frozen=True)
class Sitting:
    """One activity done (or only opened) at one time."""

    activity: Activity
    at: datetime
    done: bool


def sittings(
    activities: list[Activity], pattern: str, zone: ZoneInfo, first: date, now: datetime, seed: str
) -> list[Sitting]:
    """What one person did from the cohort's first day until now; the last step is opened but not done."""
    habit, chance = PATTERNS[pattern], random.Random(seed)
    wanted = max(1, round(len(activities) * habit.share))
    planned = [_at(moment, zone) for moment in _moments(habit, first, chance)]
    past = [moment for moment in planned if moment < now - timedelta(hours=1)]
    done = [Sitting(activity, at, True) for activity, at in zip(activities[:wanted], past, strict=False)]
    if len(done) < len(activities) and len(done) < len(past):
        done.append(Sitting(activities[len(done)], past[len(done)], False))
    return done


def _at(moment: tuple[date, int, int], zone: ZoneInfo) -> datetime:
    day, hour, minute = moment
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def _moments(habit: Pattern, first: date, chance: random.Random) -> Iterator[tuple[date, int, int]]:
    day = habit.first_day
    while day <= habit.stops_after and day < 120:
        start = habit.hour * 60 + chance.randrange(0, 45)
        for step in range(habit.at_once):
            minute = min(start + step * 14, 23 * 60 + 59)
            yield first + timedelta(days=day), minute // 60, minute % 60
        day += max(1, habit.every + chance.choice((-1, 0, 0, 1)))


def write(enrolment: Enrolment, past: list[Sitting]) -> None:
    """Store the past of one student through the services that pages use, at the given instants."""
    for sitting in past:
        start = int(sitting.at.timestamp())
        seconds = min((sitting.activity.minutes or 5) * 60, 1500) if sitting.done else 40
        zone = str(enrolment.user.timezone)
        visits.add_visible(enrolment, sitting.activity, [(start, start + seconds)], zone=zone)
        opened = {"opened_at": sitting.at, "last_opened_at": sitting.at}
        Visit.objects.filter(enrolment=enrolment, activity=sitting.activity).update(**opened)
        played = _played(enrolment, sitting) if sitting.activity.kind == "lecture" else 0
        if sitting.done:
            _complete(enrolment, sitting, seconds, played)
    if past:
        Enrolment.objects.filter(pk=enrolment.pk).update(last_seen_at=max(sitting.at for sitting in past))


def _played(enrolment: Enrolment, sitting: Sitting) -> int:
    """The milliseconds of a lecture that were played: most of it with a skip, or its beginning; a few jump ahead."""
    chance = random.Random(f"{enrolment.user.username} {sitting.activity.origin}")
    sitting.activity.lecture = LectureContent.objects.select_related("recording").get(activity=sitting.activity)
    whole = sitting.activity.lecture.recording.duration_ms
    if sitting.done:
        skip = round(whole * chance.uniform(0.3, 0.8))
        ranges = [(0, skip), (skip + round(whole * chance.choice((0, 0.02, 0.08))), whole)]
    else:
        ranges = [(0, round(whole * chance.uniform(0.2, 0.7)))]
    left = sitting.at + timedelta(milliseconds=ranges[-1][1])
    start = int(sitting.at.timestamp())
    report = played.Report(ranges, ranges[-1][1], left, [(start, start + ranges[-1][1] // 1000)])
    return watching.add(enrolment, sitting.activity, report, opened_at=sitting.at).covered_ms


def _complete(enrolment: Enrolment, sitting: Sitting, seconds: int, played_ms: int) -> None:
    at, by = sitting.at + timedelta(seconds=seconds), enrolment.user
    if sitting.activity.rule == Completion.How.WATCHED:
        ticks.tick_when_watched(enrolment, sitting.activity, played_ms, by=by, at=at)
        return
    activity = sitting.activity
    read = activity.rule == Completion.How.READ
    evidence = {"visible_seconds": seconds, "needed_seconds": activity.dwell_seconds} if read else {}
    ticks.complete(enrolment, activity, how=activity.rule, evidence=evidence, by=by, at=at)
