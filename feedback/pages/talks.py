"""Conversations put into words and rows for a template. What people wrote stays plain text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from accounts.models import User
from feedback.access import Talk
from feedback.models import Asked, Conversation, Message


@dataclass(frozen=True)
class MessageRow:
    key: int
    author: str
    is_mine: bool
    at: datetime
    text: str
    # The check-in that it answers, who asked, and how.
    asked: str
    asked_by: str
    line: str
    pulse: str
    # Why it is hidden, and by whom; "" where it is not. Its text is then for those alone who may hide.
    hidden_why: str
    hidden_by: str
    is_hidden: bool


def name_of(person: User | None) -> str:
    return str(person) if person is not None and person.deleted_at is None else gettext("Someone who has left")


def rows(messages: Sequence[Message], talk: Talk) -> list[MessageRow]:
    return [_row(one, talk) for one in messages]


def _row(message: Message, talk: Talk) -> MessageRow:
    is_hidden, asked = message.hidden_at is not None, message.asked
    is_closed = is_hidden and not talk.may_hide
    return MessageRow(
        key=message.pk,
        author=name_of(message.author),
        is_mine=message.author_id == talk.viewer.pk,
        at=message.at,
        text="" if is_closed else message.text,
        asked=asked.text if asked else "",
        asked_by=_who_asked(talk) if asked else "",
        line=asked.line if asked else "",
        pulse=answer_of(asked) if asked else "",
        hidden_why=message.hidden_why,
        hidden_by=name_of(message.hidden_by) if is_hidden else "",
        is_hidden=is_hidden,
    )


def _who_asked(talk: Talk) -> str:
    """A check-in is answered in the conversation with whoever asked."""
    if talk.is_teacher:
        return gettext("You asked:")
    return gettext("%(teacher)s asked:") % {"teacher": name_of(talk.conversation.teacher)}


@dataclass(frozen=True)
class TalkRow:
    """A conversation in a list."""

    key: int
    title: str
    about: str
    latest_at: datetime
    promised_at: datetime | None
    broken_at: datetime | None
    # Whether the viewer is to answer, and whether it is one between others.
    is_mine_to_answer: bool
    is_of_others: bool
    is_unread: bool


def talk_rows(found: Sequence[Conversation], viewer: User) -> list[TalkRow]:
    return [_talk_row(one, viewer) for one in found]


def _talk_row(one: Conversation, viewer: User) -> TalkRow:
    is_student, is_teacher = one.enrolment.user_id == viewer.pk, one.teacher_id == viewer.pk
    title = name_of(one.teacher) if is_student else str(one.enrolment.user)
    if not is_student and not is_teacher:
        names = {"student": one.enrolment.user, "teacher": name_of(one.teacher)}
        title = gettext("%(student)s and %(teacher)s") % names
    about = one.enrolment.cohort.course.title if is_student else one.enrolment.cohort.name
    return TalkRow(
        one.pk,
        title,
        about,
        one.latest_at,
        one.promised_at,
        one.broken_at,
        is_teacher and one.waiting_since is not None,
        not is_student and not is_teacher,
        getattr(one, "is_unread", False),
    )


def title_of(talk: Talk) -> str:
    return _talk_row(talk.conversation, talk.viewer).title


def answer_of(asked: Asked) -> str:
    """In the words of the button that was pressed; "" while it was not answered."""
    return str(Asked.Pulse(asked.pulse).label) if asked.pulse else ""


@dataclass(frozen=True)
class AnswerRow:
    """What a student answered to a check-in once, as they look back at it."""

    key: int
    at: datetime | None
    teacher: str
    answer: str


def answer_rows(found: Sequence[Asked]) -> list[AnswerRow]:
    return [AnswerRow(one.pk, one.answered_at, name_of(one.check_in.author), answer_of(one)) for one in found]
