"""Enrolments: put in, brought back, suspended, moved."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services.people import Taken
from courses.models import Cohort, Course, DueDate, EffectiveDue, Enrolment
from courses.services import class_lists, cohorts
from progress.models import Completion
from progress.services import ticks
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories.people import UserFactory

NOW = datetime(2026, 6, 10, 22, 30, tzinfo=UTC)


@time_machine.travel(NOW, tick=False)
def test_own_first_day_is_today_in_the_cohorts_zone(cast: Cast) -> None:
    made = cohorts.enrol(cast.outsider, cast.cohort, role="student", by=cast.admin)
    # 22:30 in London's winter is past midnight in Berlin's summer.
    assert made.started_on == date(2026, 6, 11)
    assert (made.state, made.state_changed_by, made.state_changed_at) == ("active", cast.admin, NOW)


@time_machine.travel(NOW, tick=False)
def test_own_first_day_is_never_before_the_cohorts(cast: Cast) -> None:
    Cohort.objects.update(starts_on="2026-09-01")
    cast.cohort.refresh_from_db()
    assert cohorts.enrol(cast.outsider, cast.cohort, role="student", by=None).started_on == date(2026, 9, 1)


def test_enrolling_again_brings_back_with_everything_and_the_first_day(cast: Cast) -> None:
    ticks.complete(cast.enrolment, cast.reading, how="marked", evidence={}, by=cast.student)
    cohorts.set_state(cast.enrolment, "left", by=cast.admin)
    assert not Enrolment.objects.of(cast.student).exists()
    back = cohorts.enrol(cast.student, cast.cohort, role="student", by=cast.admin, started_on=date(2026, 5, 1))
    assert (back.pk, back.state, back.started_on) == (cast.enrolment.pk, "active", date(2026, 1, 5))
    assert Completion.objects.standing().filter(enrolment=back).exists()
    assert Enrolment.objects.filter(user=cast.student).count() == 1


def test_enrolling_somebody_in_another_role_changes_the_role(cast: Cast) -> None:
    assert cohorts.enrol(cast.observer, cast.cohort, role="assistant", by=cast.admin).role == "assistant"
    assert Enrolment.objects.get(user=cast.observer).role == "assistant"


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("state", ["suspended", "left", "active"])
def test_state_records_who_and_when(cast: Cast, state: str) -> None:
    cohorts.set_state(cast.enrolment, state, by=cast.admin)
    found = cast.enrolment
    assert (found.state, found.state_changed_by, found.state_changed_at) == (state, cast.admin, NOW)


def test_people_are_found_by_username_and_by_address_however_they_are_typed(db: None) -> None:
    ada, bo, cy = (UserFactory(username=name) for name in ("ada", "bo", "cy"))
    named = cohorts.find_people("  ADA \n\nbo@Example.org\r\nnobody\ncy\ncy@example.org\nbo@else.where")
    assert [(line.number, line.name, line.user) for line in named] == [
        (1, "ADA", ada),
        (3, "bo@Example.org", bo),
        (4, "nobody", None),
        (5, "cy", cy),
        (6, "cy@example.org", cy),
        (7, "bo@else.where", None),
    ]


def test_class_list_breaks_off_as_a_whole(cast: Cast) -> None:
    before = cast.cohort.enrolments.count(), User.objects.count()
    new = [User(username="new", display_name="New")]
    with pytest.raises(IntegrityError), transaction.atomic():
        class_lists.add(cast.cohort, [cast.outsider], new, role="king", by=cast.admin)
    with pytest.raises(Taken):
        class_lists.add(cast.cohort, [cast.outsider], [User(username="student")], role="student", by=cast.admin)
    assert (cast.cohort.enrolments.count(), User.objects.count()) == before


def test_person_without_an_address_is_not_found_by_an_empty_line(db: None) -> None:
    UserFactory(email=None)
    assert cohorts.find_people("\n  \n") == []


def test_moving_carries_ticks_along_and_the_dates_become_those_of_the_other_cohort(cast: Cast) -> None:
    ticks.complete(cast.enrolment, cast.reading, how="marked", evidence={}, by=cast.student)
    for cohort, wall in ((cast.cohort, "2026-06-10T20:00"), (cast.elsewhere, "2026-07-10T20:00")):
        DueDate.objects.create(cohort=cohort, activity=cast.link, zone="UTC", suggested_wall=wall)
    enrolment = cast.enrolment
    moved = cohorts.move(enrolment, cast.elsewhere, by=cast.admin)
    assert (moved.pk, moved.cohort, moved.state_changed_by) == (enrolment.pk, cast.elsewhere, cast.admin)
    assert Completion.objects.standing().get().enrolment.cohort == cast.elsewhere
    assert EffectiveDue.objects.get(enrolment=moved).due_at == datetime(2026, 7, 10, 20, tzinfo=UTC)


def test_moving_into_another_course_is_refused(cast: Cast) -> None:
    with pytest.raises(cohorts.CannotMove, match="different course"):
        cohorts.move(cast.enrolment, make.CohortFactory(), by=cast.admin)
    assert cast.enrolment.cohort == cast.cohort


def test_moving_where_they_are_already_is_refused(cast: Cast) -> None:
    make.EnrolmentFactory(user=cast.student, cohort=cast.elsewhere)
    with pytest.raises(cohorts.CannotMove, match="already"):
        cohorts.move(cast.enrolment, cast.elsewhere, by=cast.admin)


def test_date_is_replaced_and_taken_away_whatever_its_style(cast: Cast) -> None:
    first = cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall="2026-06-10T20:00"))
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_days=7, time_of_day="20:00"))
    found = DueDate.objects.get()
    assert found.pk == first.pk
    assert (found.suggested_wall, found.suggested_days, str(found.zone)) == (None, 7, "Europe/Berlin")
    cohorts.clear_due_date(cast.elsewhere, cast.reading)
    assert DueDate.objects.count() == 1
    cohorts.clear_due_date(cast.cohort, cast.reading)
    assert not DueDate.objects.exists()


def test_suspended_people_read_nothing_and_are_found_nowhere(cast: Cast) -> None:
    for enrolment in Enrolment.objects.filter(user__in=[cast.student, cast.teacher]):
        cohorts.set_state(enrolment, "suspended", by=cast.admin)
    for viewer in (cast.student, cast.teacher):
        assert not readable(viewer)
        assert not Cohort.objects.known_to(viewer).exists()
    assert readable(cast.other_student)


def readable(viewer: User) -> list[Course]:
    return list(Course.objects.readable_by(viewer))
