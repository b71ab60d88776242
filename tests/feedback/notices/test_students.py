"""What a student hears of their own work."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from courses.models import Activity, Enrolment
from courses.services import cohorts
from feedback.models import Feedback, Remark, Submission
from feedback.services import absences, handing_in, news, promises, releasing
from notifications.models import Notice
from tests.cast import Cast
from tests.courses.notices.days import wait
from tests.factories import feedback as make
from tests.feedback.notices.living import SETTLED, heard, kinds, mails, text, why_not

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


def remark(work: Submission, by: object) -> Remark:
    made = Remark.objects.create(submission=work, author=by, key=uuid4(), source="Why?", html="<p>Why?</p>")
    news.asked(made, by=by)
    return made


def test_feedback_is_told_at_once_and_its_mail_holds_no_mark_and_none_of_its_words(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said("Canary words.", good_enough=False))
    wait(clock, minutes=1)
    assert heard(cast.student) == [("feedback_released", "You have feedback on “Watch a bee”")]
    [sent] = mails(cast.student)
    assert "You have feedback on “Watch a bee”" in sent
    for secret in ("Canary", "Nine is many", "good enough", "not yet", "Closely"):
        assert secret not in sent
    for other in (cast.other_student, cast.observer, cast.teacher):
        assert "feedback_released" not in kinds(other)


def test_release_at_an_hour_is_told_when_the_hour_has_come(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    make.release(make.hand_in(cast.enrolment, step), cast.teacher, at=timezone.now() + timedelta(hours=2))
    wait(clock, hours=1)
    assert (heard(cast.student), mails(cast.student)) == ([], [])
    assert "feedback_released" not in {*Notice.objects.values_list("kind", flat=True)}
    clock.shift(timedelta(hours=1))
    releasing.settle_due(timezone.now())
    wait(clock, minutes=1)
    assert kinds(cast.student) == ["feedback_released"]


def test_feedback_that_was_read_before_is_not_told(cast: Cast, step: Activity, clock: time_machine.Traveller) -> None:
    make.release(make.hand_in(cast.enrolment, step), cast.teacher)
    Feedback.objects.update(read_at=timezone.now())
    wait(clock, minutes=1)
    assert (heard(cast.student), why_not(cast.student, "feedback_released")) == ([], ["read"])


@pytest.mark.parametrize("how", ["left", "hidden"])
def test_who_has_left_or_no_longer_sees_the_step_hears_nothing(
    cast: Cast, step: Activity, clock: time_machine.Traveller, how: str
) -> None:
    make.release(make.hand_in(cast.enrolment, step), cast.teacher)
    if how == "left":
        cohorts.set_state(cast.enrolment, Enrolment.State.LEFT, by=cast.admin)
    else:
        Activity.objects.filter(pk=step.pk).update(published=False)
    wait(clock, minutes=1)
    assert heard(cast.student) == []


def test_pause_is_told_with_its_reason_and_the_new_day(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    make.hand_in(cast.enrolment, step)
    absences.pause(
        cast.cohort,
        datetime(2026, 11, 6).date(),
        "I am ill.",
        activity=None,
        by=cast.teacher,
        now=timezone.now(),
    )
    wait(clock, **SETTLED)
    [(kind, title)] = heard(cast.student)
    assert kind == "feedback_moved"
    assert title.startswith("Feedback on “Watch a bee” is now promised by")
    assert text(cast.student).startswith("Marking is paused: “I am ill.” Until now it was promised by")
    assert "feedback_moved" not in kinds(cast.teacher)


def test_work_that_somebody_gets_who_is_away_is_told_with_its_new_day_and_so_is_another_who_is_not(
    cast: Cast, step: Activity, client: Client, clock: time_machine.Traveller
) -> None:
    absences.go_away(cast.teacher, datetime(2026, 11, 4).date(), datetime(2026, 11, 20).date())
    work = make.hand_in(cast.enrolment, step)
    client.force_login(cast.teacher)
    for to, why, shown in (
        (cast.teacher, "Your teacher is away.", "Your teacher is away:"),
        (
            cast.assistant,
            "Your work no longer waits for a teacher who is away.",
            "Your work no longer waits for a teacher",
        ),
    ):
        page = client.post(f"/marking/{work.pk}/give/", {"to": to.pk}, follow=True).text
        assert f"Given to {to}. Feedback is now promised by" in page
        wait(clock, **SETTLED)
        assert text(cast.student).startswith(f"{why} Until now it was promised by")
        client.force_login(cast.student)
        assert shown in client.get(f"/work/{work.pk}/").text
        client.force_login(cast.teacher)
    assert kinds(cast.student) == ["feedback_moved", "feedback_moved"]


def test_pause_that_is_ended_at_once_is_no_news(cast: Cast, step: Activity, clock: time_machine.Traveller) -> None:
    make.hand_in(cast.enrolment, step)
    made = absences.pause(
        cast.cohort, datetime(2026, 11, 6).date(), "Ill.", activity=None, by=cast.teacher, now=timezone.now()
    )
    absences.go_on(made, timezone.now())
    wait(clock, **SETTLED)
    assert heard(cast.student) == []


def test_broken_promise_is_told_to_its_student_with_the_new_day_and_to_those_who_mark(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    sent = make.hand_in(cast.enrolment, step)
    clock.move_to(sent.promised_at + timedelta(minutes=5))
    promises.break_due(timezone.now())
    wait(clock, minutes=1)
    sent.refresh_from_db()
    assert heard(cast.student)[0][0] == "feedback_broken"
    assert "is late. It is now promised by" in heard(cast.student)[0][1]
    assert text(cast.student).startswith("It was promised by")
    for marker in (cast.teacher, cast.assistant):
        assert ("feedback_broke", "Feedback on 1 piece of work is late: “Watch a bee”") in heard(marker)
    assert "feedback_broke" not in kinds(cast.observer) + kinds(cast.elsewhere_teacher) + kinds(cast.student)


def test_broken_promise_that_was_kept_meanwhile_is_not_told(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    sent = make.hand_in(cast.enrolment, step)
    clock.move_to(sent.promised_at + timedelta(minutes=5))
    promises.break_due(timezone.now())
    sent.refresh_from_db()
    make.release(sent, cast.teacher)
    wait(clock, minutes=1)
    assert kinds(cast.student) == ["feedback_released"]
    assert "feedback_broke" not in kinds(cast.teacher)


def test_question_goes_to_who_marked_it_and_the_answer_to_the_student(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    work = make.release(make.hand_in(cast.enrolment, step), cast.teacher)
    wait(clock, minutes=1)
    remark(work, cast.student)
    wait(clock, **SETTLED)
    assert ("feedback_question", "A student asks about feedback on “Watch a bee”") in heard(cast.teacher)
    assert "feedback_question" not in kinds(cast.assistant) + kinds(cast.observer) + kinds(cast.student)
    remark(work, cast.teacher)
    wait(clock, **SETTLED)
    assert heard(cast.student)[-1] == ("feedback_answer", "There is a reply about your feedback on “Watch a bee”")
    asked = Notice.objects.get(person=cast.teacher, kind="feedback_question")
    assert asked.read_at
    assert not any("Why?" in one for one in mails(cast.student) + mails(cast.teacher))


def test_question_that_was_answered_within_the_burst_is_told_to_its_student_alone(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    work = make.release(make.hand_in(cast.enrolment, step), cast.teacher)
    remark(work, cast.student)
    remark(work, cast.teacher)
    wait(clock, **SETTLED)
    assert kinds(cast.student) == ["feedback_released", "feedback_answer"]
    assert "feedback_question" not in kinds(cast.teacher)


def test_work_that_was_taken_back_leaves_the_inbox(cast: Cast, step: Activity, clock: time_machine.Traveller) -> None:
    sent = make.hand_in(cast.enrolment, step)
    clock.move_to(sent.promised_at + timedelta(minutes=5))
    promises.break_due(timezone.now())
    wait(clock, minutes=1)
    assert Notice.objects.inbox_of(cast.student).filter(kind="feedback_broken").exists()
    handing_in.take_back(sent, now=timezone.now())
    assert not Notice.objects.inbox_of(cast.student).filter(kind="feedback_broken").exists()
    assert not Notice.objects.inbox_of(cast.teacher).filter(kind__in=news.ALL).exists()


def test_what_is_read_on_the_page_is_read_in_the_inbox(
    cast: Cast, step: Activity, clock: time_machine.Traveller, client: Client
) -> None:
    sent = make.hand_in(cast.enrolment, step)
    clock.move_to(sent.promised_at + timedelta(minutes=5))
    promises.break_due(timezone.now())
    wait(clock, minutes=1)
    sent.refresh_from_db()
    make.release(sent, cast.teacher)
    wait(clock, minutes=1)
    mine = Notice.objects.filter(person=cast.student, kind__in=news.ALL, state="told")
    assert {one.kind: bool(one.read_at) for one in mine} == {"feedback_broken": True, "feedback_released": False}
    client.force_login(cast.student)
    assert client.get(f"/work/{sent.pk}/").status_code == 200
    assert not mine.filter(read_at=None).exists()


def test_erased_student_leaves_nothing(cast: Cast, step: Activity, clock: time_machine.Traveller) -> None:
    make.release(make.hand_in(cast.enrolment, step), cast.teacher)
    cast.student.delete()
    wait(clock, minutes=1)
    assert not Notice.objects.filter(kind="feedback_released").exists()
