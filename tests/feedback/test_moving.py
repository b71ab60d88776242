"""What moves a promise: absences and pauses, substitutes, other days; and that each is broken once."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from courses.models import Activity, Cohort, DayOff, DueDate, Enrolment
from courses.services import calendars, cohorts
from courses.services.calendars import Span as Holiday
from courses.services.calendars import Wanted
from feedback.models import Absence, Pause, PromiseMove, Submission
from feedback.promises import Span
from feedback.services import absences, marking, news, promises, settings
from notifications.models import Event
from progress.models import Waiting
from tests.cast import Cast, gather
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db
# A Tuesday morning; with three working days, feedback is promised for Friday.
TUESDAY = datetime(2026, 11, 3, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def step(cast: Cast) -> Activity:
    """In cohorts that live in UTC."""
    Cohort.objects.update(timezone="UTC")
    cast.cohort.refresh_from_db()
    return make.assignment(cast.module)


def promise(work: Submission) -> str:
    """In the zone of the cohort, which is UTC; the turn of the step says the same."""
    work.refresh_from_db()
    told = Waiting.objects.filter(
        enrolment=work.enrolment_id, activity=work.activity_id, ended_at=None, waits_for="teacher"
    )
    assert list(told.values_list("promised_at", flat=True)) in ([work.promised_at], [])
    assert work.promised_at
    assert work.promised_at.time().isoformat() == "17:00:00"
    return work.promised_at.strftime("%a %d")


def whys() -> list[str]:
    return list(PromiseMove.objects.values_list("why", flat=True))


def test_other_working_days_move_what_waits(cast: Cast, step: Activity) -> None:
    work = make.hand_in(cast.enrolment, step)
    assert promise(work) == "Fri 06"
    calendars.save(cast.cohort, Wanted(typed=[Holiday(date(2026, 11, 5), date(2026, 11, 6), "Harvest")]))
    assert (promise(work), whys()) == ("Tue 10", ["calendar"])
    calendars.save(cast.cohort, Wanted())
    assert (promise(work), len(whys())) == ("Fri 06", 2)


def test_cohort_that_promises_another_number_of_days_or_lives_elsewhere_moves_what_waits(
    cast: Cast, step: Activity
) -> None:
    work = make.hand_in(cast.enrolment, step)
    cast.cohort.feedback_days = 5
    cohorts.save_cohort(cast.cohort)
    assert promise(work) == "Tue 10"
    cast.cohort.timezone = "America/New_York"
    cohorts.save_cohort(cast.cohort)
    work.refresh_from_db()
    assert work.promised_at == datetime(2026, 11, 10, 22, tzinfo=UTC)


def test_what_another_cohort_waits_for_stays(cast: Cast, step: Activity) -> None:
    elsewhere = Enrolment.objects.get(user=cast.elsewhere_student)
    work = make.hand_in(elsewhere, step)
    settings.save(cast.cohort, feedback_days=9, counted_from="", assistants_release=False)
    absences.go_away(cast.teacher, date(2026, 11, 3), date(2026, 11, 20))
    assert (promise(work), whys()) == ("Fri 06", [])


def test_counted_from_the_due_date_where_the_cohort_moves_together(cast: Cast, step: Activity) -> None:
    DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=datetime(2026, 11, 9, 12))
    work = make.hand_in(cast.enrolment, step)
    assert promise(work) == "Thu 12"
    moved = settings.save(cast.cohort, feedback_days=3, counted_from="handed in", assistants_release=False)
    assert (moved, promise(work), whys()) == (1, "Fri 06", ["calendar"])
    assert settings.save(cast.cohort, feedback_days=3, counted_from="handed in", assistants_release=True) == 0


def test_next_attempt_counts_from_when_it_is_handed_in(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=datetime(2026, 11, 30, 12))
    make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False))
    clock.move_to(TUESDAY + timedelta(days=1))
    assert promise(make.hand_in(cast.enrolment, step)) == "Mon 09"


def test_days_that_are_fewer_now_never_promise_a_day_that_is_over(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    cast.cohort.feedback_days = 20
    cohorts.save_cohort(cast.cohort)
    work = make.hand_in(cast.enrolment, step)
    clock.move_to(TUESDAY + timedelta(days=7))
    settings.save(cast.cohort, feedback_days=1, counted_from="", assistants_release=False)
    assert promise(work) == "Wed 11"
    assert promises.break_due(timezone.now()) == 0


def test_absence_moves_what_its_teacher_has_and_says_so_before(cast: Cast, step: Activity) -> None:
    work = make.hand_in(cast.enrolment, step)
    marking.take(work, by=cast.teacher)
    free = make.hand_in(Enrolment.objects.get(user=cast.other_student), step)
    trip = Span(date(2026, 11, 4), date(2026, 11, 9))
    seen = absences.foresee_absence(cast.teacher, trip, None, timezone.now())
    assert (seen.count, seen.latest) == (1, datetime(2026, 11, 12, 17, tzinfo=UTC))
    assert promise(work) == "Fri 06"
    away = absences.go_away(cast.teacher, trip.first, trip.last)
    # The assistant is there for what nobody has.
    assert (promise(work), promise(free), whys()) == ("Thu 12", "Fri 06", ["away"])
    assert absences.come_back(away, timezone.now())
    assert not absences.come_back(away, timezone.now())
    assert promise(work) == "Fri 06"
    assert absences.go_after_all(away)
    assert promise(work) == "Thu 12"


def test_where_all_are_away_free_work_moves_to_when_the_first_is_back(cast: Cast, step: Activity) -> None:
    work = make.hand_in(cast.enrolment, step)
    absences.go_away(cast.teacher, date(2026, 11, 3), date(2026, 11, 9))
    absences.go_away(cast.assistant, date(2026, 11, 4), date(2026, 11, 6))
    # Nobody marks from the 4th to the 6th.
    assert promise(work) == "Wed 11"


def test_substitute_gets_the_work_and_its_promise_stays(cast: Cast, step: Activity) -> None:
    work = make.hand_in(cast.enrolment, step)
    marking.take(work, by=cast.teacher)
    trip = Span(date(2026, 11, 4), date(2026, 11, 9))
    seen = absences.foresee_absence(cast.teacher, trip, cast.assistant, timezone.now())
    assert (seen.count, seen.handed_over) == (0, 1)
    away = absences.go_away(cast.teacher, trip.first, trip.last, substitute=cast.assistant)
    assert (promise(work), work.marker, work.marker_given_by) == ("Fri 06", cast.assistant, cast.teacher)
    absences.come_back(away, timezone.now())
    work.refresh_from_db()
    assert (work.marker, work.marker_given_by) == (cast.teacher, None)


def test_work_that_the_substitute_has_begun_with_stays_theirs(cast: Cast, step: Activity) -> None:
    work = make.hand_in(cast.enrolment, step)
    marking.take(work, by=cast.teacher)
    away = absences.go_away(cast.teacher, date(2026, 11, 4), date(2026, 11, 9), substitute=cast.assistant)
    make.feedback(work, cast.assistant)
    absences.come_back(away, timezone.now())
    work.refresh_from_db()
    assert work.marker == cast.assistant


def test_substitute_of_one_cohort_is_none_in_another(cast: Cast, step: Activity) -> None:
    elsewhere = Enrolment.objects.get(user=cast.elsewhere_student)
    cohorts.enrol(cast.teacher, cast.elsewhere, role="teacher", by=cast.admin)
    work = make.hand_in(elsewhere, step)
    marking.take(work, by=cast.teacher)
    absences.go_away(cast.teacher, date(2026, 11, 4), date(2026, 11, 9), substitute=cast.assistant)
    assert promise(work) == "Thu 12"
    assert work.marker == cast.teacher
    assert cast.assistant in absences.substitutes_of(cast.teacher)
    assert cast.student not in absences.substitutes_of(cast.teacher)


def news_of_moves() -> int:
    return Event.objects.filter(kind=news.MOVED).count()


def test_work_that_another_marker_gets_is_reckoned_by_their_days_at_once(cast: Cast, step: Activity) -> None:
    absences.go_away(cast.teacher, date(2026, 11, 4), date(2026, 11, 9))
    work = make.hand_in(cast.enrolment, step)
    assert (promise(work), whys()) == ("Fri 06", [])
    assert marking.take(work, by=cast.teacher).moved
    assert (promise(work), whys(), news_of_moves()) == ("Thu 12", ["away"], 1)
    assert marking.give(work, cast.assistant, by=cast.teacher).moved
    assert (promise(work), len(whys())) == ("Fri 06", 2)
    assert marking.give(work, cast.teacher, by=cast.teacher).moved
    assert promise(work) == "Thu 12"
    assert marking.give(work, None, by=cast.teacher).moved
    assert (promise(work), len(whys())) == ("Fri 06", 4)
    assert promises.move(cast.cohort, PromiseMove.Why.AWAY) == 0


def test_work_that_somebody_begins_to_mark_while_away_is_theirs_with_their_days(cast: Cast, step: Activity) -> None:
    absences.go_away(cast.teacher, date(2026, 11, 4), date(2026, 11, 9))
    work = make.hand_in(cast.enrolment, step)
    make.feedback(work, cast.teacher)
    assert (promise(work), work.marker) == ("Thu 12", cast.teacher)


def test_another_marker_whose_days_bring_the_same_one_moves_nothing(cast: Cast, step: Activity) -> None:
    absences.go_away(cast.teacher, date(2026, 11, 9), date(2026, 11, 13))
    work = make.hand_in(cast.enrolment, step)
    assert marking.take(work, by=cast.teacher).moved is None
    assert marking.give(work, cast.assistant, by=cast.teacher).moved is None
    assert (promise(work), whys(), news_of_moves()) == ("Fri 06", [], 0)


def test_work_that_is_to_be_released_at_an_hour_keeps_its_promise(cast: Cast, step: Activity) -> None:
    absences.go_away(cast.teacher, date(2026, 11, 4), date(2026, 11, 9))
    work = make.release(make.hand_in(cast.enrolment, step), cast.assistant, at=TUESDAY + timedelta(hours=5))
    marking.give(work, cast.teacher, by=cast.teacher)
    assert (promise(work), whys()) == ("Fri 06", [])


def test_pause_of_one_assignment_leaves_the_others(cast: Cast, step: Activity) -> None:
    work, other = make.hand_in(cast.enrolment, step), make.assignment(cast.module, "Draw a bee")
    beside = make.hand_in(cast.enrolment, other)
    seen = absences.foresee_pause(cast.cohort, date(2026, 11, 10), step, timezone.now())
    assert (seen.count, seen.latest) == (1, datetime(2026, 11, 16, 17, tzinfo=UTC))
    made = absences.pause(cast.cohort, date(2026, 11, 10), "Ill.", activity=step, by=cast.teacher, now=timezone.now())
    assert (promise(work), promise(beside), whys()) == ("Mon 16", "Fri 06", ["paused"])
    absences.go_on(made, timezone.now())
    assert promise(work) == "Fri 06"
    absences.pause_after_all(made)
    assert promise(work) == "Mon 16"


def test_pause_that_is_ended_later_counts_until_then(cast: Cast, step: Activity, clock: time_machine.Traveller) -> None:
    work = make.hand_in(cast.enrolment, step)
    made = absences.pause(cast.cohort, date(2026, 11, 20), "Ill.", activity=None, by=cast.teacher, now=timezone.now())
    clock.move_to(TUESDAY + timedelta(days=2))
    absences.go_on(made, timezone.now())
    # From the 3rd to the 5th nobody marked, so it counts from Friday the 6th.
    assert promise(work) == "Wed 11"


def test_broken_promise_that_moves_is_reckoned_from_when_it_broke(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    work = make.hand_in(cast.enrolment, step)
    clock.move_to(datetime(2026, 11, 6, 17, 5, tzinfo=UTC))
    promises.break_due(timezone.now())
    assert promise(work) == "Tue 10"
    calendars.save(cast.cohort, Wanted(typed=[Holiday(date(2026, 11, 9), date(2026, 11, 9), "Harvest")]))
    assert (promise(work), whys()) == ("Wed 11", ["broken", "calendar"])


def test_release_that_is_dated_after_the_promise_breaks_it(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    work = make.hand_in(cast.enrolment, step)
    make.release(work, cast.teacher, at=datetime(2026, 11, 11, 9, tzinfo=UTC))
    clock.move_to(datetime(2026, 11, 6, 17, 5, tzinfo=UTC))
    assert promises.break_due(timezone.now()) == 1
    assert promises.break_due(timezone.now()) == 0
    assert promise(work) == "Thu 12"
    assert work.broken_at == datetime(2026, 11, 6, 17, tzinfo=UTC)


def test_work_of_who_has_left_breaks_no_promise(cast: Cast, step: Activity, clock: time_machine.Traveller) -> None:
    make.hand_in(cast.enrolment, step)
    cohorts.set_state(cast.enrolment, Enrolment.State.LEFT, by=cast.admin)
    clock.move_to(TUESDAY + timedelta(days=7))
    assert promises.break_due(timezone.now()) == 0


def test_moving_a_hundred_costs_what_moving_ten_does_but_for_their_events(cast: Cast, step: Activity) -> None:
    def cost() -> int:
        before = len(connection.queries_log)
        promises.move(cast.cohort, PromiseMove.Why.CALENDAR)
        return len(connection.queries_log) - before

    make.hand_in(cast.enrolment, step)
    connection.force_debug_cursor = True
    try:
        DayOff.objects.create(cohort=cast.cohort, day=date(2026, 11, 5), name="One", typed=True)
        one = cost()
        make.hand_in(Enrolment.objects.get(user=cast.other_student), step)
        DayOff.objects.create(cohort=cast.cohort, day=date(2026, 11, 4), name="Two", typed=True)
        two = cost()
    finally:
        connection.force_debug_cursor = False
    # An event in its savepoint.
    assert two - one <= 3


def test_no_more_absences_or_pauses_than_anybody_has(cast: Cast) -> None:
    day = date(2027, 1, 1)
    Absence.objects.bulk_create(
        Absence(person=cast.teacher, first=day, last=day) for _ in range(absences.MOST_ABSENCES)
    )
    with pytest.raises(absences.Refused, match="50 absences"):
        absences.go_away(cast.teacher, day, day)
    Pause.objects.bulk_create(
        Pause(cohort=cast.cohort, first=day, last=day, reason="Ill.") for _ in range(absences.MOST_PAUSES)
    )
    with pytest.raises(absences.Refused, match="50 pauses"):
        absences.pause(cast.cohort, day, "Ill.", activity=None, by=cast.teacher, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_break_each_promise_once() -> None:
    cast = gather()
    step = make.assignment(cast.module)
    for person in (cast.student, cast.other_student):
        make.hand_in(Enrolment.objects.get(user=person, cohort=cast.cohort), step)
    late = TUESDAY + timedelta(days=4)
    barrier, broken = threading.Barrier(4), []

    def beat() -> None:
        barrier.wait()
        broken.append(promises.break_due(late))
        connection.close()

    threads = [threading.Thread(target=beat) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(broken) == 2
    assert PromiseMove.objects.count() == 2
