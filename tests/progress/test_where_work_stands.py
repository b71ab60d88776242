"""Where work stands, as the one view says it, is what an outline, a class and a reminder go by."""

import random
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from courses.kinds import Who
from progress.models import Waiting, WorkStanding
from progress.outline import OPEN, Outline, Stands, Step
from progress.querysets import DONE_SQL, WAITING_SQL
from progress.selectors import due, outlines, tallies
from tests.conftest import SOAK
from tests.progress import test_tallies as some

SEEDS = 60 if SOAK else 4
pytestmark = pytest.mark.django_db
# By the keys of enrolment and activity.
Standings = dict[tuple[int, int], str]
NOTHING_LEFT = f"""
SELECT e.id, a.id FROM courses_enrolment e JOIN courses_module m ON true JOIN courses_activity a ON a.module_id = m.id
 WHERE e.cohort_id = %s AND ({DONE_SQL} OR {WAITING_SQL})
"""


@pytest.fixture(params=range(SEEDS))
def standings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Standings:
    """What the view says of a class of random histories."""
    now = timezone.now()
    monkeypatch.setattr(some, "START", (now - timedelta(days=20)).replace(microsecond=0))
    monkeypatch.setattr(some, "NOW", now)
    chance = random.Random(request.param)
    cohort, activities = some.a_course(chance)
    some.a_class(chance, cohort, activities)
    found = dict(WorkStanding.objects.filter(enrolment__cohort=cohort).values_list("pk", "state"))
    assert found
    return found


def ways(standings: Standings) -> list[Outline]:
    enrolled = sorted({enrolment for enrolment, _ in standings})
    (course,) = set(WorkStanding.objects.values_list("activity__module__course", flat=True))
    return outlines.of_pairs([(one, course) for one in enrolled])


def expected(step: Step, turn: str | None, now: datetime) -> str:
    """The rule, said again in Python."""
    if step.done is not None:
        return Stands.DONE
    if turn not in (None, Who.STUDENT):
        return Stands.EXCUSED if turn == Who.NOBODY else Stands.WITH_TEACHER
    if step.closes_at and step.closes_at < now:
        return Stands.MISSING
    if turn:
        return Stands.RETURNED
    return Stands.LATE if step.due_at and step.due_at < now else Stands.NOT_YET_DUE


def test_every_step_of_an_outline_stands_as_the_view_says(standings: Standings) -> None:
    found = ways(standings)
    turn = {(one.enrolment_id, one.activity_id): one.waits_for for one in Waiting.objects.filter(ended_at=None)}
    now = timezone.now()
    assert {(way.enrolment_id, step.id): step.stands for way in found for step in way.steps} == standings
    assert standings == {
        (way.enrolment_id, step.id): expected(step, turn.get((way.enrolment_id, step.id)), now)
        for way in found
        for step in way.steps
    }


def test_a_class_counts_what_the_view_says(standings: Standings) -> None:
    now = timezone.now()
    found = ways(standings)
    counted = tallies.of_class([way.enrolment_id for way in found], found[0].course_id, now)
    late = dict.fromkeys(counted, 0)
    waiting = dict.fromkeys(counted, 0)
    for one in WorkStanding.objects.all():
        late[one.enrolment_id] += one.state in OPEN and one.due_at is not None and one.due_at < now
        waiting[one.enrolment_id] += one.state == Stands.WITH_TEACHER
    assert {pk: (tally.late, tally.waiting) for pk, tally in counted.items()} == {
        pk: (late[pk], waiting[pk]) for pk in counted
    }


def test_statements_by_hand_leave_out_what_the_view_says_is_done_or_not_the_students_turn(
    standings: Standings,
) -> None:
    over = {Stands.DONE, Stands.WITH_TEACHER, Stands.EXCUSED}
    cohort = WorkStanding.objects.values_list("enrolment__cohort", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute(NOTHING_LEFT, [cohort])
        found = set(cursor.fetchall())
    assert found & set(standings) == {pair for pair, state in standings.items() if state in over}
    told = due.why_not(list(standings))
    assert {pair for pair, (*_, stands) in told.items() if stands not in OPEN} == found & set(standings)
