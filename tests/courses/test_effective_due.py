"""What the view `courses_effective_due` promises."""

from datetime import datetime

import pytest

from courses.models import Accommodation, DueDate, EffectiveDue, Enrolment, Extension
from courses.services import cohorts
from tests.cast import Cast
from tests.factories import courses as make


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def set_date(cast: Cast, wall: str = "2026-06-10T20:00", closes: str | None = None) -> DueDate:
    return DueDate.objects.create(
        cohort=cast.cohort, activity=cast.reading, zone="Europe/Berlin", suggested_wall=wall, cutoff_wall=closes
    )


def move_date(wall: str) -> None:
    DueDate.objects.update(suggested_wall=at(wall))


def agree(cast: Cast, wall: str, zone: str = "Europe/Berlin", by_student: bool = False) -> None:
    Extension.objects.create(
        enrolment=cast.enrolment, activity=cast.reading, agreed_wall=wall, zone=zone, by_student=by_student
    )


def effective(cast: Cast, enrolment: Enrolment | None = None) -> EffectiveDue:
    return EffectiveDue.objects.get(enrolment=enrolment or cast.enrolment, activity=cast.reading)


@pytest.mark.parametrize(
    ("wall", "instant"), [("2026-06-10T20:00", "2026-06-10T18:00Z"), ("2026-12-10T20:00", "2026-12-10T19:00Z")]
)
def test_calendar_date_is_read_in_its_own_zone(cast: Cast, wall: str, instant: str) -> None:
    set_date(cast, wall)
    assert effective(cast).due_at == effective(cast).base_at == at(instant)
    assert effective(cast).zone == "Europe/Berlin"
    assert not effective(cast).extended


def test_days_are_counted_from_each_students_own_start(cast: Cast) -> None:
    DueDate.objects.create(
        cohort=cast.cohort,
        activity=cast.reading,
        zone="Europe/Berlin",
        suggested_days=7,
        cutoff_days=9,
        time_of_day="23:59",
    )
    Enrolment.objects.filter(user=cast.student).update(started_on="2026-03-25")
    later = Enrolment.objects.get(user=cast.other_student)
    Enrolment.objects.filter(pk=later.pk).update(started_on="2026-02-01")
    # The clocks go forward between the start and the date: it is still 23:59 on the wall.
    assert effective(cast).due_at == at("2026-04-01T21:59Z")
    assert effective(cast).closes_at == at("2026-04-03T21:59Z")
    assert effective(cast, later).due_at == at("2026-02-08T22:59Z")


def test_accommodation_moves_due_and_closing_by_calendar_days_and_not_the_base(cast: Cast) -> None:
    set_date(cast, "2026-03-28T20:00", closes="2026-03-28T21:00")
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=2)
    found = effective(cast)
    # Two days of which one has 23 hours.
    assert (found.due_at, found.closes_at) == (at("2026-03-30T18:00Z"), at("2026-03-30T19:00Z"))
    assert found.base_at == at("2026-03-28T19:00Z")
    assert not found.extended


def test_accommodation_is_no_addition_to_an_agreement(cast: Cast) -> None:
    set_date(cast)
    agree(cast, "2026-06-15T20:00")
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=3)
    assert effective(cast).due_at == at("2026-06-15T18:00Z")


def test_accommodation_that_reaches_further_than_the_agreement_counts(cast: Cast) -> None:
    set_date(cast)
    agree(cast, "2026-06-11T20:00")
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=3)
    assert effective(cast).due_at == at("2026-06-13T18:00Z")
    assert not effective(cast).extended


@pytest.mark.parametrize(
    ("moved_to", "due"),
    [
        # a-plus #1137: 48 h later; the agreement neither grows nor shrinks.
        ("2026-06-12T20:00", "2026-06-13T18:00Z"),
        ("2026-06-08T20:00", "2026-06-13T18:00Z"),
        # autograder.io #29: beyond the agreement; nobody with an extension is worse off than the class.
        ("2026-06-20T20:00", "2026-06-20T18:00Z"),
    ],
)
def test_agreement_stands_when_the_date_moves_and_the_later_of_both_counts(cast: Cast, moved_to: str, due: str) -> None:
    set_date(cast)
    agree(cast, "2026-06-13T20:00")
    assert effective(cast).due_at == at("2026-06-13T18:00Z")
    move_date(moved_to)
    assert effective(cast).due_at == at(due)
    assert effective(cast).extended == (due == "2026-06-13T18:00Z")


def test_agreement_before_the_date_takes_nothing_away(cast: Cast) -> None:
    set_date(cast)
    agree(cast, "2026-06-01T20:00")
    assert effective(cast).due_at == at("2026-06-10T18:00Z")
    assert not effective(cast).extended


def test_agreement_keeps_the_zone_it_was_made_in(cast: Cast) -> None:
    set_date(cast)
    agree(cast, "2026-06-12T20:00", zone="America/New_York")
    assert effective(cast).due_at == at("2026-06-13T00:00Z")
    assert effective(cast).zone == "Europe/Berlin"


def test_agreement_of_a_teacher_moves_the_closing_with_it(cast: Cast) -> None:
    set_date(cast, closes="2026-06-11T20:00")
    agree(cast, "2026-06-14T20:00")
    assert effective(cast).due_at == effective(cast).closes_at == at("2026-06-14T18:00Z")


def test_agreement_of_a_teacher_before_the_closing_leaves_it(cast: Cast) -> None:
    set_date(cast, closes="2026-06-20T20:00")
    agree(cast, "2026-06-14T20:00")
    assert effective(cast).closes_at == at("2026-06-20T18:00Z")


@pytest.mark.parametrize(
    ("wall", "due"), [("2026-06-12T20:00", "2026-06-12T18:00Z"), ("2026-06-30T20:00", "2026-06-13T18:00Z")]
)
def test_move_of_the_student_neither_passes_nor_moves_the_closing(cast: Cast, wall: str, due: str) -> None:
    set_date(cast, closes="2026-06-13T20:00")
    agree(cast, wall, by_student=True)
    assert effective(cast).due_at == at(due)
    assert effective(cast).closes_at == at("2026-06-13T18:00Z")


@pytest.mark.parametrize("by_student", [True, False])
def test_what_never_closes_stays_open_after_any_agreement(cast: Cast, by_student: bool) -> None:
    set_date(cast)
    agree(cast, "2026-06-14T20:00", by_student=by_student)
    assert effective(cast).due_at == at("2026-06-14T18:00Z")
    assert effective(cast).closes_at is None


def test_there_is_one_row_for_each_student_of_the_cohort_and_none_for_others(cast: Cast) -> None:
    set_date(cast)
    DueDate.objects.create(
        cohort=cast.cohort, activity=cast.link, zone="Europe/Berlin", suggested_days=3, time_of_day="20:00"
    )
    agree(cast, "2026-06-14T20:00")
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=3)
    students = Enrolment.objects.filter(user__in=[cast.student, cast.other_student]).values_list("pk", flat=True)
    rows = sorted(EffectiveDue.objects.values_list("enrolment", "activity"))
    assert rows == sorted((pk, activity.pk) for pk in students for activity in (cast.reading, cast.link))


def test_extension_without_a_date_of_the_cohort_makes_no_row(cast: Cast) -> None:
    agree(cast, "2026-06-14T20:00")
    assert not EffectiveDue.objects.exists()


def test_extending_again_replaces_the_agreement_and_says_who_and_in_which_zone(cast: Cast) -> None:
    set_date(cast)
    make.EnrolmentFactory(cohort=cast.cohort)
    cohorts.extend(cast.enrolment, cast.reading, at("2026-06-12T20:00"), reason="ill", by=cast.teacher)
    cohorts.extend(cast.enrolment, cast.reading, at("2026-06-14T20:00"), reason="still ill", by=cast.assistant)
    found = Extension.objects.get()
    assert (found.reason, found.granted_by, found.by_student) == ("still ill", cast.assistant, False)
    assert str(found.zone) == "Europe/Berlin"
    assert effective(cast).due_at == at("2026-06-14T18:00Z")


def test_extending_oneself_is_recorded_as_the_students_own_move(cast: Cast) -> None:
    set_date(cast, closes="2026-06-11T20:00")
    cohorts.extend(cast.enrolment, cast.reading, at("2026-06-14T20:00"), reason="", by=cast.student)
    assert Extension.objects.get().by_student
    assert effective(cast).due_at == at("2026-06-11T18:00Z")


def test_accommodating_again_replaces_the_rule(cast: Cast) -> None:
    set_date(cast)
    for days in (5, 1):
        cohorts.accommodate(cast.enrolment, extra_days=days, note="", by=cast.teacher)
    assert effective(cast).due_at == at("2026-06-11T18:00Z")
    assert Accommodation.objects.get().granted_by == cast.teacher
