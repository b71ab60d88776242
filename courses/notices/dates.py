"""That a date moved, for a cohort or for one student. Reminders of dates are `progress.reminders`."""

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.addresses import quick_url
from common.dates import at, moment
from courses.notices.statements import filled
from courses.services import news
from notifications.kinds import Cadence, Kind, Rank, Reason, Words, register
from notifications.models import Event, Notice
from notifications.services import planning

# Where nothing is to come that it would be about, it is no news after this.
LASTS = timedelta(days=7)

# Those of `happened` AS h who still have it to do, with the dates of now.
HEARD = """
SELECT heard.person_id, heard.subject, heard.context, again.lead, heard.local_day, heard."values",
       %(now)s::timestamptz AS not_before, coalesce(heard.ends, %(now)s + %(lasts)s) AS not_after
  FROM (SELECT DISTINCT ON (e.user_id, a.id) e.user_id AS person_id, a.id AS subject, e.id AS context,
               (%(now)s AT TIME ZONE u.timezone)::date AS local_day, {ends} AS ends,
               jsonb_build_object('title', a.title, 'course', o.title, 'module', m.title, 'due',
                   date_part('epoch', v.due_at), 'closes', date_part('epoch', v.closes_at), {more}) AS "values"
          FROM unnest(%(subjects)s::bigint[], %(contexts)s::bigint[], %(before)s::jsonb[])
               AS h(subject, context, before)
          JOIN courses_activity a ON a.id = h.subject
          JOIN courses_module m ON m.id = a.module_id
          JOIN courses_course o ON o.id = m.course_id
          JOIN courses_enrolment e ON {whose} AND e.role = 'student'
          JOIN accounts_user u ON u.id = e.user_id AND u.is_active
          LEFT JOIN courses_effective_due v ON v.enrolment_id = e.id AND v.activity_id = a.id
          {before}
         WHERE {active} AND {shown} AND NOT {through} AND {condition}
         ORDER BY e.user_id, a.id, e.id DESC
       ) AS heard {again}
"""
# The dates of before are made, of the row of before, by what makes those of now.
MOVED = {
    "{whose}": "e.cohort_id = h.context",
    "{before}": """LEFT JOIN courses_accommodation k ON k.enrolment_id = e.id
          LEFT JOIN courses_extension x ON x.enrolment_id = e.id AND x.activity_id = a.id
         CROSS JOIN LATERAL jsonb_populate_record(NULL::courses_duedate, h.before) AS d
         CROSS JOIN LATERAL courses_due_instants(
               e.started_on, d.zone, d.suggested_wall, d.cutoff_wall, d.suggested_days, d.cutoff_days, d.time_of_day,
               k.extra_days, x.agreed_wall, x.zone, x.by_student) AS w""",
    "{ends}": """CASE WHEN v.due_at > %(now)s THEN v.due_at
                      ELSE greatest(w.due_at, v.due_at, w.closes_at, v.closes_at) END""",
    "{more}": "'was', date_part('epoch', w.due_at), 'closed', date_part('epoch', w.closes_at)",
    "{condition}": """(w.due_at, w.closes_at) IS DISTINCT FROM (v.due_at, v.closes_at)
           AND greatest(w.due_at, v.due_at, w.closes_at, v.closes_at) > %(now)s""",
}
# Agreed by somebody else; or taken back after the student was told of a later date than they have now.
AGREED = {
    "{whose}": "e.id = h.context",
    "{before}": "LEFT JOIN courses_extension x ON x.enrolment_id = e.id AND x.activity_id = a.id",
    "{ends}": "v.due_at",
    "{more}": "'agreed', v.extended",
    "{condition}": """v.due_at > %(now)s AND x.agreed_wall IS DISTINCT FROM (h.before ->> 'agreed_wall')::timestamp
           AND CASE WHEN v.extended THEN NOT x.by_student
                    ELSE EXISTS (SELECT FROM notifications_notice t
                                  WHERE t.kind = %(kind)s AND t.person_id = e.user_id AND t.subject = a.id
                                    AND t.state = 'told'
                                    AND (t."values" ->> 'due')::float8 > date_part('epoch', v.due_at)) END""",
}
AS_THEY_ARE = """
SELECT DISTINCT t.enrolment_id, t.activity_id, {active}, {shown}, {through},
       date_part('epoch', v.due_at), date_part('epoch', v.closes_at), coalesce(v.extended, false)
  FROM unnest(%(enrolments)s::bigint[], %(activities)s::bigint[]) AS t(enrolment_id, activity_id)
  JOIN courses_enrolment e ON e.id = t.enrolment_id
  JOIN courses_activity a ON a.id = t.activity_id
  JOIN courses_module m ON m.id = a.module_id
  LEFT JOIN courses_effective_due v ON v.enrolment_id = e.id AND v.activity_id = a.id
"""


@dataclass(frozen=True)
class Now:
    """How things stand with one activity for one student."""

    active: bool
    shown: bool
    through: bool
    due: float | None
    closes: float | None
    extended: bool


def as_they_are(notices: Sequence[Notice]) -> dict[tuple[int, int], Now]:
    """By enrolment and activity."""
    given = {"enrolments": [one.context for one in notices], "activities": [one.subject for one in notices]}
    with connection.cursor() as cursor:
        cursor.execute(filled(AS_THEY_ARE), given)
        return {(enrolment, activity): Now(*rest) for enrolment, activity, *rest in cursor}


class Changed(Kind):
    """A word about a date that changed: its subject is the activity, its context the enrolment."""

    about = "activity"
    icon = "calendar"
    rank = Rank.DEADLINE
    # Whoever studies at night finds the inbox up to date; the mail waits for the morning.
    at_any_hour = True
    heard: Mapping[str, str]

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        before = [one.values["before"] for one in events]
        given = {
            "subjects": [one.subject for one in events],
            "contexts": [one.context for one in events],
            "before": [json.dumps(one) if one else None for one in before],
            "lasts": LASTS,
        }
        return planning.insert_few(self.name, filled(HEARD, self.heard), now, **given)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        """Told with the dates of that moment; a mail that waited is not sent where another word has come since."""
        found, reasons = as_they_are(notices), {}
        for notice in notices:
            standing = found.get((notice.context, notice.subject))
            if standing is None or not standing.active:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            elif not standing.shown:
                reasons[notice.pk] = Reason.GONE
            elif standing.through:
                reasons[notice.pk] = Reason.DONE
            elif notice.state == Notice.State.PLANNED:
                notice.values = {**notice.values, "due": standing.due, "closes": standing.closes}
                if self.is_no_news(notice.values, standing):
                    reasons[notice.pk] = Reason.NOTHING_TO_SAY
            elif (standing.due, standing.closes) != (notice.values["due"], notice.values["closes"]):
                reasons[notice.pk] = Reason.MOVED
        return reasons

    @abstractmethod
    def is_no_news(self, values: dict[str, Any], standing: Now) -> bool: ...

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return self._words(notices, gettext("It is part of “%(module)s”."))

    def in_full(self, notices: Sequence[Notice]) -> list[Words]:
        return self._words(notices, gettext("It is part of “%(module)s”, in “%(course)s”."))

    def _words(self, notices: Sequence[Notice], where: str) -> list[Words]:
        return [
            Words(
                self.title(notice.values),
                " ".join([*self.sentences(notice.values), where % notice.values]),
                quick_url("progress:lesson", notice.subject),
                gettext("Go to the lesson"),
            )
            for notice in notices
        ]

    @abstractmethod
    def title(self, values: dict[str, Any]) -> str: ...

    @abstractmethod
    def sentences(self, values: dict[str, Any]) -> list[str]: ...


def _at(seconds: float | None) -> str:
    return "" if seconds is None else at(moment(seconds))


class DateMoved(Changed):
    name = news.DATE_MOVED
    label = _("A date has changed")
    heading = _("Dates and reminders")
    explained = _("When your teacher sets, moves or removes the date of something you still have to do.")
    mail = Cadence.DAILY
    heard = MOVED

    def is_no_news(self, values: dict[str, Any], standing: Now) -> bool:
        return (values["was"], values["closed"]) == (standing.due, standing.closes)

    def title(self, values: dict[str, Any]) -> str:
        words = {"name": values["title"], "at": _at(values["due"]), "closes": _at(values["closes"])}
        if values["due"] is None:
            return gettext("“%(name)s” no longer has a date") % words
        if values["was"] is None:
            return gettext("“%(name)s” now has a date: due %(at)s") % words
        if values["due"] != values["was"]:
            return gettext("“%(name)s” is now due %(at)s") % words
        if values["closes"] is None:
            return gettext("“%(name)s” stays open after it is due") % words
        return gettext("“%(name)s” now closes %(closes)s") % words

    def sentences(self, values: dict[str, Any]) -> list[str]:
        words = {name: _at(values[name]) for name in ("due", "closes", "was", "closed")}
        said = []
        if values["due"] is None:
            said.append(gettext("It was due %(was)s. You can do it whenever you like.") % words)
        elif values["due"] != values["was"]:
            if values["was"] is not None:
                said.append(gettext("Until now it was due %(was)s.") % words)
            if values["closes"] not in (None, values["due"]):
                said.append(gettext("It closes %(closes)s.") % words)
        else:
            said.append(gettext("It is still due %(due)s.") % words)
            if values["closed"] is not None:
                said.append(gettext("Until now it closed %(closed)s.") % words)
        return said


class ExtensionAgreed(Changed):
    name = news.EXTENSION_AGREED
    label = _("A later date for you")
    heading = _("Dates and reminders")
    explained = _("When a teacher gives you more time for something, or takes that back.")
    mail = Cadence.NOW
    heard = AGREED

    def is_no_news(self, values: dict[str, Any], standing: Now) -> bool:
        return values["agreed"] != standing.extended

    def title(self, values: dict[str, Any]) -> str:
        words = {"name": values["title"], "at": _at(values["due"])}
        if values["agreed"]:
            return gettext("You have until %(at)s for “%(name)s”") % words
        return gettext("“%(name)s” is due %(at)s again") % words

    def sentences(self, values: dict[str, Any]) -> list[str]:
        if not values["agreed"]:
            return [gettext("The later date no longer applies. Ask your teacher if you did not expect this.")]
        said = [gettext("Your teacher has agreed this later date for you.")]
        if values["closes"] not in (None, values["due"]):
            said.append(gettext("It closes %(closes)s.") % {"closes": _at(values["closes"])})
        return said


register(DateMoved())
register(ExtensionAgreed())
