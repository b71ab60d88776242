"""By when a teacher answers a student: as with feedback, in working days on which they are not away, and what follows
where such a promise has passed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courses.models import Cohort
from courses.services import calendars
from courses.working_days import Calendar
from feedback.models import Absence, Checking, Conversation
from feedback.promises import Span, promised, without
from feedback.querysets import ConversationQuerySet, still_teaches
from feedback.services import news

# The new promise, once one was broken: the end of the next working day of the teacher.
AFTER_A_BROKEN_ONE = 1
AT_ONCE = 500


def promise(
    conversation: Conversation, since: datetime, *, broken: datetime | None = None, now: datetime | None = None
) -> datetime:
    """What is promised to a student who waits since then, and to whom a promise was broken, if one was."""
    cohort, teacher = conversation.enrolment.cohort, conversation.teacher_id or 0
    found = Checking.objects.filter(cohort=cohort, teacher=teacher).first()
    days, calendar = (found or Checking()).answer_days, calendars.calendar_of(cohort)
    return _reckoned(since, broken, days, without(calendar, _away([teacher])[teacher]), now or timezone.now())


def _away(teachers: Collection[int]) -> Mapping[int, list[Span]]:
    """When each of them is away. Whoever marks in their place does not answer in their conversations."""
    found: dict[int, list[Span]] = defaultdict(list)
    for absence in Absence.objects.filter(person__in=teachers, cancelled_at=None):
        found[absence.person_id].append(Span(absence.first, absence.last))
    return found


def _reckoned(since: datetime, broken: datetime | None, days: int, calendar: Calendar, now: datetime) -> datetime:
    becomes = promised(broken, AFTER_A_BROKEN_ONE, calendar) if broken else promised(since, days, calendar)
    # A day that has gone by since would be broken at once.
    return becomes if becomes > now else promised(now, AFTER_A_BROKEN_ONE, calendar)


def move(cohort: Cohort, teachers: Iterable[int] | None = None, now: datetime | None = None) -> int:
    """Reckon anew what is promised in a cohort, by all or some who teach it: days off, or of one who is away, have
    changed. What has passed is left to be broken; how many moved."""
    now = now or timezone.now()
    waiting = Conversation.objects.standing().filter(enrolment__cohort=cohort, promised_at__gt=now)
    if teachers is not None:
        waiting = waiting.filter(teacher__in=list(teachers))
    found = list(waiting.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not found:
        return 0
    set_days = dict(Checking.objects.filter(cohort=cohort).values_list("teacher", "answer_days"))
    calendar, away = calendars.calendar_of(cohort), _away({one.teacher_id or 0 for one in found})
    moved = []
    for one in found:
        assert one.waiting_since  # as the constraint has it
        theirs = without(calendar, away[one.teacher_id or 0])
        days = set_days.get(one.teacher_id or 0, Checking().answer_days)
        becomes = _reckoned(one.waiting_since, one.broken_at, days, theirs, now)
        if becomes != one.promised_at:
            one.promised_at = becomes
            moved.append(one)
    Conversation.objects.bulk_update(moved, ["promised_at"], batch_size=200)
    return len(moved)


def break_due(now: datetime) -> int:
    """Say of every answer whose promise has passed that it is late, and promise another day; how many.

    Who has left waits for nothing, and nobody waits for a teacher who no longer teaches there.
    """
    late = Conversation.objects.standing().filter(promised_at__lt=now, enrolment__state="active")
    late = late.filter(still_teaches("teacher", "enrolment__cohort"))
    return sum(_break(late, key, now) for key in list(late.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _break(late: ConversationQuerySet, key: int, now: datetime) -> bool:
    locked = late.filter(pk=key).select_for_update(skip_locked=True, of=("self",), no_key=True)
    found = locked.select_related("enrolment__cohort").first()
    if found is None or found.waiting_since is None:
        return False
    found.broken_at = was = found.promised_at
    found.promised_at = promise(found, found.waiting_since, broken=was, now=now)
    found.save(update_fields=["broken_at", "promised_at"])
    news.answer_broken(found, was=was)
    return True
