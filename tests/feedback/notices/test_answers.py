"""What is heard of an answer that a student was promised: before it is late, once it is, and by nobody who may not."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone, translation

from accounts.models import User
from courses.models import Enrolment
from courses.services import calendars, cohorts
from courses.services.calendars import Wanted
from feedback.models import Conversation, Message
from feedback.pages import owed
from feedback.services import absences, news, talks
from feedback.tasks import break_promises
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.services import letters
from notifications.services.reading import recount
from tests.cast import Cast
from tests.courses.notices.days import wait
from tests.factories import talks as make

pytestmark = pytest.mark.django_db
OURS = (news.ANSWER_SOON, news.ANSWER_BROKE, news.ANSWER_LATE)
SECRET = "xylocopa"
# The cast is at home in Berlin; a word on Tuesday morning is promised an answer by Thursday 17:00.
TUESDAY = datetime(2026, 11, 3, 9, tzinfo=UTC)
NEAR, PROMISED = datetime(2026, 11, 4, 16, tzinfo=UTC), datetime(2026, 11, 5, 16, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def tuesday(clock: time_machine.Traveller) -> None:
    clock.move_to(TUESDAY)


def heard(person: User) -> list[tuple[str, str]]:
    mine = list(Notice.objects.filter(kind__in=OURS).inbox_of(person).order_by("settled_at", "pk"))
    with translation.override(person.language), timezone.override("Europe/Berlin"):
        return [(one.kind, words.title) for one, words in zip(mine, letters.in_words(mine), strict=True)]


def why_not(person: User, kind: str) -> list[str]:
    return list(Notice.objects.filter(person=person, kind=kind, state="skipped").values_list("reason", flat=True))


def at(clock: time_machine.Traveller, moment: datetime) -> None:
    """What the worker does then."""
    clock.move_to(moment)
    break_promises()
    wait(clock, seconds=1)


def nobody_else_hears(cast: Cast) -> None:
    for person in (cast.other_student, cast.assistant, cast.observer, cast.elsewhere_teacher, cast.editor, cast.admin):
        assert heard(person) == []


def promises() -> list[datetime | None]:
    return list(Conversation.objects.order_by("pk").values_list("promised_at", flat=True))


class TestBefore:
    def test_the_teacher_hears_it_once_when_a_working_day_is_left(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        make.word(cast.cohort, cast.student, cast.teacher, SECRET)
        make.word(cast.cohort, cast.other_student, cast.teacher)
        assert promises() == [PROMISED, PROMISED]
        at(clock, NEAR - MINUTE)
        assert heard(cast.teacher) == []
        at(clock, NEAR)
        at(clock, NEAR + timedelta(hours=3))
        title = "You promised 2 students an answer by Thu 5 November, 17:00 (Berlin)"
        assert heard(cast.teacher) == [("answer_soon", title)]
        assert heard(cast.student) == []
        nobody_else_hears(cast)
        assert SECRET not in repr(list(Notice.objects.values()))

    def test_over_days_off_and_days_away_it_is_the_working_day_before_those(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        calendars.save(cast.cohort, Wanted((1, 2, 4, 5)))
        absences.go_away(cast.teacher, date(2026, 11, 6), date(2026, 11, 6))
        make.word(cast.cohort, cast.student, cast.teacher)
        assert promises() == [datetime(2026, 11, 9, 16, tzinfo=UTC)]
        at(clock, datetime(2026, 11, 5, 15, 59, tzinfo=UTC))
        assert heard(cast.teacher) == []
        at(clock, datetime(2026, 11, 5, 16, tzinfo=UTC))
        assert [kind for kind, _ in heard(cast.teacher)] == ["answer_soon"]

    def test_it_says_the_instant_that_the_list_of_who_needs_them_says(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        make.word(cast.cohort, cast.student, cast.teacher)
        for moment in (NEAR, PROMISED + MINUTE):
            at(clock, moment)
            reason = owed.talk_reasons(cast.teacher, cast.cohort, moment)[cast.student.pk]
            [last] = Notice.objects.filter(person=cast.teacher, kind__in=OURS).order_by("-pk")[:1]
            assert reason.owed_by is not None
            assert last.values["by"] == reason.owed_by.timestamp()
        assert "did not come as promised; it is now promised for" in reason.words

    @pytest.mark.parametrize("how", ["answered", "settled", "hidden"])
    def test_what_waits_no_more_is_not_told(self, cast: Cast, clock: time_machine.Traveller, how: str) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher)
        at(clock, NEAR - timedelta(hours=2))
        message = Message.objects.get()
        match how:
            case "answered":
                make.reply(talk)
            case "settled":
                assert talks.settle(talk, message.pk)
            case _:
                assert talks.hide(message, "It hurts.", by=cast.admin)
        at(clock, NEAR)
        assert heard(cast.teacher) == []
        assert why_not(cast.teacher, "answer_soon") == ["done"]
        at(clock, PROMISED + MINUTE)
        assert heard(cast.teacher) + heard(cast.student) == []

    @pytest.mark.parametrize("who", ["student", "teacher"])
    def test_nor_where_one_of_the_two_has_left(self, cast: Cast, clock: time_machine.Traveller, who: str) -> None:
        make.word(cast.cohort, cast.student, cast.teacher)
        at(clock, NEAR - timedelta(hours=2))
        gone = make.enrolment(cast.cohort, getattr(cast, who))
        cohorts.set_state(gone, Enrolment.State.LEFT, by=cast.admin)
        at(clock, NEAR)
        at(clock, PROMISED + MINUTE)
        assert heard(cast.teacher) + heard(cast.student) == []
        assert why_not(cast.teacher, "answer_soon") == ["done" if who == "student" else "not enrolled"]

    def test_nor_while_the_teacher_is_away_for_whom_somebody_else_marks(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        make.word(cast.cohort, cast.student, cast.teacher)
        at(clock, NEAR - timedelta(hours=2))
        absences.go_away(cast.teacher, date(2026, 11, 5), date(2026, 11, 8), substitute=cast.assistant)
        assert promises() == [datetime(2026, 11, 9, 16, tzinfo=UTC)]
        at(clock, NEAR + MINUTE)
        at(clock, PROMISED + MINUTE)
        assert heard(cast.student) + heard(cast.assistant) == []

    def test_an_answer_leaves_nothing_to_do(self, cast: Cast, clock: time_machine.Traveller) -> None:
        talk, other = (make.word(cast.cohort, one, cast.teacher) for one in (cast.student, cast.other_student))
        at(clock, NEAR)
        make.reply(talk)
        assert Notice.objects.get(person=cast.teacher, kind="answer_soon").read_at is None
        make.reply(other)
        assert Notice.objects.get(person=cast.teacher, kind="answer_soon").read_at
        cast.teacher.mailbox.refresh_from_db()
        assert cast.teacher.mailbox.unread == recount(cast.teacher)

    def test_planning_again_writes_nothing(self, cast: Cast, clock: time_machine.Traveller) -> None:
        make.word(cast.cohort, cast.student, cast.teacher)
        clock.move_to(NEAR - timedelta(hours=2))
        kind = KINDS["answer_soon"]
        assert [kind.plan(timezone.now()), kind.plan(timezone.now())] == [1, 0]


class TestLate:
    def test_the_student_hears_both_days_and_the_teacher_that_they_know(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        make.word(cast.cohort, cast.student, cast.teacher, SECRET)
        make.word(cast.cohort, cast.other_student, cast.teacher, SECRET)
        at(clock, PROMISED)
        assert heard(cast.student) == []
        at(clock, PROMISED + MINUTE)
        assert promises() == [PROMISED + DAY, PROMISED + DAY]
        by = "now promised by Fri 6 November, 17:00 (Berlin)"
        title = f"{cast.teacher}’s answer to you is late. It is {by}"
        for student in (cast.student, cast.other_student):
            assert heard(student) == [("answer_late", title)]
        assert heard(cast.teacher) == [("answer_broke", f"Your answers to 2 students are late. The first is {by}")]
        for person in (cast.assistant, cast.observer, cast.elsewhere_teacher, cast.editor, cast.admin):
            assert heard(person) == []
        [letter] = [one for one in mail.outbox if one.to == [cast.student.email] and one.subject == title]
        assert "It was promised by Thu 5 November, 17:00" in " ".join(str(letter.body).split())
        assert SECRET not in repr(list(Notice.objects.values())) + "".join(str(one.message()) for one in mail.outbox)

    def test_it_is_late_once_for_each_promise(self, cast: Cast, clock: time_machine.Traveller) -> None:
        make.word(cast.cohort, cast.student, cast.teacher)
        at(clock, PROMISED + MINUTE)
        at(clock, PROMISED + MINUTE * 6)
        assert len(heard(cast.student)) == 1
        at(clock, PROMISED + DAY + MINUTE)
        assert promises() == [datetime(2026, 11, 9, 16, tzinfo=UTC)]
        assert "Mon 9 November" in heard(cast.student)[-1][1]

    def test_an_answer_settles_it_for_both(self, cast: Cast, clock: time_machine.Traveller) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher)
        at(clock, PROMISED + MINUTE)
        make.reply(talk)
        found = Notice.objects.filter(kind__in=OURS, state="told")
        assert [one.read_at is not None for one in found] == [True, True]
        talk.refresh_from_db()
        assert (talk.waiting_since, talk.promised_at, talk.broken_at) == (None, None, None)

    def test_answered_before_it_is_told_it_is_no_news(self, cast: Cast, clock: time_machine.Traveller) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher)
        clock.move_to(PROMISED + MINUTE)
        break_promises()
        make.reply(talk)
        wait(clock, minutes=1)
        assert heard(cast.student) == []

    def test_taking_back_that_no_answer_is_needed_brings_back_that_it_was_late(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher)
        at(clock, PROMISED + MINUTE)
        before = Conversation.objects.values("waiting_since", "promised_at", "broken_at").get()
        talks.settle(talk, Message.objects.get().pk)
        talks.unsettle(talk, before["waiting_since"], before["broken_at"])
        assert Conversation.objects.values("waiting_since", "promised_at", "broken_at").get() == before

    def test_it_moves_with_the_teacher_and_the_student_is_told_of_the_day_as_it_is(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        make.word(cast.cohort, cast.student, cast.teacher)
        clock.move_to(PROMISED + MINUTE)
        break_promises()
        absences.go_away(cast.teacher, date(2026, 11, 6), date(2026, 11, 8))
        wait(clock, minutes=1)
        assert "Mon 9 November" in heard(cast.student)[-1][1]

    def test_it_leaves_the_inbox_of_who_has_left(self, cast: Cast, clock: time_machine.Traveller) -> None:
        make.word(cast.cohort, cast.student, cast.teacher)
        at(clock, PROMISED + MINUTE)
        cohorts.set_state(make.enrolment(cast.cohort, cast.teacher), Enrolment.State.LEFT, by=cast.admin)
        assert heard(cast.teacher) + heard(cast.student) == []

    def test_a_name_that_was_erased_is_in_no_notice(self, cast: Cast, clock: time_machine.Traveller) -> None:
        User.objects.filter(pk=cast.teacher.pk).update(display_name="Quillon Zanzibarov")
        make.word(cast.cohort, cast.student, User.objects.get(pk=cast.teacher.pk))
        at(clock, PROMISED + MINUTE)
        assert "Zanzibarov" in repr(list(Notice.objects.values()))
        cast.teacher.delete()
        KINDS["answer_late"].forget_the_erased()
        assert "Zanzibarov" not in repr(list(Notice.objects.values()))


def test_what_is_shown_again_waits_for_an_answer_again(cast: Cast, clock: time_machine.Traveller) -> None:
    make.word(cast.cohort, cast.student, cast.teacher)
    message = Message.objects.get()
    talks.hide(message, "It hurts.", by=cast.teacher)
    assert promises() == [None]
    talks.show(message)
    assert promises() == [PROMISED]
    make.reply(Conversation.objects.get())
    talks.hide(message, "It hurts.", by=cast.teacher)
    talks.show(message)
    assert promises() == [None]
