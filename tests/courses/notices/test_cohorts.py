"""That somebody came into a cohort, and that it begins and ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from courses.models import Activity, Cohort, Enrolment
from courses.services import class_lists, cohorts
from notifications.models import Event, Notice
from progress.services.ticks import complete
from tests.cast import Cast
from tests.courses.notices.days import reasons, statements_about_events, subjects, text, titles, told, wait, work
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


def set_days(cohort: Cohort, starts: date, ends: date | None = None) -> None:
    cohort.starts_on, cohort.ends_on = starts, ends
    cohorts.save_cohort(cohort)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_who_is_added_hears_so_at_once(cast: Cast, clock: time_machine.Traveller) -> None:
    cohorts.enrol(cast.outsider, cast.cohort, role="student", by=cast.admin)
    wait(clock, minutes=1)
    assert titles(cast.outsider) == ["You are now in the course “Bees and flowers”"]
    assert text(cast.outsider) == "You have been added to the cohort “Morning group”. You can start straight away."
    assert subjects(cast.outsider) == titles(cast.outsider)
    for other in (cast.student, cast.teacher, cast.admin):
        assert told(other) == []


def test_list_of_people_is_one_event_and_each_hears_once(cast: Cast, clock: time_machine.Traveller) -> None:
    people = [cast.outsider, cast.editor, cast.outsider]
    cost = statements_about_events(lambda: class_lists.add(cast.cohort, people, [], role="assistant", by=cast.admin))
    assert (cost, Event.objects.count()) == (1, 1)
    wait(clock, minutes=1)
    class_lists.add(cast.cohort, people, [], role="assistant", by=cast.admin)
    wait(clock, hours=1)
    assert titles(cast.outsider) == titles(cast.editor) == ["You now assist in “Bees and flowers”"]


def test_who_is_moved_hears_that_and_not_that_they_are_new(cast: Cast, clock: time_machine.Traveller) -> None:
    cohorts.enrol(cast.outsider, cast.elsewhere, role="student", by=cast.admin)
    cohorts.move(cast.enrolment, cast.elsewhere, by=cast.admin)
    wait(clock, minutes=1)
    assert titles(cast.student) == ["You are in another cohort of “Bees and flowers” now"]
    assert "You have moved to the cohort “Evening group”." in text(cast.student)
    assert titles(cast.outsider) == ["You are now in the course “Bees and flowers”"]


def test_admin_who_adds_themselves_and_people_of_the_demo_hear_nothing(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    cohorts.enrol(cast.admin, cast.cohort, role="teacher", by=cast.admin)
    cohorts.enrol(cast.outsider, cast.cohort, role="student", by=None)
    wait(clock, minutes=1)
    assert told(cast.admin) == told(cast.outsider) == []


def test_cohort_that_begins_later_says_when(cast: Cast, clock: time_machine.Traveller) -> None:
    set_days(cast.cohort, date(2026, 11, 16))
    cohorts.enrol(cast.outsider, cast.cohort, role="student", by=cast.admin)
    wait(clock, minutes=1)
    assert text(cast.outsider).endswith(
        "It starts on Monday 16 November. Its lessons are open already, if you would like to look around."
    )


def test_who_is_moved_or_brought_back_hears_so(cast: Cast, clock: time_machine.Traveller) -> None:
    cohorts.move(cast.enrolment, cast.elsewhere, by=cast.admin)
    other = cast.cohort.enrolments.get(user=cast.other_student)
    cohorts.set_state(other, Enrolment.State.SUSPENDED, by=cast.admin)
    wait(clock, minutes=1)
    assert text(cast.student).startswith("You have moved to the cohort “Evening group”.")
    assert told(cast.other_student) == []
    cohorts.set_state(other, Enrolment.State.ACTIVE, by=cast.admin)
    wait(clock, minutes=1)
    assert titles(cast.other_student) == ["You are now in the course “Bees and flowers”"]


def test_who_was_taken_out_before_it_was_told_hears_it_when_they_are_back(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(3, 8))
    made = cohorts.enrol(cast.outsider, cast.cohort, role="student", by=cast.admin)
    Notice.objects.create(
        person=cast.outsider,
        kind="added_to_cohort",
        subject=cast.cohort.pk,
        context=made.pk,
        local_day=date(2026, 11, 3),
        not_before=timezone.now(),
        state="skipped",
        reason="not enrolled",
    )
    wait(clock, minutes=1)
    assert titles(cast.outsider) == ["You are now in the course “Bees and flowers”"]


def test_entry_of_a_cohort_that_one_has_left_is_gone(cast: Cast, clock: time_machine.Traveller) -> None:
    made = cohorts.enrol(cast.outsider, cast.cohort, role="student", by=cast.admin)
    wait(clock, minutes=1)
    cohorts.set_state(made, Enrolment.State.LEFT, by=cast.admin)
    assert not Notice.objects.inbox_of(cast.outsider).exists()


def test_cohort_that_begins_is_told_on_the_evening_before(cast: Cast, clock: time_machine.Traveller) -> None:
    set_days(cast.cohort, date(2026, 11, 5))
    wait(clock, hours=1)
    assert told(cast.student) == []
    clock.move_to(at(4, 16, 1))
    work()
    assert titles(cast.student) == ["“Bees and flowers” starts tomorrow, Thu 5 November"]
    assert text(cast.student) == "It starts with “Bee eyes”, which takes about 1 min."
    assert subjects(cast.student) == titles(cast.student)
    assert told(cast.elsewhere_student) == told(cast.teacher) == []
    clock.move_to(at(5, 9))
    work()
    assert len(told(cast.student)) == 1


def test_tick_that_comes_late_says_today_and_after_that_nothing(cast: Cast, clock: time_machine.Traveller) -> None:
    set_days(cast.cohort, date(2026, 11, 5))
    clock.move_to(at(5, 8))
    work()
    assert titles(cast.student) == ["“Bees and flowers” starts today, Thu 5 November"]
    set_days(cast.elsewhere, date(2026, 11, 4))
    work()
    assert told(cast.elsewhere_student) == []


def test_first_day_that_moves_is_told_for_its_new_day_alone(cast: Cast, clock: time_machine.Traveller) -> None:
    set_days(cast.cohort, date(2026, 11, 5))
    clock.move_to(at(3, 20))
    work()
    set_days(cast.cohort, date(2026, 11, 7))
    clock.move_to(at(4, 16, 1))
    work()
    assert told(cast.student) == []
    assert reasons(cast.student, "cohort_opens") == ["moved"]
    clock.move_to(at(6, 16, 1))
    work()
    assert titles(cast.student) == ["“Bees and flowers” starts tomorrow, Sat 7 November"]


def test_first_day_that_moves_back_revives_what_was_skipped(cast: Cast, clock: time_machine.Traveller) -> None:
    set_days(cast.cohort, date(2026, 11, 5))
    clock.move_to(at(3, 20))
    work()
    set_days(cast.cohort, date(2026, 11, 7))
    clock.move_to(at(4, 16, 1))
    work()
    set_days(cast.cohort, date(2026, 11, 5))
    wait(clock, minutes=10)
    assert titles(cast.student) == ["“Bees and flowers” starts tomorrow, Thu 5 November"]


def test_who_comes_in_on_the_first_day_is_told_once(cast: Cast, clock: time_machine.Traveller) -> None:
    set_days(cast.cohort, date(2026, 11, 5))
    clock.move_to(at(5, 8))
    cohorts.enrol(cast.outsider, cast.cohort, role="student", by=cast.admin)
    wait(clock, minutes=1)
    assert [one.kind for one in told(cast.outsider)] == ["added_to_cohort"]


def test_cohort_that_ends_is_told_a_week_before_with_what_is_left(cast: Cast, clock: time_machine.Traveller) -> None:
    set_days(cast.cohort, date(2026, 1, 5), date(2026, 11, 12))
    Activity.objects.filter(pk=cast.link.pk).update(required=False)
    complete(cast.enrolment, cast.file, how="opened", evidence={}, by=cast.student)
    clock.move_to(at(5, 16, 1))
    work()
    assert titles(cast.student) == ["“Bees and flowers” ends in 7 days, on Thu 12 November"]
    assert text(cast.student) == "You have 1 lesson left, about 1 min. You can still read everything after that day."
    work()
    assert len(told(cast.student)) == 1


def test_who_has_done_everything_does_not_hear_of_the_end(cast: Cast, clock: time_machine.Traveller) -> None:
    set_days(cast.cohort, date(2026, 1, 5), date(2026, 11, 12))
    for activity in (cast.reading, cast.file, cast.link):
        complete(cast.enrolment, activity, how="marked", evidence={}, by=cast.student)
    clock.move_to(at(5, 16, 1))
    work()
    assert told(cast.student) == []
    assert reasons(cast.student, "cohort_closes") == ["nothing to say"]
    # And is not planned and skipped again every hour.
    assert Notice.objects.filter(person=cast.student, state="planned").count() == 0
    wait(clock, hours=1)
    assert Notice.objects.filter(person=cast.student, kind="cohort_closes").get().state == "skipped"


@pytest.mark.parametrize("gone", ["deleted", "suspended"])
def test_end_of_a_cohort_is_not_told_to_who_is_no_longer_in_it(
    cast: Cast, clock: time_machine.Traveller, gone: str
) -> None:
    set_days(cast.cohort, date(2026, 1, 5), date(2026, 11, 12))
    clock.move_to(at(5, 10))
    work()
    assert Notice.objects.filter(kind="cohort_closes", person=cast.student, state="planned").exists()
    change = {"deleted_at": timezone.now()} if gone == "deleted" else {"state": "suspended"}
    Enrolment.everything.filter(user=cast.student).update(**change)
    clock.move_to(at(5, 16, 1))
    work()
    assert told(cast.student) == []
    assert reasons(cast.student, "cohort_closes") == ["not enrolled"]


def test_each_reader_is_told_at_the_usual_hour_of_their_own(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.student.timezone = "America/Los_Angeles"
    cast.student.save()
    set_days(cast.cohort, date(2026, 11, 5))
    clock.move_to(at(4, 16, 1))
    work()
    assert told(cast.student) == []
    assert len(told(cast.other_student)) == 1
    clock.move_to(at(5, 1, 1))
    work()
    assert titles(cast.student) == ["“Bees and flowers” starts tomorrow, Thu 5 November"]


def test_who_is_in_two_cohorts_that_begin_hears_of_both(cast: Cast, clock: time_machine.Traveller) -> None:
    other = make.CohortFactory(starts_on=date(2026, 11, 5))
    long_ago = timezone.now() - timedelta(days=30)
    make.EnrolmentFactory(user=cast.student, cohort=other, state_changed_at=long_ago)
    set_days(cast.cohort, date(2026, 11, 5))
    clock.move_to(at(4, 16, 1))
    work()
    assert len(told(cast.student)) == 2
    assert len(subjects(cast.student)) == 1
