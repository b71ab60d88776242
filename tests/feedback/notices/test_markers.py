"""What those who mark hear of the work of their students."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Enrolment
from courses.services import cohorts
from feedback.models import Absence
from feedback.services import handing_in, marking, news, promises
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.services.reading import recount
from tests.cast import Cast
from tests.courses.notices.days import wait
from tests.factories import feedback as make
from tests.feedback.notices.living import SETTLED, heard, kinds, mails, text, told, why_not

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


def other(cast: Cast) -> Enrolment:
    return Enrolment.objects.get(user=cast.other_student, cohort=cast.cohort)


def of_kind(person: User, kind: str) -> list[str]:
    return [title for name, title in heard(person) if name == kind]


def test_work_of_a_burst_is_one_line_for_each_who_marks_and_waits_for_the_digest(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    make.hand_in(cast.enrolment, step)
    make.hand_in(other(cast), step)
    wait(clock, **SETTLED)
    for marker in (cast.teacher, cast.assistant):
        assert heard(marker) == [("feedback_handed_in", "2 pieces of work to mark: “Watch a bee”")]
        assert text(marker) == "Cohort: Morning group"
        assert not any("Watch a bee" in one for one in mails(marker))
        assert told(marker)[0].mail_by == "daily"
    for nobody in (cast.student, cast.observer, cast.elsewhere_teacher, cast.editor, cast.admin):
        assert heard(nobody) == []


def test_what_comes_later_is_taken_into_one_line(cast: Cast, step: Activity, clock: time_machine.Traveller) -> None:
    make.hand_in(cast.enrolment, step)
    wait(clock, **SETTLED)
    make.hand_in(other(cast), step)
    wait(clock, **SETTLED)
    assert heard(cast.teacher) == [("feedback_handed_in", "2 pieces of work to mark: “Watch a bee”")]
    cast.teacher.mailbox.refresh_from_db()
    assert cast.teacher.mailbox.unread == recount(cast.teacher)


def test_work_that_somebody_has_is_told_to_them_alone(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    sent = make.hand_in(cast.enrolment, step)
    marking.take(sent, by=cast.assistant)
    wait(clock, **SETTLED)
    assert kinds(cast.assistant) == ["feedback_handed_in"]
    assert heard(cast.teacher) == []


def test_work_of_a_marker_who_has_left_is_told_to_the_others(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    sent = make.hand_in(cast.enrolment, step)
    marking.take(sent, by=cast.assistant)
    left = Enrolment.objects.get(user=cast.assistant, cohort=cast.cohort)
    cohorts.set_state(left, Enrolment.State.LEFT, by=cast.admin)
    wait(clock, **SETTLED)
    assert kinds(cast.teacher) == []
    assert (kinds(cast.assistant), sent.pk) == ([], sent.pk)


def test_work_that_was_taken_back_or_marked_at_once_is_not_told(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    handing_in.take_back(make.hand_in(cast.enrolment, step), now=timezone.now())
    make.release(make.hand_in(other(cast), step), cast.teacher)
    wait(clock, **SETTLED)
    assert "feedback_handed_in" not in kinds(cast.teacher) + kinds(cast.assistant)


def test_what_was_marked_leaves_nothing_to_do(cast: Cast, step: Activity, clock: time_machine.Traveller) -> None:
    sent = make.hand_in(cast.enrolment, step)
    wait(clock, **SETTLED)
    make.release(sent, cast.teacher)
    wait(clock, minutes=1)
    assert told(cast.assistant)[0].read_at
    cast.assistant.mailbox.refresh_from_db()
    assert cast.assistant.mailbox.unread == recount(cast.assistant)


def test_nobody_is_named(cast: Cast, clock: time_machine.Traveller) -> None:
    step = make.assignment(cast.module, nameless=True)
    User.objects.filter(pk=cast.student.pk).update(display_name="Canary Bird")
    make.hand_in(cast.enrolment, step)
    wait(clock, **SETTLED)
    assert "Canary" not in repr(list(Notice.objects.filter(kind__in=news.ALL).values()))


def test_promise_about_to_break_is_told_half_a_working_day_before_to_who_can_keep_it(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    sent = make.hand_in(cast.enrolment, step)
    make.hand_in(other(cast), step)
    clock.move_to(sent.promised_at - timedelta(hours=4, minutes=5))
    wait(clock, minutes=1)
    assert of_kind(cast.teacher, "feedback_soon") == []
    wait(clock, minutes=5)
    for marker in (cast.teacher, cast.assistant):
        [title] = of_kind(marker, "feedback_soon")
        assert title.startswith("You promised feedback on 2 pieces of work by")
    assert "feedback_soon" not in kinds(cast.observer) + kinds(cast.elsewhere_teacher) + kinds(cast.student)
    wait(clock, hours=1)
    assert len(of_kind(cast.teacher, "feedback_soon")) == 1


def test_promise_that_was_kept_or_moved_is_not_about_to_break(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    sent = make.hand_in(cast.enrolment, step)
    clock.move_to(sent.promised_at - timedelta(hours=6))
    wait(clock, minutes=1)
    make.release(sent, cast.teacher)
    clock.move_to(sent.promised_at - timedelta(hours=3))
    wait(clock, minutes=1)
    assert of_kind(cast.teacher, "feedback_soon") == []
    assert why_not(cast.teacher, "feedback_soon") == ["done"]


def test_who_is_away_that_day_is_not_told_that_it_is_about_to_break(
    cast: Cast, step: Activity, clock: time_machine.Traveller
) -> None:
    sent = make.hand_in(cast.enrolment, step)
    day = sent.promised_at.date()
    Absence.objects.create(person=cast.assistant, first=day, last=day)
    clock.move_to(sent.promised_at - timedelta(hours=3))
    wait(clock, minutes=1)
    assert len(of_kind(cast.teacher, "feedback_soon")) == 1
    assert of_kind(cast.assistant, "feedback_soon") == []


def test_planning_again_writes_nothing(cast: Cast, step: Activity, clock: time_machine.Traveller) -> None:
    sent = make.hand_in(cast.enrolment, step)
    clock.move_to(sent.promised_at - timedelta(hours=6))
    kind = KINDS["feedback_soon"]
    assert [kind.plan(timezone.now()), kind.plan(timezone.now())] == [2, 0]


def test_broken_promises_of_a_step_are_one_line(cast: Cast, step: Activity, clock: time_machine.Traveller) -> None:
    sent = make.hand_in(cast.enrolment, step)
    make.hand_in(other(cast), step)
    clock.move_to(sent.promised_at + timedelta(minutes=5))
    assert promises.break_due(timezone.now()) == 2
    wait(clock, minutes=1)
    assert of_kind(cast.teacher, "feedback_broke") == ["Feedback on 2 pieces of work is late: “Watch a bee”"]
