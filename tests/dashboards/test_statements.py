"""What is read by hand shows exactly what the querysets allow, to everybody."""

import pytest

from courses.models import Cohort, Enrolment
from courses.permissions import TEACHING
from courses.selectors import cohorts_overview
from dashboards.selectors.taught import taught_cohorts
from tests.cast import Cast

PEOPLE = "student other_student elsewhere_student teacher assistant observer elsewhere_teacher editor outsider admin"


@pytest.mark.parametrize("words", ["", "a", "%"])
@pytest.mark.parametrize("name", PEOPLE.split())
def test_a_teacher_finds_the_cohorts_they_teach_and_no_other(name: str, words: str, cast: Cast) -> None:
    person = cast.person(name)
    Enrolment.objects.filter(user=cast.other_student).update(state=Enrolment.State.LEFT)
    found = taught_cohorts(person, words)[0:50]
    expected = cohorts_overview(words)
    if not person.is_staff:
        mine = Enrolment.objects.active().filter(user=person, role__in=TEACHING)
        expected = expected.filter(pk__in=mine.values("cohort"))
    told = [(one.pk, one.name, one.course.title, one.student_count) for one in found]
    assert told == [(one.pk, one.name, one.course.title, one.student_count) for one in expected]


def test_a_cohort_that_was_put_away_is_taught_by_nobody(cast: Cast) -> None:
    Cohort.objects.filter(pk=cast.cohort.pk).update(deleted_at="2026-01-01T00:00Z")
    assert cast.cohort not in taught_cohorts(cast.teacher)[0:50]
