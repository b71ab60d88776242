"""Where work stands, as the one view says it, is what an outline shows of each step."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from progress.models import WorkStanding
from progress.outline import State, Step
from progress.selectors import outlines
from tests.conftest import SOAK
from tests.progress import test_tallies as some

SEEDS = 60 if SOAK else 4


def expected(step: Step, now: float) -> str:
    """From what the outline shows, said again in other words than those of the view."""
    told = {State.DONE: "done", State.EXCUSED: "excused", State.WAITING: "with the teacher"}
    if step.state in told:
        return told[step.state]
    if not step.is_open(now):
        return "missing"
    if step.state is State.RETURNED:
        return "returned"
    return "late" if step.is_pending(now, before=now) else "not yet due"


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_view_says_of_every_step_what_the_outline_shows(
    seed: int, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(some, "START", (now - timedelta(days=20)).replace(microsecond=0))
    monkeypatch.setattr(some, "NOW", now)
    chance = random.Random(seed)
    cohort, activities = some.a_course(chance)
    enrolled = some.a_class(chance, cohort, activities)
    found = dict(WorkStanding.objects.filter(enrolment__cohort=cohort).values_list("pk", "state"))
    ways = outlines.of_pairs([(one.pk, cohort.course_id) for one in enrolled])
    shown = {(way.enrolment_id, step.id): expected(step, now.timestamp()) for way in ways for step in way.steps}
    assert found == shown
    assert shown
