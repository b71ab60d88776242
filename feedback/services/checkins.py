"""Check-ins: sent to students of a cohort, opened as many at a time as the teacher can answer, answered once each."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses.models import Cohort, Enrolment
from courses.services import calendars
from drafts import services as drafts
from feedback import segments
from feedback.models import Asked, CheckIn, Checking, RegularCheckIn
from feedback.querysets import still_teaches
from feedback.services import news, talks
from feedback.services.talks import Refused, Sending
from progress.selectors import outlines

# How long a student can answer, from when it was their turn.
LASTS = timedelta(days=14)
MOST_A_DAY, MOST_PEOPLE = 20, 500
DAY, WEEK = timedelta(days=1), timedelta(days=7)
SALT = "feedback.check-in"
FIRST_NAME, NEXT_STEP = "{first name}", "{next step}"
PLACES = re.compile(r"\{\s*(first name|next step)\s*\}", re.IGNORECASE)
AT_ONCE = 200
# By the clocks of the cohort: a regular check-in comes in the morning.
WHEN = 8


@dataclass(frozen=True)
class Wanted:
    """What a teacher asks, and whom: the keys of enrolments, with a line for some of them."""

    source: str
    segment: str
    people: Collection[int]
    lines: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """`again` where the same sending had come before: nobody is asked twice."""

    check_in: CheckIn
    again: bool = False


def merged(
    source: str, enrolments: Sequence[Enrolment], now: datetime, steps: Mapping[int, str] | None = None
) -> dict[int, str]:
    """By enrolment, the text as that student reads it; in one query at most. They are of one cohort.

    `steps` are their next ones, where they are known.
    """
    wanted = {found[1].lower() for found in PLACES.finditer(source)}
    if steps is None:
        steps = next_steps(enrolments, now) if "next step" in wanted else {}
    return {
        one.pk: _filled(source, {"first name": one.user.get_short_name(), "next step": _in_text(steps.get(one.pk, ""))})
        for one in enrolments
    }


def _in_text(step: str) -> str:
    return f"“{step}”" if step else gettext("your next lesson")


def _filled(source: str, values: Mapping[str, str]) -> str:
    """In one pass: a name that looks like a place of a text is a name."""
    return PLACES.sub(lambda found: values[found[1].lower()], source)


def next_steps(enrolments: Sequence[Enrolment], now: datetime) -> dict[int, str]:
    """By enrolment, the title of what is proposed to each; "" where nothing is. In one query."""
    pairs = [(one.pk, one.cohort.course_id) for one in enrolments]
    found = {}
    for one, outline in zip(enrolments, outlines.of_pairs(pairs), strict=True):
        step = outline.proposed(now.timestamp(), one.last_seen_at)
        found[one.pk] = step.title if step else ""
    return found


def people_of(cohort: Cohort, keys: Collection[int]) -> list[Enrolment]:
    """Those of `keys` who study in the cohort now, by name."""
    found = Enrolment.objects.active().students().filter(cohort=cohort, pk__in=keys)
    return list(found.select_related("user", "cohort").order_by("user__display_name", "user_id")[:MOST_PEOPLE])


@transaction.atomic
def send(cohort: Cohort, wanted: Wanted, sending: Sending, *, by: User, now: datetime | None = None) -> Sent:
    """Ask them, once, however often it comes with the key of its draft. Raises Refused."""
    now = now or timezone.now()
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    known = CheckIn.objects.filter(author=by, key=sending.stamp.key).first()
    if known is not None:
        return Sent(known, again=True)
    if CheckIn.objects.filter(author=by, sent_at__gt=now - DAY).count() >= MOST_A_DAY:
        raise Refused(gettext("You have sent 20 check-ins in the past day. Send more tomorrow."))
    made = _ask(cohort, wanted, sending.stamp.key, by, now)
    drafts.sent(by, sending.place, sending.stamp, sending.typed)
    return Sent(made)


def _ask(cohort: Cohort, wanted: Wanted, key: UUID, by: User, now: datetime) -> CheckIn:
    people = [one for one in people_of(cohort, wanted.people) if one.user_id != by.pk]
    if not people:
        raise Refused(gettext("Choose at least one student."))
    texts = merged(wanted.source, people, now)
    made = CheckIn.objects.create(
        cohort=cohort, author=by, key=key, source=wanted.source, segment=wanted.segment, sent_at=now
    )
    Asked.objects.bulk_create(
        Asked(check_in=made, enrolment=one, person=one.user, line=wanted.lines.get(one.pk, ""), text=texts[one.pk])
        for one in people
    )
    open_next(cohort, by.pk, now)
    return made


@transaction.atomic
def open_next(cohort: Cohort, teacher: int, now: datetime) -> int:
    """Let those whose turn it is have their check-in, as many as the teacher can answer; how many that were."""
    Checking.objects.get_or_create(cohort=cohort, teacher_id=teacher)
    # Two at once would each count the same room.
    checking = Checking.objects.select_for_update(no_key=True).get(cohort=cohort, teacher=teacher)
    theirs = Asked.objects.filter(check_in__cohort=cohort, check_in__author=teacher)
    room = checking.most_open - theirs.open(now).count()
    here = {"enrolment__cohort": cohort, "enrolment__state": "active", "enrolment__deleted_at": None}
    waiting = theirs.filter(opened_at=None, **here)
    keys = list(waiting.order_by("check_in", "pk").values_list("pk", flat=True)[: max(room, 0)])
    Asked.objects.filter(pk__in=keys).update(opened_at=now, expires_at=now + LASTS)
    news.checked_in(keys, cohort.pk)
    return len(keys)


def open_waiting(now: datetime) -> int:
    """Where check-ins have expired or people have left, it is the next one's turn; how many were opened."""
    waiting = Asked.objects.filter(opened_at=None, enrolment__state="active", enrolment__deleted_at=None)
    waiting = waiting.filter(still_teaches("check_in__author", "check_in__cohort"), check_in__cohort__deleted_at=None)
    pairs = waiting.order_by("check_in__cohort", "check_in__author").values_list("check_in__cohort", "check_in__author")
    found = list(pairs.distinct()[:AT_ONCE])
    cohorts = Cohort.objects.in_bulk({cohort for cohort, _ in found})
    return sum(open_next(cohorts[cohort], author, now) for cohort, author in found if author and cohort in cohorts)


@transaction.atomic
def answer(
    asked: Asked, pulse: str, said: str, *, sending: Sending | None = None, now: datetime | None = None
) -> bool | None:
    """The student's answer, as a message in the conversation with the teacher who asked.

    False where it was answered before, and None where it can be answered no more: then nothing has changed.
    """
    now = now or timezone.now()
    held = Asked.objects.select_for_update(of=("self",), no_key=True).get(pk=asked.pk)
    if held.answered_at is not None:
        return False
    related = ("check_in__author", "check_in__cohort", "enrolment__cohort", "enrolment__user")
    held = Asked.objects.open(now).select_related(*related).filter(pk=asked.pk).first()
    if held is None:
        return None
    held.pulse, held.said, held.answered_at = Asked.Pulse(pulse), said, now
    held.save(update_fields=["pulse", "said", "answered_at"])
    message = talks.add_answer(held, uuid4(), now)
    news.answered(message)
    if sending is not None:
        drafts.sent(held.enrolment.user, sending.place, sending.stamp, sending.typed)
    open_next(held.check_in.cohort, held.check_in.author_id, now)
    return True


def token_of(asked: int) -> str:
    """For the link in a mail: it names one check-in of one student and signs nobody in."""
    return signing.dumps(asked, salt=SALT)


def read_token(token: str) -> int:
    """Raises django.core.signing.BadSignature."""
    named = signing.loads(token, salt=SALT)
    if not isinstance(named, int):
        raise signing.BadSignature("It names no check-in.")
    return named


def checking_of(cohort: Cohort, teacher: User) -> Checking:
    """As it is set; the usual where nothing was."""
    return Checking.objects.filter(cohort=cohort, teacher=teacher).first() or Checking(cohort=cohort, teacher=teacher)


@transaction.atomic
def set_checking(cohort: Cohort, teacher: User, *, most_open: int, answer_days: int, now: datetime) -> int:
    """How many of the waiting check-ins were opened by it. What is promised already stays promised."""
    values = {"most_open": most_open, "answer_days": answer_days}
    Checking.objects.update_or_create(cohort=cohort, teacher=teacher, defaults=values)
    return open_next(cohort, teacher.pk, now)


@transaction.atomic
def repeat(
    cohort: Cohort, author: User, source: str, *, every_weeks: int, first: date, sending: Sending | None = None
) -> None:
    """Ask the whole cohort from that day on, every week or two, in the place of what was asked so before."""
    values = {"source": source, "every_weeks": every_weeks, "next_on": first}
    RegularCheckIn.objects.update_or_create(cohort=cohort, author=author, defaults=values)
    if sending is not None:
        drafts.sent(author, sending.place, sending.stamp, sending.typed)


def stop_repeating(cohort: Cohort, author: User) -> bool:
    return bool(RegularCheckIn.objects.filter(cohort=cohort, author=author).delete()[0])


def send_regular(now: datetime) -> int:
    """Those whose day has come by the calendar of their cohort; how many were sent. Each day's is sent once."""
    # The earliest zone is fourteen hours ahead.
    due = RegularCheckIn.objects.filter(next_on__lte=(now + DAY).date(), cohort__deleted_at=None)
    due = due.filter(still_teaches("author", "cohort"))
    return sum(_send_regular(key, now) for key in list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _send_regular(key: int, now: datetime) -> bool:
    locked = RegularCheckIn.objects.select_for_update(skip_locked=True, of=("self",)).select_related("cohort", "author")
    regular = locked.filter(pk=key).first()
    if regular is None:
        return False
    cohort, here = regular.cohort, now.astimezone(regular.cohort.timezone)
    today = here.date()
    is_over = cohort.ends_on is not None and today > cohort.ends_on
    if today < regular.next_on or here.hour < WHEN or is_over or not calendars.calendar_of(cohort).works_on(today):
        return False
    asked_of = Enrolment.objects.active().students().filter(cohort=cohort, works_alone=None)
    people = set(asked_of.values_list("pk", flat=True))
    sending_key = uuid5(NAMESPACE_OID, f"regular check-in {regular.pk} {regular.next_on}")
    while regular.next_on <= today:
        regular.next_on += WEEK * regular.every_weeks
    regular.save(update_fields=["next_on"])
    if not people:
        return False
    wanted = Wanted(regular.source, segments.EVERYONE, people)
    _ask(cohort, wanted, sending_key, regular.author, now)
    return True
