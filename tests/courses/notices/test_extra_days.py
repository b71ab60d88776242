"""That a student was given more days for all of their dates."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from courses.models import DueDate, Extension
from courses.services import cohorts
from notifications.models import Event
from notifications.services import letters
from progress.services.ticks import complete
from tests.cast import Cast
from tests.courses.notices.days import reasons, statements_about_events, subjects, titles, told, wait
from tests.undoing import undo

pytestmark = pytest.mark.django_db
TENTH = datetime(2026, 11, 10, 18, 0)


@pytest.fixture
def dated(cast: Cast, clock: time_machine.Traveller) -> None:
    """Two dates to come, and one that is long over."""
    walls = {cast.reading: TENTH, cast.file: TENTH.replace(day=20), cast.link: TENTH.replace(month=9)}
    for activity, wall in walls.items():
        DueDate.objects.create(cohort=cast.cohort, activity=activity, zone="Europe/Berlin", suggested_wall=wall)


def give(cast: Cast, days: int, note: str = "") -> None:
    cohorts.accommodate(cast.enrolment, extra_days=days, note=note, by=cast.teacher)


def lines(person: User) -> list[str]:
    with translation.override(person.language), timezone.override(person.timezone):
        [words] = letters.in_words(told(person)[-1:])
    return [line.text for section in words.sections for line in section.lines]


def test_student_hears_once_of_all_the_dates_that_moved(cast: Cast, dated: None, clock: time_machine.Traveller) -> None:
    give(cast, 1)
    wait(clock, minutes=9)
    give(cast, 3, note="Reads slowly")
    wait(clock, minutes=9)
    assert told(cast.student) == []
    wait(clock, minutes=2)
    assert titles(cast.student) == ["Your dates in “Bees and flowers” have moved: you have 3 extra days for each"]
    assert lines(cast.student) == [
        "“Bee eyes”, due Fri 13 November, 18:00 (Berlin)",
        "“Counting sheet”, due Mon 23 November, 18:00 (Berlin)",
    ]
    assert subjects(cast.student) == titles(cast.student)
    assert "Reads slowly" not in str(told(cast.student)[0].values)
    for other in (cast.other_student, cast.teacher, cast.admin):
        assert told(other) == []
    wait(clock, hours=2)
    assert len(told(cast.student)) == 1


def test_student_hears_that_days_were_taken_back(cast: Cast, dated: None, clock: time_machine.Traveller) -> None:
    give(cast, 3)
    wait(clock, minutes=11)
    give(cast, 2)
    wait(clock, minutes=11)
    assert titles(cast.student)[1:] == ["Your dates in “Bees and flowers” have moved: you have 2 extra days for each"]
    assert lines(cast.student)[0] == "“Bee eyes”, due Thu 12 November, 18:00 (Berlin)"


def test_undo_within_the_ten_minutes_leaves_nothing_to_tell(
    cast: Cast, dated: None, clock: time_machine.Traveller, client: Client
) -> None:
    client.force_login(cast.teacher)
    address = reverse("teach:accommodate", args=[cast.enrolment.pk])
    undo(client, client.post(address, {"extra_days": "3", "note": ""}, follow=True))
    wait(clock, minutes=11)
    assert told(cast.student) == []
    assert Event.objects.get().spread_at


def test_undo_after_it_was_told_is_told_too(
    cast: Cast, dated: None, clock: time_machine.Traveller, client: Client
) -> None:
    client.force_login(cast.teacher)
    address = reverse("teach:accommodate", args=[cast.enrolment.pk])
    sent = client.post(address, {"extra_days": "3", "note": ""}, follow=True)
    wait(clock, minutes=11)
    undo(client, sent)
    wait(clock, minutes=11)
    assert titles(cast.student)[1:] == ["Your dates in “Bees and flowers” have moved back: you have no extra days now"]


def test_what_is_done_or_keeps_its_date_is_not_listed(cast: Cast, dated: None, clock: time_machine.Traveller) -> None:
    complete(cast.enrolment, cast.reading, how="read", evidence={}, by=cast.student)
    give(cast, 3)
    wait(clock, minutes=11)
    assert lines(cast.student) == ["“Counting sheet”, due Mon 23 November, 18:00 (Berlin)"]
    later = {"zone": "Europe/Berlin", "agreed_wall": datetime(2026, 11, 29, 18, 0)}
    Extension.objects.create(enrolment=cast.enrolment, activity=cast.file, **later)
    give(cast, 5)
    wait(clock, minutes=11)
    assert len(told(cast.student)) == 1
    assert reasons(cast.student, "days_changed") == ["nothing to say"]


def test_mail_that_waited_for_the_morning_does_not_say_what_was_changed_since(
    cast: Cast, dated: None, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 3, 21, 0, tzinfo=UTC))
    give(cast, 3)
    wait(clock, minutes=11)
    assert (len(told(cast.student)), subjects(cast.student)) == (1, [])
    give(cast, 5)
    wait(clock, minutes=11)
    clock.move_to(datetime(2026, 11, 4, 6, 30, tzinfo=UTC))
    wait(clock)
    assert subjects(cast.student) == ["Your dates in “Bees and flowers” have moved: you have 5 extra days for each"]


def test_nobody_hears_of_a_note_alone_or_of_a_look_at_what_days_would_do(
    cast: Cast, dated: None, clock: time_machine.Traveller, client: Client
) -> None:
    give(cast, 70)
    wait(clock, minutes=11)
    give(cast, 70, note="Until the spring")
    client.force_login(cast.teacher)
    address = reverse("teach:accommodate", args=[cast.enrolment.pk])
    assert client.post(address, {"extra_days": "0", "note": ""}).status_code == 422
    wait(clock, minutes=11)
    assert len(told(cast.student)) == 1


def test_change_costs_an_event_and_a_wish_to_plan(cast: Cast, dated: None) -> None:
    assert statements_about_events(lambda: give(cast, 3)) == 2
