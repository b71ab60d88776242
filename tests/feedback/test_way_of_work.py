"""A piece of work from handing in to the tick: whose turn it is, what is promised, and what a release brings."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from courses.models import Activity, DueDate, EffectiveDue, Extension
from drafts.fields import Stamp
from drafts.models import Draft
from feedback.models import Feedback, FeedbackChange, PromiseMove, Submission
from feedback.services import absences, handing_in, marking, promises, releasing
from feedback.services.handing_in import Work
from progress.models import Completion, Contact, Waiting, WorkStanding
from progress.outline import State
from progress.selectors import outlines
from tests.cast import Cast
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


def state(cast: Cast, step: Activity) -> str:
    return WorkStanding.objects.get(enrolment=cast.enrolment, activity=step).state


def step_of(cast: Cast, step: Activity) -> State:
    outline = outlines.of_one(cast.enrolment.pk, cast.course.pk)
    return next(one.state for one in outline.steps if one.id == step.pk)


def test_work_that_is_handed_in_is_with_the_teacher_by_a_promised_day(cast: Cast, step: Activity) -> None:
    assert state(cast, step) == "not yet due"
    sent = make.hand_in(cast.enrolment, step)
    assert (state(cast, step), step_of(cast, step)) == ("with the teacher", State.WAITING)
    assert sent.promised_at is not None
    waiting = Waiting.objects.get(enrolment=cast.enrolment, activity=step, ended_at=None)
    assert waiting.promised_at == sent.promised_at == sent.first_promised_at
    assert getattr(sent.rubric, "version", None) == 1


def test_pressed_twice_it_is_handed_in_once(cast: Cast, step: Activity) -> None:
    press = make.sending()
    now = timezone.now()
    first = handing_in.hand_in(cast.enrolment, step, Work("Nine flowers."), press, now=now)
    again = handing_in.hand_in(cast.enrolment, step, Work("Nine flowers."), press, now=now)
    other = handing_in.hand_in(cast.enrolment, step, Work("Ten flowers."), press, now=now)
    assert (first.made, again.made, other.made) == (True, False, False)
    assert (again.differs, other.differs) == (False, True)
    assert Submission.objects.count() == 1


def test_sent_again_it_takes_the_place_of_what_was_sent(cast: Cast, step: Activity) -> None:
    first = make.hand_in(cast.enrolment, step)
    make.feedback(first, cast.teacher)
    second = make.hand_in(cast.enrolment, step, "Ten flowers.")
    first.refresh_from_db()
    assert first.taken_back_at is not None
    assert (second.attempt, second.taken_back_at) == (1, None)
    assert Feedback.objects.get().submission == second


def test_taken_back_it_is_a_draft_again(cast: Cast, step: Activity) -> None:
    sent = make.hand_in(cast.enrolment, step)
    handing_in.take_back(sent, now=timezone.now())
    assert state(cast, step) == "not yet due"
    draft = Draft.objects.get(person=cast.student, place=handing_in.place_of(step.pk))
    assert draft.fields["source"] == "It flew to nine flowers."
    make.hand_in(cast.enrolment, step)
    assert state(cast, step) == "with the teacher"


def test_good_enough_ticks_and_says_what_it_was_made_of(cast: Cast, step: Activity) -> None:
    sent = make.release(make.hand_in(cast.enrolment, step), cast.teacher)
    tick = Completion.objects.get(enrolment=cast.enrolment, activity=step)
    assert (tick.how, tick.evidence) == ("enough", {"submission": sent.pk, "attempt": 1})
    assert (state(cast, step), step_of(cast, step)) == ("done", State.DONE)
    assert Contact.objects.get(person=cast.student).by == cast.teacher


def test_not_yet_gives_it_back_with_a_day_of_its_own(cast: Cast, step: Activity) -> None:
    wall = datetime(2026, 3, 1, 12)
    DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=wall)
    again = timezone.now().date() + timedelta(days=7)
    make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False, again_on=again))
    assert not Completion.objects.exists()
    assert (state(cast, step), step_of(cast, step)) == ("returned", State.RETURNED)
    assert EffectiveDue.objects.get(enrolment=cast.enrolment, activity=step).due_at > timezone.now()
    second = make.hand_in(cast.enrolment, step, "Nine, and a hive.")
    assert (second.attempt, state(cast, step)) == (2, "with the teacher")
    make.release(second, cast.teacher)
    assert state(cast, step) == "done"


def test_an_agreed_later_day_is_not_made_earlier_by_the_next_attempt(cast: Cast, step: Activity) -> None:
    DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=datetime(2026, 3, 1, 12))
    later = datetime(2031, 1, 1, 12)
    Extension.objects.create(
        enrolment=cast.enrolment, activity=step, agreed_wall=later, zone="UTC", granted_by=cast.teacher
    )
    make.release(
        make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False, again_on=date(2030, 1, 1))
    )
    assert Extension.objects.get().agreed_wall == later


def test_what_is_released_at_an_hour_follows_when_it_has_come(cast: Cast, step: Activity) -> None:
    sent, now = make.hand_in(cast.enrolment, step), timezone.now()
    hour = now + timedelta(hours=3)
    make.release(sent, cast.teacher, now=now, at=hour)
    assert not Submission.objects.released(now).exists()
    assert (state(cast, step), releasing.settle_due(now)) == ("with the teacher", 0)
    assert not Completion.objects.exists()
    assert releasing.settle_due(hour) == 1
    assert releasing.settle_due(hour) == 0
    assert state(cast, step) == "done"


def test_what_says_nothing_is_not_released(cast: Cast, step: Activity) -> None:
    sent = make.hand_in(cast.enrolment, step)
    with pytest.raises(marking.Refused, match="Say something first"):
        make.release(sent, cast.teacher, make.said("", marks={}))
    with pytest.raises(marking.Refused, match="good enough"):
        make.release(sent, cast.teacher, make.said(good_enough=None))


def test_a_correction_keeps_what_was_said_and_never_takes_the_tick(cast: Cast, step: Activity) -> None:
    sent = make.release(make.hand_in(cast.enrolment, step), cast.teacher)
    make.feedback(sent, cast.teacher, make.said("On a second look, not yet.", good_enough=False))
    releasing.corrected(sent)
    assert FeedbackChange.objects.order_by("pk").last().before["source"] == "Well seen."
    assert state(cast, step) == "done"


def test_two_markers_never_overwrite_each_other(cast: Cast, step: Activity) -> None:
    sent = make.hand_in(cast.enrolment, step)
    marking.save(sent, make.said("From the teacher."), revision=0, by=cast.teacher)
    late = marking.save(sent, make.said("From the assistant."), revision=0, by=cast.assistant)
    assert isinstance(late, marking.Stale)
    assert Feedback.objects.get().source == "From the teacher."
    same = marking.save(sent, make.said("From the teacher."), revision=0, by=cast.assistant)
    assert isinstance(same, Feedback)


def test_after_closing_nothing_is_taken_but_what_began_before(cast: Cast, step: Activity) -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    wall = datetime(2026, 3, 2, 11, 55)
    DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=wall, cutoff_wall=wall)
    with pytest.raises(handing_in.Refused, match="closed before"):
        make.hand_in(cast.enrolment, step, now=now)
    press = make.sending()
    handing_in.begin(cast.enrolment, step, press.stamp.key)
    handing_in.Beginning.objects.update(at=now - timedelta(minutes=9))
    sent = handing_in.hand_in(cast.enrolment, step, Work("Late line."), press, now=now).submission
    assert sent.counts_at == now - timedelta(minutes=9)
    late = handing_in.Sending(Stamp(press.stamp.key))
    with pytest.raises(handing_in.Refused):
        handing_in.take_back(sent, now=now)
    assert late.stamp.key == sent.key


def test_a_promise_that_passed_is_broken_once_and_names_another_day(cast: Cast, step: Activity) -> None:
    sent = make.hand_in(cast.enrolment, step)
    first = sent.promised_at
    assert promises.break_due(first - timedelta(minutes=1)) == 0
    after = first + timedelta(minutes=1)
    assert promises.break_due(after) == 1
    assert promises.break_due(after) == 0
    sent.refresh_from_db()
    move = PromiseMove.objects.get()
    assert (move.was, move.becomes, move.why) == (first, sent.promised_at, "broken")
    assert (sent.broken_at, sent.first_promised_at) == (first, first)
    assert sent.promised_at > after


def test_a_teacher_who_is_away_moves_what_only_they_can_mark(cast: Cast, step: Activity) -> None:
    sent = make.hand_in(cast.enrolment, step)
    first, day = sent.promised_at, sent.promised_at.date()
    absences.go_away(cast.teacher, day - timedelta(days=1), day + timedelta(days=14))
    sent.refresh_from_db()
    assert sent.promised_at == first  # the assistant is there
    marking.take(sent, by=cast.teacher)
    promises.move(cast.cohort, PromiseMove.Why.AWAY)
    sent.refresh_from_db()
    assert sent.promised_at.date() > day + timedelta(days=14)


def test_a_pause_moves_promises_with_its_reason_and_its_end_moves_them_back(cast: Cast, step: Activity) -> None:
    sent = make.hand_in(cast.enrolment, step)
    first, now = sent.promised_at, timezone.now()
    pause = absences.pause(
        cast.cohort, first.date() + timedelta(days=5), "I am ill.", activity=None, by=cast.teacher, now=now
    )
    sent.refresh_from_db()
    assert sent.promised_at > first + timedelta(days=5)
    assert PromiseMove.objects.get().words == "I am ill."
    absences.go_on(pause, now)
    sent.refresh_from_db()
    assert sent.promised_at == first
