"""What happens to work that people should hear of: one row each, and `feedback.notices` finds out who and in which
words. Of feedback that is not released there is none."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from common.enqueue import wake
from feedback.models import Conversation, Message, Remark, Submission
from notifications.models import Notice
from notifications.services import events, revising

HANDED_IN, RELEASED = "feedback_handed_in", "feedback_released"
MOVED, BROKEN = "feedback_moved", "feedback_broken"
SOON, QUESTION = "feedback_soon", "feedback_question"
# What the same events are to others: to the marker of a broken promise, to the student who asked.
BROKE, ANSWER = "feedback_broke", "feedback_answer"
OF_STUDENT = (RELEASED, MOVED, BROKEN, ANSWER)
ALL = (HANDED_IN, RELEASED, MOVED, BROKEN, SOON, QUESTION, BROKE, ANSWER)

# Of check-ins and conversations: to the student, and to whoever teaches them.
CHECK_IN, MESSAGE = "check_in", "message"
CHECK_IN_ANSWER, WORD = "check_in_answer", "asked_for_a_word"
OF_TALK = (MESSAGE, CHECK_IN_ANSWER, WORD)
# Of the answer that a student waits for: to its teacher before it is late and then, and to the student when it is.
ANSWER_SOON, ANSWER_BROKE, ANSWER_LATE = "answer_soon", "answer_broke", "answer_late"
# What whoever opens a conversation has read by that.
LEAD_TO_TALK = (*OF_TALK, ANSWER_LATE)
# While somebody goes on typing.
PAUSE = timedelta(minutes=2)
# For what is told straight away, and wakes nobody by itself.
AT_ONCE = timedelta(microseconds=1)

# While somebody takes it back and sends it again.
SETTLES, AT_MOST = timedelta(minutes=5), timedelta(minutes=30)


def handed_in(submission: Submission) -> None:
    context = submission.enrolment.cohort_id
    events.record(HANDED_IN, submission.pk, context=context, quiet=SETTLES, at_most=AT_MOST)


def released(submission: Submission) -> None:
    events.record(RELEASED, submission.pk, context=submission.enrolment.cohort_id)


def moved(submission: Submission, *, was: datetime) -> None:
    """Its promise has another day, for a reason that is no fault of the marker's."""
    context, values = submission.enrolment.cohort_id, {"was": was}
    events.record(MOVED, submission.pk, context=context, values=values, quiet=SETTLES, at_most=AT_MOST)


def broken(submission: Submission) -> None:
    events.record(BROKEN, submission.pk, context=submission.enrolment.cohort_id)


def asked(remark: Remark, *, by: User) -> None:
    submission = remark.submission
    values = {"remark": remark.pk}
    events.record(
        QUESTION, submission.pk, context=submission.enrolment.cohort_id, actor=by, values=values, quiet=SETTLES
    )


def checked_in(asked: Sequence[int], cohort: int) -> None:
    """It is the turn of some students to answer. A worker is woken once for all of them."""
    for key in asked:
        events.record(CHECK_IN, key, context=cohort, quiet=AT_ONCE)
    if asked:
        wake("notifications.tasks.deliver")


def answered(message: Message) -> None:
    _said(CHECK_IN_ANSWER, message)


def asked_for_a_word(message: Message) -> None:
    _said(WORD, message)


def wrote(message: Message) -> None:
    _said(MESSAGE, message)


def _said(kind: str, message: Message) -> None:
    """Of a conversation, which is its subject; no word of a message is in an event or a notice."""
    conversation, values = message.conversation, {"message": message.pk}
    context = conversation.enrolment.cohort_id
    events.record(kind, conversation.pk, context=context, actor=message.author, values=values, quiet=PAUSE)


def answer_broken(conversation: Conversation, *, was: datetime) -> None:
    """A worker is woken once for all that are late at five o'clock."""
    context, values = conversation.enrolment.cohort_id, {"was": was}
    events.record(ANSWER_LATE, conversation.pk, context=context, values=values, quiet=AT_ONCE)


def nothing_waits(conversation: Conversation) -> None:
    """Its student waits for no answer any more: there is nothing left to do about what was told of that."""
    told = Notice.objects.filter(kind=ANSWER_LATE, subject=conversation.pk)
    cohort, teacher = conversation.enrolment.cohort_id, conversation.teacher_id
    waiting = Conversation.objects.filter(enrolment__cohort=cohort, teacher=teacher, waiting_since__isnull=False)
    if not waiting.exclude(pk=conversation.pk).exists():
        told |= Notice.objects.filter(kind__in=(ANSWER_SOON, ANSWER_BROKE), person=teacher, subject=cohort)
    revising.settle(told)
