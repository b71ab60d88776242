"""By when a teacher answers a student: as with feedback, in working days on which they are not away."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from courses.models import Cohort
from feedback.models import Checking, Conversation
from feedback.promises import Span, promised
from feedback.services import promises
from feedback.services.promises import Away


def promise(conversation: Conversation, since: datetime) -> datetime:
    """What is promised to a student who waits since then."""
    cohort = conversation.enrolment.cohort
    found = Checking.objects.filter(cohort=cohort, teacher=conversation.teacher_id).first()
    days = (found or Checking()).answer_days
    return _reckoned(since, days, conversation.teacher_id, promises.away_in(cohort))


def _reckoned(since: datetime, days: int, teacher: int | None, away: Away) -> datetime:
    off = [Span(day, day) for day in away.people.get(teacher or 0, ())]
    return promised(since, days, away.calendar, off)


def move(cohort: Cohort, teachers: Iterable[int] | None = None, now: datetime | None = None) -> int:
    """Reckon anew what is promised in a cohort, by all or some who teach it: days off, or of one who is away, have
    changed. What is late stays late; how many moved."""
    now = now or timezone.now()
    waiting = Conversation.objects.standing().filter(enrolment__cohort=cohort, promised_at__gt=now)
    if teachers is not None:
        waiting = waiting.filter(teacher__in=list(teachers))
    found = list(waiting.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not found:
        return 0
    set_days = dict(Checking.objects.filter(cohort=cohort).values_list("teacher", "answer_days"))
    away, moved = promises.away_in(cohort), []
    for one in found:
        assert one.waiting_since  # as the constraint has it
        days = set_days.get(one.teacher_id or 0, Checking().answer_days)
        # A day that has gone by since would be broken at once.
        becomes = _reckoned(one.waiting_since, days, one.teacher_id, away)
        becomes = becomes if becomes > now else _reckoned(now, 1, one.teacher_id, away)
        if becomes != one.promised_at:
            one.promised_at = becomes
            moved.append(one)
    Conversation.objects.bulk_update(moved, ["promised_at"], batch_size=200)
    return len(moved)
