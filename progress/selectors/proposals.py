"""The one thing to do next: for one person as Today says it, and for many at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from common.dates import local
from courses.models import Enrolment
from progress.outline import Step
from progress.selectors import outlines
from progress.selectors.standings import MOST_AT_ONCE, Standing, in_order

# Outlines are read whole: of so many people in one query.
PEOPLE_AT_A_TIME = 50


def proposed(standings: Sequence[Standing], seconds: float) -> tuple[Step, Standing] | None:
    """Of what is due soon the first, then what the course they were in last proposes."""
    pressing = [(step.due, standing) for standing in standings if (step := standing.outline.pressing(seconds))]
    first = [min(pressing, key=lambda pair: pair[0] or 0)[1]] if pressing else []
    for standing in [*first, *standings]:
        if step := standing.outline.proposed(seconds, standing.enrolment.last_seen_at):
            return step, standing
    return None


def unfinished(people: Collection[int], now: datetime) -> dict[int, tuple[Step, Standing]]:
    """By person, what to do next in the courses that run now and that they have not finished; two queries for each
    PEOPLE_AT_A_TIME of them."""
    found = {}
    listed = sorted(people)
    for start in range(0, len(listed), PEOPLE_AT_A_TIME):
        for person, standings in _standings(listed[start : start + PEOPLE_AT_A_TIME], now).items():
            open_ones = [standing for standing in standings if not standing.outline.finished]
            if coming := proposed(open_ones, now.timestamp()):
                found[person] = coming
    return found


def _standings(people: Sequence[int], now: datetime) -> dict[int, list[Standing]]:
    studied = Enrolment.objects.active().students().filter(user__in=people, cohort__deleted_at=None)
    latest: dict[int, dict[int, Enrolment]] = defaultdict(dict)
    for enrolment in studied.select_related("cohort__course", "user").order_by("pk"):
        if _runs(enrolment, now):
            latest[enrolment.user_id][enrolment.cohort.course_id] = enrolment
    mine = {person: list(of_course.values())[-MOST_AT_ONCE:] for person, of_course in latest.items()}
    pairs = [(one.pk, one.cohort.course_id) for some in mine.values() for one in some]
    ways = iter(outlines.of_pairs(pairs, now))
    return {
        person: in_order([Standing(one.cohort.course, one, next(ways)) for one in some])
        for person, some in mine.items()
    }


def _runs(enrolment: Enrolment, now: datetime) -> bool:
    cohort, today = enrolment.cohort, local(now, enrolment.user.timezone).date()
    opens = max(cohort.starts_on, enrolment.started_on)
    return opens <= today and (cohort.ends_on is None or today <= cohort.ends_on)
