"""That a date moved: for the cohort, or for one student by agreement."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from courses.models import Activity, DueDate, Enrolment, Extension
from courses.services import agreements, cohorts
from notifications.models import Event, Notice
from progress.services.ticks import complete
from tests.cast import Cast
from tests.courses.notices.days import reasons, statements_about_events, subjects, text, titles, told, wait, work
from tests.factories import courses as make
from tests.undoing import undo

pytestmark = pytest.mark.django_db
TENTH, TWELFTH = datetime(2026, 11, 10, 18, 0), datetime(2026, 11, 12, 18, 0)


@pytest.fixture
def dated(cast: Cast, clock: time_machine.Traveller) -> DueDate:
    """Due on the tenth, as everybody knows."""
    return DueDate.objects.create(cohort=cast.cohort, activity=cast.reading, zone="Europe/Berlin", suggested_wall=TENTH)


def other_enrolment(cast: Cast) -> Enrolment:
    return cast.cohort.enrolments.get(user=cast.other_student)


def move(cast: Cast, wall: datetime, closes: datetime | None = None, activity: Activity | None = None) -> DueDate:
    due = DueDate(suggested_wall=wall, cutoff_wall=closes)
    return cohorts.set_due_date(cast.cohort, activity or cast.reading, due)


def test_students_of_the_cohort_hear_from_when_to_when_it_moved(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    move(cast, TWELFTH)
    wait(clock, minutes=11)
    assert titles(cast.student) == ["“Bee eyes” is now due Thu 12 November, 18:00 (Berlin)"]
    assert text(cast.student) == "Until now it was due Tue 10 November, 18:00 (Berlin). It is part of “Nectar”."
    assert titles(cast.other_student) == titles(cast.student)
    for other in (cast.elsewhere_student, cast.teacher, cast.observer, cast.editor, cast.admin):
        assert told(other) == []


def test_each_reads_the_date_in_their_own_zone(cast: Cast, dated: DueDate, clock: time_machine.Traveller) -> None:
    cast.student.timezone = "Asia/Tokyo"
    cast.student.save()
    move(cast, TWELFTH)
    wait(clock, minutes=11)
    assert titles(cast.student) == ["“Bee eyes” is now due Fri 13 November, 02:00 (Tokyo)"]


def test_burst_of_edits_is_told_once_when_it_has_been_quiet_for_ten_minutes(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    for day in (15, 14, 13, 12):
        move(cast, TENTH.replace(day=day))
        wait(clock, minutes=9)
        assert told(cast.student) == []
    wait(clock, minutes=2)
    assert titles(cast.student) == ["“Bee eyes” is now due Thu 12 November, 18:00 (Berlin)"]
    assert "Until now it was due Tue 10 November" in text(cast.student)
    wait(clock, hours=1)
    assert len(told(cast.student)) == 1


def test_date_that_is_back_where_it_was_is_no_news(cast: Cast, dated: DueDate, clock: time_machine.Traveller) -> None:
    move(cast, TWELFTH)
    move(cast, TENTH)
    wait(clock, minutes=11)
    assert not Notice.objects.filter(kind="date_moved").exists()
    assert Event.objects.get().spread_at


def test_undo_within_the_ten_minutes_leaves_nothing_to_tell(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller, client: Client
) -> None:
    client.force_login(cast.teacher)
    address = reverse("teach:due_date", args=[cast.cohort.pk, cast.reading.pk])
    sent = client.post(address, {"suggested_wall": "2026-11-12T18:00", "cutoff_wall": ""}, follow=True)
    assert DueDate.objects.get().suggested_wall == TWELFTH
    undo(client, sent)
    wait(clock, minutes=11)
    assert told(cast.student) == []


def test_undo_after_it_was_told_is_told_too(cast: Cast, dated: DueDate, clock: time_machine.Traveller) -> None:
    before = agreements.plain(dated)
    after = agreements.plain(move(cast, TWELFTH))
    wait(clock, minutes=30)
    assert agreements.put_back(DueDate, before=before, after=after, cohort=cast.cohort, activity=cast.reading)
    wait(clock, minutes=11)
    assert titles(cast.student) == [
        "“Bee eyes” is now due Thu 12 November, 18:00 (Berlin)",
        "“Bee eyes” is now due Tue 10 November, 18:00 (Berlin)",
    ]


def test_who_has_done_it_or_keeps_their_date_hears_nothing(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    complete(cast.enrolment, cast.reading, how="read", evidence={}, by=cast.student)
    later = {"zone": "Europe/Berlin", "agreed_wall": datetime(2026, 11, 20, 18, 0)}
    Extension.objects.create(enrolment=other_enrolment(cast), activity=cast.reading, **later)
    move(cast, TWELFTH)
    wait(clock, minutes=11)
    assert told(cast.student) == told(cast.other_student) == []


def test_who_is_in_two_cohorts_of_which_both_move_hears_once(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    make.EnrolmentFactory(user=cast.student, cohort=cast.elsewhere)
    move(cast, TWELFTH)
    cohorts.set_due_date(cast.elsewhere, cast.reading, DueDate(suggested_wall=TWELFTH))
    wait(clock, minutes=11)
    assert len(told(cast.student)) == len(told(cast.elsewhere_student)) == 1


def test_days_after_the_start_move_each_students_own_date(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.cohort.enrolments.filter(user=cast.student).update(started_on=date(2026, 11, 1))
    days = {"time_of_day": "18:00", "zone": "Europe/Berlin"}
    DueDate.objects.create(cohort=cast.cohort, activity=cast.reading, suggested_days=7, **days)
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_days=9, time_of_day="18:00"))
    wait(clock, minutes=11)
    assert titles(cast.student) == ["“Bee eyes” is now due Tue 10 November, 18:00 (Berlin)"]
    # Began in January: both dates have long passed.
    assert told(cast.other_student) == []


def test_first_date_and_no_date_are_said_in_so_many_words(cast: Cast, clock: time_machine.Traveller) -> None:
    move(cast, TENTH)
    wait(clock, minutes=11)
    cohorts.clear_due_date(cast.cohort, cast.reading)
    wait(clock, minutes=11)
    assert titles(cast.student) == [
        "“Bee eyes” now has a date: due Tue 10 November, 18:00 (Berlin)",
        "“Bee eyes” no longer has a date",
    ]
    assert text(cast.student).startswith("It was due Tue 10 November, 18:00 (Berlin). You can do it whenever you like.")


def test_closing_date_that_moves_alone_is_told_as_such(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    move(cast, TENTH, closes=datetime(2026, 11, 11, 18, 0))
    wait(clock, minutes=11)
    move(cast, TENTH)
    wait(clock, minutes=11)
    assert titles(cast.student) == [
        "“Bee eyes” now closes Wed 11 November, 18:00 (Berlin)",
        "“Bee eyes” stays open after it is due",
    ]


def test_inbox_is_told_at_night_and_mail_waits_for_the_evenings_digest(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 3, 22, 0, tzinfo=UTC))
    move(cast, TWELFTH)
    wait(clock, minutes=11)
    [notice] = told(cast.student)
    assert (notice.mail_by, subjects(cast.student)) == ("daily", [])


def test_date_that_is_nearer_than_the_next_digest_is_mailed_at_once(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 10, 9, 0, tzinfo=UTC))
    move(cast, datetime(2026, 11, 10, 16, 0))
    wait(clock, minutes=11)
    assert subjects(cast.student) == ["“Bee eyes” is now due Tue 10 November, 16:00 (Berlin)"]


def test_what_was_hidden_meanwhile_is_not_told_and_leaves_the_inbox(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    move(cast, TWELFTH)
    wait(clock, minutes=11)
    assert Notice.objects.inbox_of(cast.student).count() == 1
    Activity.objects.filter(pk=cast.reading.pk).update(published=False)
    assert not Notice.objects.inbox_of(cast.student).exists()
    move(cast, TENTH)
    wait(clock, minutes=11)
    assert len(told(cast.student)) == 0  # the first was taken back from an inbox where nobody had read it


def test_look_at_what_a_date_would_do_is_no_news(cast: Cast, dated: DueDate, client: Client) -> None:
    client.force_login(cast.teacher)
    address = reverse("teach:due_date", args=[cast.cohort.pk, cast.reading.pk])
    asked = client.post(address, {"suggested_wall": "2025-11-12T18:00", "cutoff_wall": ""})
    assert asked.status_code == 422
    assert not Event.objects.exists()


def test_change_of_a_date_costs_an_event_and_a_wish_to_plan(cast: Cast, dated: DueDate) -> None:
    assert statements_about_events(lambda: move(cast, TWELFTH)) == 2
    assert statements_about_events(lambda: cohorts.clear_due_date(cast.cohort, cast.reading)) == 2
    assert Event.objects.count() == 1


def agree(cast: Cast, wall: datetime = TWELFTH, by: object = None) -> Extension:
    return agreements.agree(cast.enrolment, cast.reading, wall, reason="ill", by=by or cast.teacher)[0]


def test_student_hears_of_a_later_date_that_a_teacher_agreed(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    agree(cast)
    wait(clock, minutes=11)
    assert titles(cast.student) == ["You have until Thu 12 November, 18:00 (Berlin) for “Bee eyes”"]
    assert subjects(cast.student) == titles(cast.student)
    assert text(cast.student).startswith("Your teacher has agreed this later date for you.")
    assert told(cast.other_student) == told(cast.teacher) == []


def test_date_that_students_moved_themselves_is_no_news(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    agree(cast, by=cast.student)
    wait(clock, minutes=11)
    assert told(cast.student) == []


def test_two_agreements_in_a_row_are_one_notice_of_the_last(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    agree(cast)
    agree(cast, TWELFTH + timedelta(days=2))
    wait(clock, minutes=11)
    assert titles(cast.student) == ["You have until Sat 14 November, 18:00 (Berlin) for “Bee eyes”"]
    agree(cast, TWELFTH + timedelta(days=3))
    wait(clock, minutes=11)
    assert titles(cast.student)[1:] == ["You have until Sun 15 November, 18:00 (Berlin) for “Bee eyes”"]


def test_agreement_that_is_taken_back_at_once_is_no_news_and_later_it_is(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    agree(cast)
    agreements.take_back(cast.enrolment, cast.reading)
    wait(clock, minutes=11)
    assert told(cast.student) == []
    agree(cast)
    wait(clock, minutes=11)
    agreements.take_back(cast.enrolment, cast.reading)
    wait(clock, minutes=11)
    assert titles(cast.student) == [
        "You have until Thu 12 November, 18:00 (Berlin) for “Bee eyes”",
        "“Bee eyes” is due Tue 10 November, 18:00 (Berlin) again",
    ]


def test_refused_agreement_leaves_no_event(cast: Cast, dated: DueDate) -> None:
    with pytest.raises(agreements.NotLater):
        agree(cast, TENTH - timedelta(days=1))
    assert not Event.objects.exists()
    assert statements_about_events(lambda: agree(cast)) == 2


def test_mail_that_waited_is_dropped_where_another_date_was_told_since(
    cast: Cast, dated: DueDate, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 3, 21, 0, tzinfo=UTC))
    for days in (0, 1):
        agree(cast, TWELFTH + timedelta(days=days))
        wait(clock, minutes=11)
    clock.move_to(datetime(2026, 11, 4, 6, 1, tzinfo=UTC))
    work()
    assert subjects(cast.student) == ["You have until Fri 13 November, 18:00 (Berlin) for “Bee eyes”"]


def test_who_left_before_it_was_told_hears_nothing(cast: Cast, dated: DueDate, clock: time_machine.Traveller) -> None:
    move(cast, TWELFTH)
    cast.cohort.enrolments.filter(user=cast.student).update(state="left")
    wait(clock, minutes=11)
    assert told(cast.student) == []
    assert reasons(cast.student, "date_moved") == []
