"""From the plan into inboxes: what is still worth telling is told, once, and what is not says why."""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from accounts.models import User
from notifications.kinds import DIGESTS, KINDS, Cadence, Rank, Reason
from notifications.models import Notice, Preference, usual_leads
from notifications.services import digests, hours
from notifications.services.hours import Hours

AT_A_TIME = 500
ONE_LEAD_WITHIN = timedelta(hours=20)
HELD_OUT_OF_TEN = 1
State = Notice.State

# Each row knows its own end: one statement settles a batch of any kinds.
SETTLE = """
UPDATE notifications_notice AS n
   SET state = s.state, reason = s.reason, settled_at = CASE WHEN s.state <> 'planned' THEN %(now)s END,
       not_before = s.not_before, "values" = s."values", in_inbox = s.in_inbox,
       mail_by = s.mail_by, mail_after = s.mail_after, mail_reason = s.mail_reason
  FROM unnest(%(id)s::bigint[], %(state)s::text[], %(reason)s::text[], %(not_before)s::timestamptz[],
              %(values)s::jsonb[], %(in_inbox)s::bool[], %(mail_by)s::text[], %(mail_after)s::timestamptz[],
              %(mail_reason)s::text[])
       AS s(id, state, reason, not_before, "values", in_inbox, mail_by, mail_after, mail_reason)
 WHERE n.id = s.id
"""
# In order of person, so that two statements never wait for each other's rows.
COUNT = """
INSERT INTO notifications_mailbox AS m (person_id, unread, leads)
SELECT person, more, %(leads)s::smallint[]
  FROM unnest(%(people)s::bigint[], %(more)s::int[]) AS t(person, more) ORDER BY person
    ON CONFLICT (person_id) DO UPDATE SET unread = greatest(m.unread + excluded.unread, 0)
"""


@dataclass
class Verdict:
    """What becomes of one planned notice."""

    notice: Notice
    state: str = State.TOLD
    reason: str = ""
    mail_by: str = ""
    mail_after: datetime | None = None
    mail_reason: str = ""
    # The digest that it would have waited for, were it not over by then.
    hurries_past: Cadence | None = None

    @property
    def open(self) -> bool:
        return self.state == State.TOLD

    def skip(self, reason: Reason) -> None:
        self.state, self.reason = State.SKIPPED, reason

    def put_off(self, until: datetime) -> None:
        self.state, self.notice.not_before = State.PLANNED, until


@transaction.atomic
def tell_some(now: datetime) -> int:
    """Settle the oldest planned notices whose time has come; how many those were."""
    due = list(Notice.objects.ready(now).select_for_update(skip_locked=True)[:AT_A_TIME])
    if not due:
        return 0
    verdicts = [Verdict(notice) for notice in due]
    people = {user.pk: user for user in User.everything.filter(pk__in={notice.person_id for notice in due})}
    clocks = hours.of(people, now)
    chosen = {
        (one.person_id, one.kind): one
        for one in Preference.objects.filter(person__in=people, kind__in={notice.kind for notice in due})
    }
    for verdict in verdicts:
        notice = verdict.notice
        _judge(
            verdict,
            people[notice.person_id],
            clocks[notice.person_id],
            chosen.get((notice.person_id, notice.kind)),
            now,
        )
    _skip_told_lately(verdicts, now)
    _skip_what_its_kind_withdraws(verdicts, now)
    _keep_the_last_lead(verdicts)
    _leave_out_what_a_digest_listed(verdicts, now)
    for verdict in verdicts:
        if verdict.open:
            _hold_out(verdict, people[verdict.notice.person_id])
    _settle(verdicts, now)
    return len(due)


def _judge(verdict: Verdict, person: User, clock: Hours, chosen: Preference | None, now: datetime) -> None:
    """What can be said without a further query: by the row, its reader and their clock."""
    notice, kind = verdict.notice, KINDS.get(verdict.notice.kind)
    if kind is None:
        return verdict.skip(Reason.UNKNOWN_KIND)
    if notice.not_after and notice.not_after <= now:
        return verdict.skip(Reason.EXPIRED)
    if not person.is_active or person.deleted_at:
        return verdict.skip(Reason.CLOSED_ACCOUNT)
    if kind.is_nudge and (clock.on_a_break or clock.snoozing):
        return verdict.skip(Reason.ON_A_BREAK)
    mail = Cadence(chosen.mail) if chosen else kind.usual_mail(minor=person.minor)
    notice.in_inbox = kind.in_inbox and (chosen is None or chosen.in_inbox or kind.stays_in_inbox)
    if mail is Cadence.NEVER and not notice.in_inbox:
        return verdict.skip(Reason.SWITCHED_OFF)
    if clock.decent > now and not kind.at_any_hour:
        if notice.not_after and clock.decent >= notice.not_after:
            return verdict.skip(Reason.QUIET_HOURS)
        return verdict.put_off(clock.decent)
    return _choose_mail(verdict, mail, kind.rank, person, clock)


def _choose_mail(verdict: Verdict, mail: Cadence, rank: Rank, person: User, clock: Hours) -> None:
    if mail is Cadence.NEVER:
        return
    if not person.can_be_mailed:
        verdict.mail_reason = Reason.NO_ADDRESS
    elif clock.on_a_break and rank is Rank.OTHER:
        verdict.mail_reason = Reason.ON_A_BREAK
    else:
        ends = verdict.notice.not_after
        # No date that is over before the next digest waits for it; a nudge may be missed.
        next_digest = clock.daily if mail is Cadence.DAILY else clock.weekly
        if rank is not Rank.OTHER and mail in DIGESTS and ends and ends <= next_digest:
            verdict.hurries_past, mail = mail, Cadence.NOW
        verdict.mail_by, verdict.mail_after = mail, clock.decent


def _skip_told_lately(verdicts: Sequence[Verdict], now: datetime) -> None:
    """A date that moves, or a reader who flies west, gives one lead two days of sending."""
    open_ones = [verdict for verdict in verdicts if verdict.open]
    told = Notice.objects.filter(
        person__in={one.notice.person_id for one in open_ones},
        kind__in={one.notice.kind for one in open_ones},
        subject__in={one.notice.subject for one in open_ones},
        state__in=[State.TOLD, State.HELD_OUT],
        settled_at__gt=now - ONE_LEAD_WITHIN,
    )
    lately = set(told.values_list("person", "kind", "subject", "lead"))
    for one in open_ones:
        if (one.notice.person_id, one.notice.kind, one.notice.subject, one.notice.lead) in lately:
            one.skip(Reason.TOLD_LATELY)


def _skip_what_its_kind_withdraws(verdicts: Sequence[Verdict], now: datetime) -> None:
    of_kind = defaultdict(list)
    for verdict in verdicts:
        if verdict.open:
            of_kind[verdict.notice.kind].append(verdict)
    for kind, some in of_kind.items():
        reasons = KINDS[kind].still_valid([one.notice for one in some], now)
        for one in some:
            if reason := reasons.get(one.notice.pk):
                one.skip(Reason(reason))


def _keep_the_last_lead(verdicts: Sequence[Verdict]) -> None:
    """Of several about one thing that would be told together, only the one that was planned last."""
    last: dict[tuple[int, str, int], Verdict] = {}
    for one in verdicts:
        if not one.open:
            continue
        key = (one.notice.person_id, one.notice.kind, one.notice.subject)
        earlier = last.get(key)
        if earlier is None:
            last[key] = one
        else:
            goes = max(earlier, one, key=lambda two: (two.notice.local_day, -two.notice.lead, two.notice.pk))
            (one if goes is earlier else earlier).skip(Reason.LATER_ONE)
            last[key] = goes


def _leave_out_what_a_digest_listed(verdicts: Sequence[Verdict], now: datetime) -> None:
    """What the last digest said is due before the next one needs no mail in between."""
    hurried = [verdict for verdict in verdicts if verdict.open and verdict.hurries_past]
    if not hurried:
        return
    listed = digests.listed({verdict.notice.person_id for verdict in hurried}, now)
    for one in verdicts:
        if one.open and (cadence := KINDS[one.notice.kind].takes_along):
            listed[one.notice.person_id, cadence] = digests.listed_in(one.notice.values)
    for verdict in hurried:
        notice, cadence = verdict.notice, verdict.hurries_past
        if cadence and (KINDS[notice.kind].about, notice.subject) in listed.get((notice.person_id, cadence), ()):
            verdict.mail_by, verdict.mail_after, verdict.mail_reason = "", None, Reason.IN_DIGEST


def _hold_out(verdict: Verdict, person: User) -> None:
    """A tenth of the nudges to adults is withheld, to learn whether nudges help; the same tenth at every attempt."""
    notice = verdict.notice
    if not KINDS[notice.kind].is_nudge or person.minor:
        return
    seed = f"{notice.kind} {notice.person_id} {notice.subject} {notice.local_day}"
    if random.Random(seed).randrange(10) < HELD_OUT_OF_TEN:  # noqa: S311  a fair draw, no secret
        verdict.state = State.HELD_OUT


def _settle(verdicts: Sequence[Verdict], now: datetime) -> None:
    columns: dict[str, list[Any]] = defaultdict(list)
    for one in verdicts:
        mailed = one.open
        for name, value in (
            ("id", one.notice.pk),
            ("state", str(one.state)),
            ("reason", str(one.reason)),
            ("not_before", one.notice.not_before),
            ("values", json.dumps(one.notice.values, cls=DjangoJSONEncoder)),
            ("in_inbox", one.notice.in_inbox),
            ("mail_by", str(one.mail_by) if mailed else ""),
            ("mail_after", one.mail_after if mailed else None),
            ("mail_reason", str(one.mail_reason) if mailed else ""),
        ):
            columns[name].append(value)
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {**columns, "now": now})
    count_unread(one.notice.person_id for one in verdicts if one.open and one.notice.in_inbox)


def count_unread(people: Iterable[int]) -> None:
    """One unread notice more for each time that a person is named; `reading.fewer_unread` is one less."""
    more = Counter(people)
    if more:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"people": [*more], "more": [*more.values()], "leads": usual_leads()})
