"""What is heard of check-ins and conversations, by their people and by nobody else."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone, translation

from accounts.models import User
from courses.models import Enrolment
from courses.services import cohorts
from feedback.models import Message
from feedback.services import checkins, news, talks
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.services import letters
from notifications.services.reading import recount
from tests.cast import Cast
from tests.courses.notices.days import wait
from tests.factories import talks as make
from tests.feedback.notices.living import mails

pytestmark = pytest.mark.django_db
KINDS_OF_TALK = (news.CHECK_IN, *news.OF_TALK)
SECRET = "xylocopa"
PAUSE = {"minutes": 3}


def heard(person: User) -> list[tuple[str, str]]:
    found = Notice.objects.filter(kind__in=KINDS_OF_TALK).inbox_of(person)
    mine = list(found.order_by("settled_at", "pk"))
    with translation.override(person.language), timezone.override(person.timezone):
        return [(one.kind, words.title) for one, words in zip(mine, letters.in_words(mine), strict=True)]


def nobody_else_hears(cast: Cast) -> None:
    for person in (cast.other_student, cast.assistant, cast.observer, cast.elsewhere_teacher, cast.editor, cast.admin):
        assert heard(person) == []


class TestCheckIn:
    def test_its_student_hears_and_answers_from_the_mail(self, cast: Cast, clock: time_machine.Traveller) -> None:
        one = make.asked(cast.cohort, cast.teacher, cast.student, source=f"{SECRET} & co?\nWell?")
        wait(clock, minutes=1)
        title = f"{cast.teacher} asks how you are getting on in “Bees and flowers”"
        assert heard(cast.student) == [("check_in", title)]
        nobody_else_hears(cast)
        [letter] = mails(cast.student)
        assert f"{SECRET} &amp; co?<br>Well?" in letter
        links = set(re.findall(r"/check-in/([^/?]+)/\?answer=([a-z+]+)", letter))
        assert {answer for _, answer in links} == {"on+track", "behind", "stuck", "word"}
        assert {checkins.read_token(token) for token, _ in links} == {one.pk}
        assert SECRET not in repr(list(Notice.objects.values()))

    def test_to_a_minor_the_mail_says_nothing_that_was_written(self, cast: Cast, clock: time_machine.Traveller) -> None:
        User.objects.filter(pk=cast.student.pk).update(minor=True)
        make.asked(cast.cohort, cast.teacher, cast.student, source=SECRET)
        wait(clock, minutes=1)
        [letter] = mails(cast.student)
        assert SECRET not in letter
        assert "/check-in/" in letter

    def test_what_waits_its_turn_is_not_told(self, cast: Cast, clock: time_machine.Traveller) -> None:
        checkins.set_checking(cast.cohort, cast.teacher, most_open=1, answer_days=2, now=timezone.now())
        make.check_in(cast.cohort, cast.teacher, cast.student, cast.other_student)
        wait(clock, minutes=1)
        assert len(heard(cast.student) + heard(cast.other_student)) == 1

    def test_answered_or_closed_before_it_is_told_it_is_no_news(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        one = make.asked(cast.cohort, cast.teacher, cast.student)
        checkins.answer(one, "on track", "")
        make.asked(cast.cohort, cast.assistant, cast.student)
        cohorts.set_state(make.enrolment(cast.cohort, cast.assistant), Enrolment.State.LEFT, by=cast.admin)
        wait(clock, minutes=1)
        assert heard(cast.student) == []

    def test_its_answer_is_told_to_the_teacher_and_settles_it(self, cast: Cast, clock: time_machine.Traveller) -> None:
        one = make.asked(cast.cohort, cast.teacher, cast.student)
        wait(clock, minutes=1)
        checkins.answer(one, "stuck", SECRET)
        wait(clock, **PAUSE)
        assert heard(cast.teacher) == [("check_in_answer", f"{cast.student} answered your check-in")]
        nobody_else_hears(cast)
        assert Notice.objects.get(person=cast.student, kind="check_in").read_at
        cast.student.mailbox.refresh_from_db()
        assert cast.student.mailbox.unread == recount(cast.student)
        assert SECRET not in repr(list(Notice.objects.values())) + "".join(mails(cast.teacher))


class TestTalk:
    def test_asked_for_a_word(self, cast: Cast, clock: time_machine.Traveller) -> None:
        make.word(cast.cohort, cast.student, cast.teacher, SECRET)
        wait(clock, **PAUSE)
        assert heard(cast.teacher) == [("asked_for_a_word", f"{cast.student} has written to you")]
        assert heard(cast.student) == []
        nobody_else_hears(cast)
        assert SECRET not in repr(list(Notice.objects.values())) + "".join(str(one.message()) for one in mail.outbox)

    def test_a_burst_is_told_once_and_an_answer_settles_it(self, cast: Cast, clock: time_machine.Traveller) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher)
        wait(clock, **PAUSE)
        for _ in range(3):
            make.reply(talk)
        wait(clock, **PAUSE)
        assert heard(cast.student) == [("message", f"{cast.teacher} has written to you")]
        assert Notice.objects.get(person=cast.teacher, kind="asked_for_a_word").read_at
        for _ in range(2):
            make.reply(talk, by=cast.student)
        wait(clock, **PAUSE)
        assert heard(cast.teacher)[-1] == ("message", f"{cast.student} has written to you")
        assert len(heard(cast.teacher)) == 2

    def test_what_each_wrote_within_a_moment_is_told_to_the_other_who_has_not_answered(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher)
        make.reply(talk)
        wait(clock, **PAUSE)
        assert heard(cast.teacher) == []
        assert [kind for kind, _ in heard(cast.student)] == ["message"]

    def test_a_minors_second_adult_is_told_nothing(self, cast: Cast, clock: time_machine.Traveller) -> None:
        User.objects.filter(pk=cast.student.pk).update(minor=True)
        Enrolment.objects.filter(user=cast.assistant).update(role="teacher")
        make.word(cast.cohort, cast.student, cast.teacher)
        wait(clock, **PAUSE)
        assert heard(cast.teacher)
        nobody_else_hears(cast)

    def test_hidden_it_leaves_the_inbox_and_shown_it_is_back(self, cast: Cast, clock: time_machine.Traveller) -> None:
        make.word(cast.cohort, cast.student, cast.teacher)
        wait(clock, **PAUSE)
        message = Message.objects.get()
        talks.hide(message, "It hurts.", by=cast.teacher)
        assert heard(cast.teacher) == []
        talks.show(message)
        assert len(heard(cast.teacher)) == 1

    def test_a_teacher_who_has_left_hears_no_more_and_finds_none(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher)
        wait(clock, **PAUSE)
        talks.say(talk, "Are you there?", make.sending(), by=cast.student)
        cohorts.set_state(make.enrolment(cast.cohort, cast.teacher), Enrolment.State.LEFT, by=cast.admin)
        wait(clock, **PAUSE)
        assert heard(cast.teacher) == []

    def test_a_name_that_was_erased_is_in_no_notice(self, cast: Cast, clock: time_machine.Traveller) -> None:
        User.objects.filter(pk=cast.teacher.pk).update(display_name="Quillon Zanzibarov")
        talk = make.word(cast.cohort, cast.student, User.objects.get(pk=cast.teacher.pk))
        make.reply(talk)
        make.asked(cast.cohort, User.objects.get(pk=cast.teacher.pk), cast.student)
        wait(clock, **PAUSE)
        assert "Zanzibarov" in repr(list(Notice.objects.filter(person=cast.student).values()))
        cast.teacher.delete()
        for kind in KINDS_OF_TALK:
            KINDS[kind].forget_the_erased()
        assert "Zanzibarov" not in repr(list(Notice.objects.values()))
        assert heard(cast.student) == [("message", "Someone who has left has written to you")]


def test_words_cost_no_query(cast: Cast, clock: time_machine.Traveller) -> None:
    make.asked(cast.cohort, cast.teacher, cast.student)
    make.word(cast.cohort, cast.student, cast.teacher)
    wait(clock, **PAUSE)
    found = list(Notice.objects.filter(kind__in=KINDS_OF_TALK))
    assert len(found) == 2
    connection.force_debug_cursor = True
    before = len(connection.queries_log)
    letters.in_words(found)
    assert len(connection.queries_log) == before


def test_a_suspended_student_hears_nothing(cast: Cast, clock: time_machine.Traveller) -> None:
    """Security case 15: whoever may not come in is told nothing as it is sent."""
    talk = make.word(cast.cohort, cast.student, cast.teacher)
    make.reply(talk, str(uuid4()))
    make.asked(cast.cohort, cast.teacher, cast.student)
    cohorts.set_state(cast.enrolment, Enrolment.State.SUSPENDED, by=cast.admin)
    clock.move_to(timezone.now() + timedelta(minutes=5))
    wait(clock, minutes=1)
    assert heard(cast.student) == []
    assert mails(cast.student) == []
