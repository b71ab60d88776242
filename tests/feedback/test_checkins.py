"""Check-ins: to whom they go, once, in turn, and how they are answered and expire."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from courses.models import Cohort, Enrolment
from courses.services import cohorts
from drafts.fields import Content, Stamp
from drafts.models import Draft
from feedback import segments
from feedback.models import Asked, CheckIn, Conversation, Message, RegularCheckIn, WorksAlone
from feedback.services import checkins, talks
from feedback.services.checkins import Wanted
from feedback.services.talks import Refused, Sending
from feedback.tasks import ask_in_turn
from notifications.models import Event
from progress.models import Contact
from tests.cast import Cast
from tests.factories import talks as make

pytestmark = pytest.mark.django_db


def other(cast: Cast) -> Enrolment:
    return make.enrolment(cast.cohort, cast.other_student)


class TestSegments:
    def find(self, cast: Cast, code: str) -> set[int]:
        return segments.SEGMENTS[code].find(cast.cohort, timezone.now())

    def test_everyone_is_the_students_of_this_cohort_who_have_not_left(self, cast: Cast) -> None:
        assert self.find(cast, "all") == {cast.enrolment.pk, other(cast).pk}
        cohorts.set_state(other(cast), Enrolment.State.LEFT, by=cast.admin)
        assert self.find(cast, "all") == {cast.enrolment.pk}

    def test_not_seen_is_who_was_not_there_for_seven_days(self, cast: Cast) -> None:
        now = timezone.now()
        Enrolment.objects.filter(pk=cast.enrolment.pk).update(last_seen_at=now - timedelta(days=8))
        Enrolment.objects.filter(pk=other(cast).pk).update(last_seen_at=now - timedelta(days=6))
        assert self.find(cast, "not seen") == {cast.enrolment.pk}

    def test_who_never_came_counts_from_the_day_they_joined(self, cast: Cast) -> None:
        Enrolment.objects.update(state_changed_at=timezone.now())
        assert self.find(cast, "not seen") == set()
        Enrolment.objects.update(state_changed_at=timezone.now() - timedelta(days=8))
        assert self.find(cast, "not seen") == {cast.enrolment.pk, other(cast).pk}

    def test_late_needs_two_things(self, cast: Cast) -> None:
        assert self.find(cast, "late") == set()


class TestSending:
    def test_everyone_reads_their_own_name_and_step(self, cast: Cast) -> None:
        source = "{First name}, your next is { next step }. {nonsense}"
        made = make.check_in(cast.cohort, cast.teacher, cast.student, cast.other_student, source=source)
        texts = dict(made.asked.values_list("enrolment__user__username", "text"))
        assert texts["student"] == f"{cast.student.get_short_name()}, your next is “Bee eyes”. {{nonsense}}"
        assert set(texts) == {"student", "other.student"}

    def test_a_name_that_looks_like_a_place_stays_a_name(self, cast: Cast) -> None:
        cast.student.display_name = "{next step}"
        cast.student.save()
        made = make.asked(cast.cohort, cast.teacher, cast.student, source="{first name}: {next step}")
        assert made.text == "{next: “Bee eyes”"

    def test_a_second_press_sends_nothing_twice(self, cast: Cast) -> None:
        sending = Sending(Stamp(uuid4()), "feedback/check-in/1", Content({"source": "Well?"}))
        wanted = Wanted("Well?", "all", [cast.enrolment.pk])
        first = checkins.send(cast.cohort, wanted, sending, by=cast.teacher)
        second = checkins.send(cast.cohort, wanted, sending, by=cast.teacher)
        assert (first.again, second.again, second.check_in) == (False, True, first.check_in)
        assert (CheckIn.objects.count(), Asked.objects.count(), Event.objects.filter(kind="check_in").count()) == (
            1,
            1,
            1,
        )
        assert Draft.objects.get(person=cast.teacher).sent_at is not None

    def test_only_students_of_the_cohort_are_asked_whatever_keys_come(self, cast: Cast) -> None:
        elsewhere = make.enrolment(cast.elsewhere, cast.elsewhere_student)
        assistant = make.enrolment(cast.cohort, cast.assistant)
        wanted = Wanted("Well?", "all", [elsewhere.pk, assistant.pk, cast.enrolment.pk])
        made = checkins.send(cast.cohort, wanted, make.sending(), by=cast.teacher).check_in
        assert [one.enrolment for one in made.asked.all()] == [cast.enrolment]
        with pytest.raises(Refused, match="at least one"):
            checkins.send(cast.cohort, Wanted("Well?", "all", [elsewhere.pk]), make.sending(), by=cast.teacher)

    def test_twenty_a_day(self, cast: Cast) -> None:
        for _ in range(20):
            make.asked(cast.cohort, cast.teacher, cast.student)
        with pytest.raises(Refused, match="20"):
            make.asked(cast.cohort, cast.teacher, cast.student)
        with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
            assert make.asked(cast.cohort, cast.teacher, cast.student)

    def test_it_is_no_contact(self, cast: Cast) -> None:
        make.asked(cast.cohort, cast.teacher, cast.student)
        assert not Contact.objects.exists()


class TestTurns:
    def opened(self) -> list[str]:
        found = Asked.objects.filter(opened_at__isnull=False).order_by("pk")
        return list(found.values_list("enrolment__user__username", flat=True))

    def test_no_more_are_open_than_the_teacher_can_answer(self, cast: Cast) -> None:
        checkins.set_checking(cast.cohort, cast.teacher, most_open=1, answer_days=2, now=timezone.now())
        make.check_in(cast.cohort, cast.teacher, cast.student, cast.other_student)
        assert len(self.opened()) == 1
        assert checkins.open_waiting(timezone.now()) == 0
        first = Asked.objects.get(opened_at__isnull=False)
        assert checkins.answer(first, "on track", "")
        assert len(self.opened()) == 2

    def test_one_expires_and_the_next_has_its_turn(self, cast: Cast) -> None:
        checkins.set_checking(cast.cohort, cast.teacher, most_open=1, answer_days=2, now=timezone.now())
        make.check_in(cast.cohort, cast.teacher, cast.student, cast.other_student)
        first = Asked.objects.get(opened_at__isnull=False)
        with time_machine.travel(first.expires_at + timedelta(seconds=1)):
            assert ask_in_turn() == 1
            assert len(self.opened()) == 2
            assert checkins.answer(first, "on track", "") is None
        assert Asked.objects.get(pk=first.pk).answered_at is None

    def test_who_left_keeps_nobody_waiting(self, cast: Cast) -> None:
        checkins.set_checking(cast.cohort, cast.teacher, most_open=1, answer_days=2, now=timezone.now())
        make.check_in(cast.cohort, cast.teacher, cast.student, cast.other_student)
        first = Asked.objects.get(opened_at__isnull=False)
        cohorts.set_state(first.enrolment, Enrolment.State.LEFT, by=cast.admin)
        assert checkins.open_waiting(timezone.now()) == 1

    def test_more_room_opens_what_waits(self, cast: Cast) -> None:
        checkins.set_checking(cast.cohort, cast.teacher, most_open=1, answer_days=2, now=timezone.now())
        make.check_in(cast.cohort, cast.teacher, cast.student, cast.other_student)
        moved = checkins.set_checking(cast.cohort, cast.teacher, most_open=2, answer_days=2, now=timezone.now())
        assert moved == 1

    def test_one_teachers_room_is_not_anothers(self, cast: Cast) -> None:
        checkins.set_checking(cast.cohort, cast.teacher, most_open=1, answer_days=2, now=timezone.now())
        make.asked(cast.cohort, cast.teacher, cast.student)
        assert make.asked(cast.cohort, cast.assistant, cast.student).opened_at


class TestAnswering:
    def test_it_becomes_a_message_to_the_teacher_who_asked(self, cast: Cast) -> None:
        message = make.answered(cast.cohort, cast.teacher, cast.student, "stuck", "Where is the hive?")
        conversation = message.conversation
        assert (conversation.enrolment, conversation.teacher) == (cast.enrolment, cast.teacher)
        assert (message.text, message.author, message.by_student) == ("Where is the hive?", cast.student, True)
        assert conversation.promised_at
        assert conversation.promised_at > timezone.now()

    def test_on_track_without_a_word_waits_for_nothing(self, cast: Cast) -> None:
        assert make.answered(cast.cohort, cast.teacher, cast.student, "on track").conversation.waiting_since is None
        assert make.answered(cast.cohort, cast.teacher, cast.student, "on track", "But?").conversation.waiting_since

    def test_once(self, cast: Cast) -> None:
        one = make.asked(cast.cohort, cast.teacher, cast.student)
        assert checkins.answer(one, "stuck", "") is True
        assert checkins.answer(one, "on track", "After all.") is False
        assert Message.objects.get().text == ""
        assert Asked.objects.get().pulse == "stuck"

    def test_not_to_a_teacher_who_has_left(self, cast: Cast) -> None:
        one = make.asked(cast.cohort, cast.teacher, cast.student)
        cohorts.set_state(make.enrolment(cast.cohort, cast.teacher), Enrolment.State.LEFT, by=cast.admin)
        assert checkins.answer(one, "stuck", "") is None
        assert not Conversation.objects.exists()

    def test_the_teachers_reply_is_a_contact(self, cast: Cast) -> None:
        conversation = make.answered(cast.cohort, cast.teacher, cast.student).conversation
        assert not Contact.objects.exists()
        make.reply(conversation)
        found = Contact.objects.get()
        assert (found.by, found.person, found.what) == (cast.teacher, cast.student, "message")
        conversation.refresh_from_db()
        assert conversation.waiting_since is None


class TestRegular:
    START = datetime.fromisoformat("2026-11-03T09:00:00+01:00")  # a Tuesday

    @pytest.fixture
    def clock(self, cast: Cast) -> time_machine.Traveller:
        Cohort.objects.update(timezone="Europe/Berlin", starts_on=date(2026, 1, 1), ends_on=None)
        cast.cohort.refresh_from_db()
        with time_machine.travel(self.START, tick=False) as traveller:
            yield traveller

    def test_on_its_day_and_again_in_a_fortnight(self, cast: Cast, clock: time_machine.Traveller) -> None:
        WorksAlone.objects.create(enrolment=other(cast))
        checkins.repeat(cast.cohort, cast.teacher, "Well, {first name}?", every_weeks=2, first=date(2026, 11, 4))
        assert checkins.send_regular(timezone.now()) == 0
        clock.move_to(self.START + timedelta(days=1))
        assert checkins.send_regular(timezone.now()) == 1
        assert checkins.send_regular(timezone.now()) == 0
        assert [one.enrolment for one in Asked.objects.all()] == [cast.enrolment]
        assert RegularCheckIn.objects.get().next_on == date(2026, 11, 18)
        clock.move_to(self.START + timedelta(days=15))
        assert checkins.send_regular(timezone.now()) == 1

    def test_on_a_day_off_it_waits_for_the_next_working_day(self, cast: Cast, clock: time_machine.Traveller) -> None:
        checkins.repeat(cast.cohort, cast.teacher, "Well?", every_weeks=1, first=date(2026, 11, 7))
        clock.move_to(self.START + timedelta(days=4))
        assert checkins.send_regular(timezone.now()) == 0
        clock.move_to(self.START + timedelta(days=6))
        assert checkins.send_regular(timezone.now()) == 1
        assert RegularCheckIn.objects.get().next_on == date(2026, 11, 14)

    def test_nothing_comes_once_it_is_stopped(self, cast: Cast, clock: time_machine.Traveller) -> None:
        checkins.repeat(cast.cohort, cast.teacher, "Well?", every_weeks=1, first=date(2026, 11, 3))
        assert checkins.stop_repeating(cast.cohort, cast.teacher)
        assert checkins.send_regular(timezone.now()) == 0


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def together(self, act: object, times: int = 4) -> list[object]:
        def run(_: int) -> object:
            try:
                return act()  # type: ignore[operator]  # given by the test
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(run, range(times)))

    def test_one_answer_of_many_presses(self, cast: Cast) -> None:
        one = make.asked(cast.cohort, cast.teacher, cast.student)
        assert sorted(map(str, self.together(lambda: checkins.answer(one, "stuck", "")))) == ["False"] * 3 + ["True"]
        assert Message.objects.count() == 1

    def test_one_check_in_of_many_presses(self, cast: Cast) -> None:
        sending, wanted = make.sending(), Wanted("Well?", "all", [cast.enrolment.pk])
        found = self.together(lambda: checkins.send(cast.cohort, wanted, sending, by=cast.teacher).again)
        assert sorted(found) == [False, True, True, True]
        assert Asked.objects.count() == 1

    def test_one_conversation_of_many_that_begin(self, cast: Cast) -> None:
        enrolment = cast.enrolment
        self.together(lambda: talks.ask_for_a_word(enrolment, cast.teacher, "Hello?", make.sending()))
        assert Conversation.objects.count() == 1
        assert Message.objects.count() == 4
