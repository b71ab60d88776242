"""Conversations: what is promised, written once, hidden, and settled."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from courses.models import Cohort
from courses.services.deleting import work_of
from drafts.fields import Content, Stamp
from feedback.models import Checking, Conversation, Message, WorksAlone
from feedback.services import absences, talks
from feedback.services.talks import Refused, Sending
from tests.cast import Cast
from tests.factories import talks as make

pytestmark = pytest.mark.django_db
TUESDAY = datetime.fromisoformat("2026-11-03T10:00:00+01:00")


@pytest.fixture
def clock(cast: Cast) -> time_machine.Traveller:
    Cohort.objects.update(timezone="Europe/Berlin")
    cast.cohort.refresh_from_db()
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


class TestPromise:
    def test_an_answer_comes_within_two_working_days(self, cast: Cast, clock: time_machine.Traveller) -> None:
        conversation = make.word(cast.cohort, cast.student, cast.teacher)
        assert conversation.promised_at == datetime.fromisoformat("2026-11-05T17:00:00+01:00")
        assert conversation.waiting_since == timezone.now()

    def test_days_that_the_teacher_set_count(self, cast: Cast, clock: time_machine.Traveller) -> None:
        Checking.objects.create(cohort=cast.cohort, teacher=cast.teacher, answer_days=4)
        conversation = make.word(cast.cohort, cast.student, cast.teacher)
        assert conversation.promised_at == datetime.fromisoformat("2026-11-09T17:00:00+01:00")

    def test_who_writes_again_waits_no_longer_for_it(self, cast: Cast, clock: time_machine.Traveller) -> None:
        first = make.word(cast.cohort, cast.student, cast.teacher)
        clock.move_to(TUESDAY + timedelta(days=1))
        assert make.word(cast.cohort, cast.student, cast.teacher, "And?").promised_at == first.promised_at

    def test_it_moves_with_the_days_on_which_the_teacher_is_away(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        conversation = make.word(cast.cohort, cast.student, cast.teacher)
        beside = make.word(cast.cohort, cast.student, cast.assistant)
        day = TUESDAY.date() + timedelta(days=1)
        away = absences.go_away(cast.teacher, day, day)
        conversation.refresh_from_db()
        assert conversation.promised_at == datetime.fromisoformat("2026-11-06T17:00:00+01:00")
        before = beside.promised_at
        beside.refresh_from_db()
        assert beside.promised_at == before
        absences.come_back(away, timezone.now())
        conversation.refresh_from_db()
        assert conversation.promised_at == datetime.fromisoformat("2026-11-05T17:00:00+01:00")

    def test_an_answer_ends_it(self, cast: Cast, clock: time_machine.Traveller) -> None:
        conversation = make.word(cast.cohort, cast.student, cast.teacher)
        make.reply(conversation)
        conversation.refresh_from_db()
        assert (conversation.waiting_since, conversation.promised_at) == (None, None)

    def test_a_teacher_says_that_nothing_waits_and_takes_it_back(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        conversation = make.word(cast.cohort, cast.student, cast.teacher, "Thank you!")
        since, latest = conversation.waiting_since, Message.objects.get().pk
        assert talks.settle(conversation, latest)
        conversation.refresh_from_db()
        assert conversation.promised_at is None
        assert not talks.settle(conversation, latest)
        assert talks.unsettle(conversation, since)
        conversation.refresh_from_db()
        assert conversation.waiting_since == since

    def test_what_was_written_since_is_not_settled_unread(self, cast: Cast) -> None:
        conversation = make.word(cast.cohort, cast.student, cast.teacher, "Thank you!")
        latest = Message.objects.get().pk
        make.word(cast.cohort, cast.student, cast.teacher, "One more question.")
        assert not talks.settle(conversation, latest)
        assert Conversation.objects.get().waiting_since


class TestWriting:
    def test_the_same_key_is_one_message(self, cast: Cast) -> None:
        conversation = make.word(cast.cohort, cast.student, cast.teacher)
        sending = Sending(Stamp(uuid4()), "feedback/talk/1", Content({"text": "Yes."}))
        first = talks.say(conversation, "Yes.", sending, by=cast.teacher)
        again = talks.say(conversation, "Yes.", sending, by=cast.teacher)
        other = talks.say(conversation, "No.", sending, by=cast.teacher)
        assert (again.message, again.differs, other.message, other.differs) == (
            first.message,
            False,
            first.message,
            True,
        )
        assert Message.objects.count() == 2

    def test_sixty_an_hour(self, cast: Cast) -> None:
        conversation = make.word(cast.cohort, cast.student, cast.teacher)
        for _ in range(60):
            make.reply(conversation)
        with pytest.raises(Refused, match="60"):
            make.reply(conversation)
        assert make.reply(conversation, by=cast.student)

    def test_nobody_writes_to_themselves(self, cast: Cast) -> None:
        with pytest.raises(Refused):
            talks.conversation_of(cast.enrolment, cast.student)


def test_what_is_hidden_stays_where_it_is(cast: Cast) -> None:
    make.word(cast.cohort, cast.student, cast.teacher, "A bad word.")
    message = Message.objects.get()
    assert talks.hide(message, "It hurts.", by=cast.teacher)
    assert not talks.hide(message, "Again.", by=cast.teacher)
    message.refresh_from_db()
    assert (message.text, message.hidden_why, message.hidden_by) == ("A bad word.", "It hurts.", cast.teacher)
    assert talks.show(message)
    assert not talks.show(message)


def test_working_alone_is_chosen_and_taken_back(cast: Cast) -> None:
    for _ in range(2):
        talks.work_alone(cast.enrolment, True)
    assert WorksAlone.objects.get().enrolment == cast.enrolment
    talks.work_alone(cast.enrolment, False)
    assert not WorksAlone.objects.exists()


@pytest.mark.parametrize("name", ["course", "cohort", "enrolment", "student"])
def test_deleting_counts_messages(cast: Cast, name: str) -> None:
    make.word(cast.cohort, cast.student, cast.teacher)
    work = work_of(getattr(cast, name))
    assert work.students == 1
    assert "1 message in conversations" in work.counts


def test_deleting_a_lesson_counts_no_messages(cast: Cast) -> None:
    make.word(cast.cohort, cast.student, cast.teacher)
    assert work_of(cast.reading).students == 0
    assert work_of(cast.module).students == 0


def test_a_teacher_who_is_erased_leaves_what_was_written(cast: Cast) -> None:
    conversation = make.word(cast.cohort, cast.student, cast.teacher)
    make.reply(conversation)
    cast.teacher.delete()
    conversation.refresh_from_db()
    assert conversation.teacher is None
    assert [message.by_student for message in conversation.messages.all()] == [True, False]
    cast.student.delete()
    assert not Message.objects.exists()
