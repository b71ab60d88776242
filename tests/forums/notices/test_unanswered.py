"""A question that waited for a working day of its cohort."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import DayOff
from courses.services import calendars
from courses.services.calendars import Span, Wanted
from courses.services.cohorts import save_cohort
from forums.services import moderation, talk
from notifications.kinds import KINDS
from notifications.services.reading import recount
from tests.cast import Cast
from tests.courses.notices.days import wait
from tests.factories.forums import reply, thread
from tests.forums.notices.living import SOON, heard, kinds, text, told

pytestmark = pytest.mark.django_db


def test_question_that_waited_a_working_day_is_told_to_who_looks_after_it(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    found = thread(cast.cohort, cast.student)
    wait(clock, hours=23)
    assert heard(cast.teacher) == []
    wait(clock, hours=1)
    for person in (cast.teacher, cast.assistant):
        assert heard(person) == [("forum_unanswered", "“Why do bees dance?” has waited a working day for an answer")]
        assert text(person) == "Student: I wonder."
    for person in (cast.student, cast.other_student, cast.observer, cast.elsewhere_teacher, cast.editor):
        assert heard(person) == []
    for _ in range(20):
        wait(clock, hours=12)
    assert len(told(cast.teacher)) == 1
    assert found.answer_by == datetime(2026, 11, 4, 8, 0, tzinfo=UTC)


def test_weekend_and_holiday_do_not_count(cast: Cast, clock: time_machine.Traveller) -> None:
    DayOff.objects.create(cohort=cast.cohort, day=datetime(2026, 11, 9).date(), name="Harvest", typed=True)
    clock.move_to(datetime(2026, 11, 6, 10, 0, tzinfo=UTC))  # a Friday
    thread(cast.cohort, cast.student)
    for day in (7, 8, 9):
        clock.move_to(datetime(2026, 11, day, 20, 0, tzinfo=UTC))
        wait(clock, minutes=1)
        assert heard(cast.teacher) == []
    clock.move_to(datetime(2026, 11, 10, 9, 50, tzinfo=UTC))
    wait(clock, minutes=1)
    assert heard(cast.teacher) == []
    wait(clock, minutes=10)
    assert kinds(cast.teacher) == ["forum_unanswered"]


def test_day_off_that_is_typed_later_puts_it_off(cast: Cast, clock: time_machine.Traveller) -> None:
    found, answered = thread(cast.cohort, cast.student), thread(cast.cohort, cast.student, title="And this?")
    reply(answered, cast.other_student)
    elsewhere = thread(cast.elsewhere, cast.elsewhere_student)
    due = found.answer_by
    wait(clock, hours=23)
    day = due.date()
    calendars.save(cast.cohort, Wanted(typed=[Span(day, day, "Harvest")]))
    wait(clock, hours=1)
    assert heard(cast.teacher) == []
    wait(clock, hours=24)
    assert kinds(cast.teacher) == ["forum_unanswered"]
    for one, moved in ((found, 1), (answered, 0), (elsewhere, 0)):
        one.refresh_from_db()
        assert one.answer_by == due + timedelta(days=moved)


def test_day_off_that_is_taken_back_brings_it_forward(cast: Cast, clock: time_machine.Traveller) -> None:
    calendars.save(cast.cohort, Wanted(weekdays=[1, 2]))
    thread(cast.cohort, cast.student)
    wait(clock, hours=23)
    calendars.save(cast.cohort, Wanted())
    wait(clock, hours=1)
    assert kinds(cast.teacher) == ["forum_unanswered"]


def test_other_zone_of_the_cohort_moves_it_along(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 11, 6, 20, 0, tzinfo=UTC))  # in Auckland, it is Saturday by then
    found = thread(cast.cohort, cast.student)
    cast.cohort.timezone = "Pacific/Auckland"
    save_cohort(cast.cohort)
    found.refresh_from_db()
    assert found.answer_by == datetime(2026, 11, 9, 11, 0, tzinfo=UTC)


def test_quiet_hours_put_it_off_until_the_morning(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 11, 3, 22, 0, tzinfo=UTC))
    thread(cast.cohort, cast.student)
    clock.move_to(datetime(2026, 11, 4, 22, 0, tzinfo=UTC))
    wait(clock, minutes=1)
    assert heard(cast.teacher) == []
    clock.move_to(datetime(2026, 11, 5, 6, 0, tzinfo=UTC))
    wait(clock, minutes=1)
    assert kinds(cast.teacher) == ["forum_unanswered"]


@pytest.mark.parametrize("how", ["answered", "closed", "hidden", "duplicate", "discussion"])
def test_what_needs_no_answer_is_not_told(cast: Cast, clock: time_machine.Traveller, how: str) -> None:
    found = thread(cast.cohort, cast.student, kind="discussion" if how == "discussion" else "question")
    wait(clock, minutes=1)
    if how == "answered":
        reply(found, cast.other_student)
    elif how == "closed":
        moderation.lock(found)
    elif how == "hidden":
        moderation.hide(found.posts.get(), "No.", by=cast.teacher)
    elif how == "duplicate":
        moderation.close_as_duplicate(found, thread(cast.cohort, cast.teacher))
    wait(clock, hours=25)
    assert "forum_unanswered" not in kinds(cast.teacher)


def test_answer_that_is_deleted_brings_it_back(cast: Cast, clock: time_machine.Traveller) -> None:
    answer = reply(thread(cast.cohort, cast.student), cast.other_student)
    wait(clock, hours=25)
    talk.delete(answer, by=cast.other_student)
    wait(clock, hours=1)
    assert kinds(cast.teacher) == ["forum_unanswered"]


def test_answer_leaves_nothing_to_do_and_the_entry_leads_on(
    cast: Cast, clock: time_machine.Traveller, client: Client
) -> None:
    found = thread(cast.cohort, cast.student)
    wait(clock, hours=25)
    [before] = told(cast.assistant)
    reply(found, cast.teacher)
    wait(clock, **SOON)
    before.refresh_from_db()
    assert before.read_at
    talk.edit(found.posts.get(number=1), "I wondered.", title="Why dance?", by=cast.student)
    wait(clock, **SOON)
    assert heard(cast.assistant)[0][1] == "“Why dance?” has waited a working day for an answer"
    assert cast.assistant.mailbox.unread == recount(cast.assistant)
    client.force_login(cast.assistant)
    assert client.get(reverse("notifications:open", args=[before.pk])).url == f"/threads/{found.pk}/?unread=1"


def test_planning_again_writes_nothing(cast: Cast, clock: time_machine.Traveller) -> None:
    thread(cast.cohort, cast.student)
    kind = KINDS["forum_unanswered"]
    assert [kind.plan(timezone.now()), kind.plan(timezone.now())] == [2, 0]
