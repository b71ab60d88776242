"""What Postgres counts for a class is what `progress.outline` counts for each student."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from courses.kinds import Who
from courses.models import Accommodation, Activity, Cohort, DueDate, Enrolment, Extension
from progress.models import Completion, Waiting
from progress.outline import Outline
from progress.selectors import outlines, tallies
from progress.selectors.tallies import Tally
from tests.conftest import SOAK
from tests.factories import courses as make
from tests.factories.people import UserFactory

START = datetime(2026, 9, 1, 8, tzinfo=UTC)
NOW = START + timedelta(days=20)
SEEDS, STUDENTS = 300 if SOAK else 12, 25


def counted(outline: Outline) -> Tally:
    now = NOW.timestamp()
    late = sum(step.is_pending(before=now) for step in outline.steps)
    return Tally(outline.done, outline.total, outline.new, outline.waiting, late)


def day(chance: random.Random) -> datetime:
    """Few days, so that what is published and done at one instant comes up often."""
    return START + timedelta(days=chance.randrange(12))


def a_course(chance: random.Random) -> tuple[Cohort, list[Activity]]:
    cohort = make.CohortFactory(starts_on=START.date(), timezone="UTC")
    modules = [
        make.ModuleFactory(course=cohort.course, position=place, published=place == 0 or chance.random() < 0.9)
        for place in range(chance.randint(1, 4))
    ]
    together = chance.random() < 0.3
    activities = Activity.objects.bulk_create(
        make.ActivityFactory.build(
            module=module,
            position=place,
            required=chance.random() < 0.75,
            published=chance.random() < 0.9,
            published_at=START if together else day(chance),
        )
        for module in modules
        for place in range(chance.randint(1, 6))
    )
    for activity in activities:
        if chance.random() < 0.4:
            wall = (START + timedelta(days=chance.randint(5, 30))).replace(tzinfo=None)
            closes = wall + timedelta(days=chance.randint(0, 9)) if chance.random() < 0.5 else None
            DueDate.objects.create(
                cohort=cohort, activity=activity, zone="UTC", suggested_wall=wall, cutoff_wall=closes
            )
    return cohort, activities


def a_class(chance: random.Random, cohort: Cohort, activities: list[Activity]) -> list[Enrolment]:
    people = User.objects.bulk_create(UserFactory.build() for _ in range(STUDENTS))
    enrolled = Enrolment.objects.bulk_create(make.EnrolmentFactory.build(user=one, cohort=cohort) for one in people)
    done, waits, agreed = [], [], []
    for enrolment in enrolled:
        diligence = chance.choice((0.0, 0.5, 0.9, 0.9, 1.0))
        for activity in activities:
            which = {"enrolment": enrolment, "activity": activity}
            if chance.random() < diligence:
                gone = NOW if chance.random() < 0.1 else None
                tick = {"how": "marked", "evidence": {}, "activity_revision": 1, "withdrawable_by": Who.STUDENT}
                done.append(Completion(**which, **tick, completed_at=day(chance), withdrawn_at=gone))
            if chance.random() < 0.2:
                ended = NOW if chance.random() < 0.3 else None
                turn = chance.choice((Who.TEACHER, Who.TEACHER, Who.STUDENT, Who.NOBODY))
                waits.append(Waiting(**which, waits_for=turn, since=day(chance), ended_at=ended))
            if chance.random() < 0.1:
                wall = (START + timedelta(days=24)).replace(tzinfo=None)
                agreed.append(Extension(**which, agreed_wall=wall, zone="UTC"))
    Completion.objects.bulk_create(done)
    Waiting.objects.bulk_create(waits)
    Extension.objects.bulk_create(agreed)
    Accommodation.objects.create(enrolment=enrolled[0], extra_days=3)
    return enrolled


@pytest.mark.parametrize("seed", range(SEEDS))
def test_postgres_counts_for_a_class_what_the_outline_counts_for_each(seed: int, db: None) -> None:
    chance = random.Random(seed)
    cohort, activities = a_course(chance)
    enrolled = a_class(chance, cohort, activities)
    found = tallies.of_class([one.pk for one in enrolled], cohort.course_id, NOW)
    expected = outlines.of_pairs([(one.pk, cohort.course_id) for one in enrolled], NOW)
    assert found == {one.enrolment_id: counted(one) for one in expected}


def test_the_random_histories_hold_every_state(db: None) -> None:
    """Or the test above would compare zeros."""
    sums = [0] * 5
    for seed in range(12):
        chance = random.Random(seed)
        cohort, activities = a_course(chance)
        enrolled = a_class(chance, cohort, activities)
        for one in tallies.of_class([one.pk for one in enrolled], cohort.course_id, NOW).values():
            sums = [a + b for a, b in zip(sums, (one.done, one.total, one.new, one.waiting, one.late), strict=True)]
    assert min(sums) > 20


def test_a_class_without_students_has_no_tallies(db: None) -> None:
    assert tallies.of_class([], make.CourseFactory().pk, NOW) == {}
