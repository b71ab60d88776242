"""Digests: once a day or a week, what waited for it goes in one mail, with what is due before the next one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import OutgoingMail
from notifications.kinds import COMING, KINDS, Cadence, Rank
from notifications.models import USUAL_HOUR, Notice, Preference
from notifications.services import hours, planning
from notifications.services.hours import DIGEST_AFTER, READER

# What was told within the hour after a digest that was not needed by then makes one that is a little late.
GRACE = timedelta(hours=1)
# Planning comes every hour; what waits may be gone by the day after.
AHEAD = timedelta(hours=2)
MOST_LINES = 20
EVERY = {Cadence.DAILY: timedelta(days=1), Cadence.WEEKLY: timedelta(days=7)}

# For people who can be mailed and have something waiting, or who chose to hear of dates by digest alone: the digest of
# each of their days around now, at the usual hour. A weekly one goes on Mondays.
DIGESTS = """
SELECT w.person_id, 0 AS subject, 0 AS context, 0 AS lead, w.day AS local_day, '{}'::jsonb AS "values",
       w.at + %(after)s AS not_before,
       notifications_at_hour(w.day + %(days)s::int, %(usual)s, w.zone, w.quiet_from, w.quiet_hours) AS not_after
  FROM (SELECT r.*, waits.since, d.day,
               notifications_at_hour(d.day, %(usual)s, r.zone, r.quiet_from, r.quiet_hours) AS at
          FROM (SELECT person_id, min(since) AS since
                  FROM (SELECT person_id, settled_at AS since FROM notifications_notice
                         WHERE mail_by = %(cadence)s AND mail_by IN ('daily', 'weekly') AND mail_id IS NULL
                           AND state = 'told'
                         UNION ALL
                        SELECT person_id, changed_at FROM notifications_preference
                         WHERE kind = ANY(%(of_dates)s) AND mail = %(cadence)s) AS each_one
                 GROUP BY person_id) AS waits
          JOIN {reader} AS r ON r.person_id = waits.person_id AND r.can_be_mailed
         CROSS JOIN LATERAL (SELECT (%(now)s::timestamptz AT TIME ZONE r.zone)::date AS today) AS here
         CROSS JOIN generate_series(-%(days)s::int, %(days)s::int) AS n
         CROSS JOIN LATERAL (SELECT today + n AS day) AS d
         WHERE %(days)s = 1 OR extract(isodow FROM d.day) = 1) AS w
 WHERE w.since <= w.at + %(grace)s AND w.at + %(after)s <= %(until)s
   AND notifications_at_hour(w.day + %(days)s::int, %(usual)s, w.zone, w.quiet_from, w.quiet_hours) > %(now)s
""".replace("{reader}", READER)
TAKE_ALONG = """
UPDATE notifications_notice AS n SET mail_id = t.mail
  FROM unnest(%(people)s::bigint[], %(cadences)s::text[], %(mails)s::bigint[]) AS t(person, cadence, mail)
 WHERE n.person_id = t.person AND n.mail_by = t.cadence AND n.mail_by IN ('daily', 'weekly') AND n.mail_id IS NULL
   AND n.state = 'told'
"""


def plan(kind: str, cadence: Cadence, now: datetime) -> int:
    return planning.insert(
        kind,
        DIGESTS,
        now,
        cadence=str(cadence),
        of_dates=[name for name, one in KINDS.items() if one.rank is Rank.DEADLINE and not one.takes_along],
        days=EVERY[cadence].days,
        usual=USUAL_HOUR,
        after=DIGEST_AFTER,
        grace=GRACE,
        until=now + AHEAD,
    )


def fill(notices: Sequence[Notice], cadence: Cadence, now: datetime) -> list[Notice]:
    """Give each digest what is due before the next one; those that have nothing to say."""
    people = {notice.person_id for notice in notices}
    clocks = hours.of(people, now)
    until = {person: clock.daily if cadence is Cadence.DAILY else clock.weekly for person, clock in clocks.items()}
    coming = {about: source.find(until, now) for about, source in COMING.items()}
    waiting = Notice.objects.filter(person__in=people, mail_by=cadence, mail=None, state="told")
    has_some = set(waiting.values_list("person", flat=True))
    empty = []
    for notice in notices:
        listed = {about: found[notice.person_id] for about, found in coming.items() if found.get(notice.person_id)}
        notice.values = {
            "until": until[notice.person_id].timestamp(),
            "coming": {about: rows[:MOST_LINES] for about, rows in listed.items()},
            "more": sum(max(len(rows) - MOST_LINES, 0) for rows in listed.values()),
        }
        if not listed and notice.person_id not in has_some:
            empty.append(notice)
    return empty


def take_along(digests: Iterable[tuple[Notice, OutgoingMail]]) -> None:
    """What waited for these digests goes in their mails."""
    columns: dict[str, list[Any]] = {"people": [], "cadences": [], "mails": []}
    for notice, mail in digests:
        columns["people"].append(notice.person_id)
        columns["cadences"].append(str(KINDS[notice.kind].takes_along))
        columns["mails"].append(mail.pk)
    if columns["people"]:
        with connection.cursor() as cursor:
            cursor.execute(TAKE_ALONG, columns)


def listed(people: Iterable[int], now: datetime) -> dict[tuple[int, Cadence], set[tuple[str, int]]]:
    """By person and cadence, what their last digest said is due before the next one: what it is about, and its id."""
    of_cadence = {name: kind.takes_along for name, kind in KINDS.items() if kind.takes_along}
    sent = Notice.objects.filter(
        person__in=people,
        kind__in=of_cadence,
        state="told",
        settled_at__gt=now - max(EVERY.values()) - GRACE,
        mail__isnull=False,
    ).order_by("settled_at")
    found: dict[tuple[int, Cadence], set[tuple[str, int]]] = defaultdict(set)
    for person, kind, values in sent.values_list("person", "kind", "values"):
        found[person, of_cadence[kind]] = listed_in(values)
    return found


def listed_in(values: Mapping[str, Any]) -> set[tuple[str, int]]:
    return {(about, row["subject"]) for about, rows in values.get("coming", {}).items() for row in rows}


def kinds_of(person: int, cadence: Cadence) -> list[str]:
    """What somebody chose to hear of by this digest."""
    return list(Preference.objects.filter(person=person, mail=cadence).values_list("kind", flat=True))
