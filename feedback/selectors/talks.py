"""Conversations and check-ins as pages read them: by who may read them, and no others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import TruncWeek

from accounts.models import User
from courses.models import Cohort, Enrolment
from courses.permissions import CHECKING_IN
from feedback.models import Asked, CheckIn, Conversation, Message, RegularCheckIn, WorksAlone
from feedback.querysets import ConversationQuerySet

# Of a conversation, at a time.
SHOWN = 100
BY_ROLE = Case(When(role="teacher", then=0), default=1)


def conversations(viewer: User, *, waiting: bool = False) -> ConversationQuerySet:
    """All that `viewer` may read, the latest first; or those that wait for a word from them, what is promised first."""
    related = ("enrolment__user", "enrolment__cohort__course", "teacher")
    if waiting:
        held = Conversation.objects.held_by(viewer).filter(waiting_since__isnull=False).with_unread(viewer)
        return held.select_related(*related).order_by("promised_at", "pk")
    found = Conversation.objects.read_by(viewer).with_unread(viewer)
    return found.select_related(*related).order_by("-latest_at", "-pk")


def unread(viewer: User) -> int:
    """In how many conversations of their own somebody wrote to `viewer` what they have not read; in one query."""
    return Conversation.objects.unread_by(viewer).count()


MOST_COURSES = 50


def studied(viewer: User) -> list[Enrolment]:
    """In whose courses `viewer` can message a teacher, the latest first."""
    mine = Enrolment.objects.of(viewer).students().select_related("cohort__course")
    return list(mine.order_by("-pk")[:MOST_COURSES])


@dataclass(frozen=True)
class Part:
    """Some messages, the oldest first, and whether there are earlier ones."""

    messages: Sequence[Message]
    has_earlier: bool


def messages_of(conversation: Conversation, before: int | None = None) -> Part:
    """The last of them, or the last before a message; in one query."""
    found = Message.objects.filter(conversation=conversation)
    if before is not None:
        found = found.filter(pk__lt=before)
    listed = list(found.select_related("author", "hidden_by", "asked").order_by("-at", "-pk")[: SHOWN + 1])
    return Part(listed[:SHOWN][::-1], len(listed) > SHOWN)


@dataclass(frozen=True)
class Teacher:
    """Somebody whom a student can write to, with the conversation that the two have already."""

    user: User
    conversation: int | None


def teachers_of(student: Enrolment) -> list[Teacher]:
    """Those who teach the cohort first, then those who assist; in one query."""
    mine = Conversation.objects.filter(enrolment=student, teacher=OuterRef("user"))
    there = Enrolment.objects.active().filter(cohort=student.cohort_id, role__in=CHECKING_IN, user__is_active=True)
    there = there.filter(user__deleted_at=None).annotate(talk=Subquery(mine.values("pk")[:1]))
    found = there.select_related("user").order_by(BY_ROLE, "user__display_name", "user_id")
    return [Teacher(one.user, one.talk) for one in found]


def works_alone(enrolment: Enrolment) -> bool:
    return WorksAlone.objects.filter(enrolment=enrolment).exists()


def alone_among(enrolments: Sequence[int]) -> set[int]:
    return set(WorksAlone.objects.filter(enrolment__in=enrolments).values_list("enrolment", flat=True))


def to_answer(viewer: User) -> list[int]:
    """Check-ins that wait for an answer of `viewer`, the latest first; they came along with the account."""
    return getattr(viewer, "check_ins", None) or []


MOST_ANSWERS = 12


def answers_of(viewer: User) -> list[Asked]:
    """What `viewer` answered to check-ins, the latest first: for themselves alone."""
    mine = Asked.objects.of(viewer).filter(answered_at__isnull=False).select_related("check_in__author")
    return list(mine.order_by("-answered_at", "-pk")[:MOST_ANSWERS])


def answers_by_week(viewer: User, enrolment: Enrolment, since: datetime) -> dict[tuple[date, str], int]:
    """How often `viewer` gave which answer in a course: by the Monday, in the zone of `since`, and the pulse."""
    mine = Asked.objects.of(viewer).filter(enrolment=enrolment, answered_at__gte=since)
    by_week = mine.annotate(week=TruncWeek("answered_at", tzinfo=since.tzinfo)).values_list("week", "pulse")
    return {(week.date(), pulse): n for week, pulse, n in by_week.annotate(n=Count("pk")).order_by("week", "pulse")}


def can_be_answered(asked: Asked, now: datetime) -> bool:
    return Asked.objects.open(now).filter(pk=asked.pk).exists()


def sent(cohort: Cohort, by: User, now: datetime) -> Any:
    """What `by` asked there, the latest first, with how many were asked, have answered, can answer, and wait their
    turn."""
    is_open = Q(asked__opened_at__isnull=False, asked__answered_at=None, asked__expires_at__gt=now)
    counted = CheckIn.objects.filter(cohort=cohort, author=by).annotate(
        n=Count("asked"),
        answered=Count("asked", filter=Q(asked__answered_at__isnull=False)),
        open=Count("asked", filter=is_open),
        waiting=Count("asked", filter=Q(asked__opened_at=None)),
    )
    return counted.order_by("-sent_at", "-pk")


def asked_in(check_in: CheckIn) -> Any:
    """With their students and where each answer is read: who has not answered first, in each by name."""
    talks = Conversation.objects.filter(enrolment=OuterRef("enrolment"), teacher=check_in.author_id)
    found = Asked.objects.filter(check_in=check_in, enrolment__deleted_at=None).select_related("enrolment__user")
    found = found.annotate(talk=Subquery(talks.values("pk")[:1]))
    return found.order_by(Case(When(answered_at=None, then=0), default=1), "enrolment__user__display_name", "pk")


def waiting_for(teacher: User, cohort: Cohort) -> list[Conversation]:
    """Whose students wait for an answer of `teacher`, the oldest promise first."""
    mine = Conversation.objects.held_by(teacher).filter(enrolment__cohort=cohort, waiting_since__isnull=False)
    related = ("enrolment__user", "enrolment__cohort__course", "teacher")
    return list(mine.select_related(*related).order_by("promised_at", "pk"))


def regular_of(cohort: Cohort, author: User) -> RegularCheckIn | None:
    return RegularCheckIn.objects.filter(cohort=cohort, author=author).first()


@dataclass(frozen=True)
class Pulses:
    """How the check-ins of one sending were answered, by pulse."""

    sent_at: datetime
    counts: dict[str, int]


MOST_WEEKS = 12


def pulses_of(cohort: Cohort, teacher: User) -> list[Pulses]:
    """Of the last check-ins that were answered, the oldest first; in one query."""
    wanted = {f"p{number}": Count("asked", filter=Q(asked__pulse=pulse)) for number, pulse in enumerate(Asked.Pulse)}
    mine = CheckIn.objects.filter(cohort=cohort, author=teacher).annotate(**wanted)
    answered = Exists(Asked.objects.filter(check_in=OuterRef("pk"), answered_at__isnull=False))
    rows: list[Any] = list(mine.filter(answered).order_by("-sent_at", "-pk")[:MOST_WEEKS])
    return [
        Pulses(row.sent_at, {pulse: getattr(row, f"p{number}") for number, pulse in enumerate(Asked.Pulse)})
        for row in rows[::-1]
    ]
