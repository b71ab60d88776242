"""Conversations of a student with one teacher: begun, written in, answered, and messages hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses.models import Enrolment
from drafts import services as drafts
from drafts.fields import Content, Stamp
from feedback.models import Asked, Conversation, Message, WorksAlone
from feedback.services import answering, news
from progress.services import contacts

MOST_MESSAGES, MOST_AN_HOUR = 2_000, 60
HOUR = timedelta(hours=1)
# What a conversation holds of the answer that its student waits for.
PROMISE = ("waiting_since", "promised_at", "broken_at")


class Refused(Exception):
    """Nothing has changed; its text says why."""


class Overtaken(Refused):
    """The other wrote something that the writer has not seen."""


@dataclass(frozen=True)
class Sending:
    """The draft that is sent, and what stands in it."""

    stamp: Stamp
    place: str
    typed: Content


@dataclass(frozen=True)
class Said:
    """`differs` where the key had come with other words before: those stand, and these are not said."""

    message: Message
    differs: bool = False


@transaction.atomic
def ask_for_a_word(
    enrolment: Enrolment, teacher: User, text: str, sending: Sending, *, now: datetime | None = None
) -> Said:
    """Begin the conversation of a student with a teacher of theirs, or go on with it. Raises Refused."""
    return _say(conversation_of(enrolment, teacher), text, sending, enrolment.user, now or timezone.now(), word=True)


@transaction.atomic
def say(
    conversation: Conversation,
    text: str,
    sending: Sending,
    *,
    by: User,
    seen: int | None = None,
    now: datetime | None = None,
) -> Said:
    """Write in a conversation, as one of its two; the key of the draft makes it one message, however often it comes.

    `seen` is the last message that the writer had before them. The caller has asked for the right. Raises Refused, and
    Overtaken.
    """
    return _say(conversation, text, sending, by, now or timezone.now(), seen=seen)


def conversation_of(enrolment: Enrolment, teacher: User) -> Conversation:
    """Of the two, as one row, whoever begins it first."""
    if enrolment.user_id == teacher.pk:
        raise Refused(gettext("This is your own account."))
    found, _ = Conversation.objects.get_or_create(enrolment=enrolment, teacher=teacher)
    return found


def _say(
    conversation: Conversation,
    text: str,
    sending: Sending,
    by: User,
    now: datetime,
    *,
    word: bool = False,
    seen: int | None = None,
) -> Said:
    held = _locked(conversation)
    known = Message.objects.filter(author=by, key=sending.stamp.key).first()
    if known is not None and (known.conversation_id, known.text) != (held.pk, text):
        return Said(known, differs=True)
    if known is None:
        _refuse_too_many(held, by, now)
        if seen is not None:
            _refuse_unseen(held, by, seen)
        known = _add(held, by, sending.stamp.key, text, now)
        if word:
            news.asked_for_a_word(known)
        else:
            news.wrote(known)
    drafts.sent(by, sending.place, sending.stamp, sending.typed)
    return Said(known)


def _locked(conversation: Conversation) -> Conversation:
    locked = Conversation.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("enrolment__cohort", "enrolment__user").get(pk=conversation.pk)


def _refuse_too_many(conversation: Conversation, by: User, now: datetime) -> None:
    if Message.objects.filter(author=by, at__gt=now - HOUR).count() >= MOST_AN_HOUR:
        raise Refused(gettext("You have written 60 messages in the past hour. Wait a while, then send this one."))
    if Message.objects.filter(conversation=conversation).count() >= MOST_MESSAGES:
        raise Refused(gettext("This conversation has 2,000 messages and can hold no more."))


def _refuse_unseen(conversation: Conversation, by: User, seen: int) -> None:
    by_other = by.pk != conversation.enrolment.user_id
    if Message.objects.filter(conversation=conversation, pk__gt=seen, by_student=by_other).exists():
        words = gettext("There is something new since you opened this page. Read it below, then send your message.")
        raise Overtaken(words)


def _add(
    conversation: Conversation, by: User, key: UUID, text: str, now: datetime, asked: Asked | None = None
) -> Message:
    by_student = by.pk == conversation.enrolment.user_id
    made = Message.objects.create(
        conversation=conversation, author=by, by_student=by_student, key=key, text=text, at=now, asked=asked
    )
    conversation.latest_at = now
    if not by_student:
        _wait_no_more(conversation)
        spoken = {conversation.enrolment.user_id: contacts.MESSAGE}
        contacts.push(conversation.enrolment.cohort_id, by.pk, spoken, subject=f"message {made.pk}", at=now)
    elif asked is None or waits_for_answer(asked):
        _wait(conversation, now)
    conversation.save(update_fields=["latest_at", *PROMISE])
    return made


def _wait(conversation: Conversation, now: datetime) -> None:
    """Who writes again while they wait is promised no other day."""
    if conversation.waiting_since is None and conversation.teacher_id is not None:
        conversation.waiting_since, conversation.promised_at = now, answering.promise(conversation, now, now=now)


def _wait_no_more(conversation: Conversation) -> None:
    if conversation.waiting_since is not None:
        conversation.waiting_since = conversation.promised_at = conversation.broken_at = None
        news.nothing_waits(conversation)


def waits_for_answer(asked: Asked) -> bool:
    """Who is on track and says no more has said all there is to say."""
    return asked.pulse != Asked.Pulse.ON_TRACK or bool(asked.said)


def add_answer(asked: Asked, key: UUID, now: datetime) -> Message:
    """The answer to a check-in, in the conversation with whoever asked; in the transaction that answers it."""
    author = asked.check_in.author
    assert author is not None  # as `AskedQuerySet.open` has it
    held = _locked(conversation_of(asked.enrolment, author))
    return _add(held, asked.enrolment.user, key, asked.said, now, asked)


def read(conversation: Conversation, by: User, messages: Sequence[Message]) -> None:
    """One of its two has these before them."""
    is_student = conversation.enrolment.user_id == by.pk
    if not is_student and conversation.teacher_id != by.pk:
        return
    name = "student_read" if is_student else "teacher_read"
    last = max((one.pk for one in messages if one.by_student != is_student), default=0)
    if getattr(conversation, name) < last:
        Conversation.objects.filter(pk=conversation.pk, **{f"{name}__lt": last}).update(**{name: last})


@transaction.atomic
def settle(conversation: Conversation, latest: int) -> bool:
    """Say that nothing waits for an answer; False where the student has written since message `latest`."""
    held = _locked(conversation)
    newer = Message.objects.filter(conversation=held, pk__gt=latest, by_student=True).exists()
    if newer or held.waiting_since is None:
        return False
    _wait_no_more(held)
    held.save(update_fields=PROMISE)
    return True


@transaction.atomic
def unsettle(conversation: Conversation, since: datetime, broken: datetime | None = None) -> bool:
    """It does wait for an answer, as before; False where somebody has written meanwhile."""
    held = _locked(conversation)
    last = Message.objects.filter(conversation=held).order_by("-at", "-pk").first()
    if held.waiting_since is not None or last is None or not last.by_student:
        return False
    held.waiting_since, held.broken_at = since, broken
    held.promised_at = answering.promise(held, since, broken=broken)
    held.save(update_fields=PROMISE)
    return True


@transaction.atomic
def hide(message: Message, why: str, *, by: User, now: datetime | None = None) -> bool:
    """Out of its people's sight, who read the reason; it stays where it is. False where it was hidden before.

    What is hidden waits for no answer.
    """
    held = _locked(message.conversation)
    standing = Message.objects.filter(pk=message.pk, hidden_at=None)
    if not standing.update(hidden_at=now or timezone.now(), hidden_by=by, hidden_why=why):
        return False
    if held.waiting_since is not None:
        shown = Message.objects.filter(conversation=held, by_student=True, hidden_at=None)
        if not shown.filter(at__gte=held.waiting_since).exists():
            _wait_no_more(held)
            held.save(update_fields=PROMISE)
    return True


@transaction.atomic
def show(message: Message, *, now: datetime | None = None) -> bool:
    """It waits for an answer from now on where its teacher has written none since."""
    held = _locked(message.conversation)
    hidden = Message.objects.filter(pk=message.pk, hidden_at__isnull=False)
    if not hidden.update(hidden_at=None, hidden_by=None, hidden_why=""):
        return False
    answered = Message.objects.filter(conversation=held, by_student=False, at__gte=message.at).exists()
    if message.by_student and not answered and (message.asked is None or waits_for_answer(message.asked)):
        _wait(held, now or timezone.now())
        held.save(update_fields=PROMISE)
    return True


@transaction.atomic
def work_alone(enrolment: Enrolment, alone: bool) -> None:
    if alone:
        WorksAlone.objects.get_or_create(enrolment=enrolment)
    else:
        WorksAlone.objects.filter(enrolment=enrolment).delete()
