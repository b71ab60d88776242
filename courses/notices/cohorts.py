"""That somebody came into a cohort, that it begins tomorrow, and that it ends in a week."""

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.dates import local
from common.templatetags.ui import minutes
from courses.notices.statements import filled
from courses.services import news
from notifications.kinds import Cadence, Group, Kind, Rank, Reason, Words, register
from notifications.models import USUAL_HOUR, Event, Notice
from notifications.services import planning
from notifications.services.hours import READER
from notifications.services.planning import HORIZON

LASTS = timedelta(days=7)

ADDED = """
SELECT e.user_id AS person_id, g.id AS subject, e.id AS context, 0 AS lead,
       (%(now)s AT TIME ZONE u.timezone)::date AS local_day,
       jsonb_build_object('course', o.title, 'course_id', o.id, 'cohort', g.name, 'role', e.role,
                          'day', g.starts_on, 'moved', e.id = ANY(%(moved)s::bigint[])) AS "values",
       %(now)s::timestamptz AS not_before, %(now)s + %(lasts)s AS not_after
  FROM (SELECT o.cohort_id, min(o.since) FROM unnest(%(cohorts)s::bigint[], %(since)s::timestamptz[])
               AS o(cohort_id, since) GROUP BY o.cohort_id) AS h(cohort_id, since)
  JOIN courses_cohort g ON g.id = h.cohort_id
  JOIN courses_course o ON o.id = g.course_id
  JOIN courses_enrolment e ON e.cohort_id = g.id AND {active} AND e.state_changed_at >= h.since
  JOIN accounts_user u ON u.id = e.user_id AND u.is_active
 WHERE e.state_changed_by_id <> e.user_id
"""
# Their own calendar of each reader counts the days: a first day has no hour and no zone. Who came in later was told of
# it then.
NEAR = """
SELECT e.user_id AS person_id, g.id AS subject, e.id AS context, 0 AS lead, at.day AS local_day,
       jsonb_build_object('course', o.title, 'course_id', o.id, 'cohort', g.name, 'day', {day}, {more}) AS "values",
       at.hour AS not_before, ({day} + 1)::timestamp AT TIME ZONE r.zone AS not_after
  FROM courses_cohort g
  JOIN courses_course o ON o.id = g.course_id
  JOIN courses_enrolment e ON e.cohort_id = g.id AND {active} AND e.role = 'student'
  JOIN {reader} AS r ON r.person_id = e.user_id AND r.is_active
 CROSS JOIN LATERAL (
       SELECT {day} - {ahead} AS day,
              notifications_at_hour({day} - {ahead}, %(usual)s, r.zone, r.quiet_from, r.quiet_hours) AS hour) AS at
 WHERE {which}
""".replace("{reader}", READER)
SOON = """
       {day} BETWEEN %(now)s::date - 2 AND %(until)s::date + 2 + {ahead} AND at.hour <= %(until)s
       AND ({day} + 1)::timestamp AT TIME ZONE r.zone > %(now)s AND e.state_changed_at < at.hour
"""
FIRST = """
       'first', (SELECT jsonb_build_object('title', a.title, 'minutes', a.minutes)
                   FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
                  WHERE m.course_id = o.id AND {shown} ORDER BY m.position, a.position LIMIT 1)
"""
LEFT = """
       'left', (SELECT jsonb_build_object('lessons', count(*), 'minutes', sum(a.minutes),
                                          'unknown', bool_or(a.minutes IS NULL))
                  FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
                 WHERE m.course_id = o.id AND {shown} AND a.required AND NOT {through})
"""


class AddedToCohort(Kind):
    """Its subject is the cohort, its context the enrolment."""

    name = news.ADDED
    label = _("You are added to a course")
    explained = _("When a teacher or an admin adds you to a cohort, or brings you back.")
    icon = "courses"
    group = Group.EVERYBODY
    mail = Cadence.NOW
    about = "cohort"
    at_any_hour = True

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        given = {"cohorts": [one.subject for one in events], "since": [one.values["since"] for one in events]}
        given["moved"] = [one.context for one in events if one.context]
        return planning.insert_few(self.name, filled(ADDED), now, lasts=LASTS, **given)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        found = _there("SELECT e.id FROM courses_enrolment e WHERE e.id = ANY(%(enrolments)s) AND {active}", notices)
        return {one.pk: Reason.NOT_ENROLLED for one in notices if one.context not in found}

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [
            Words(self._title(one.values), self._text(one), _course(one), gettext("Go to the course"))
            for one in notices
        ]

    def _title(self, values: dict[str, Any]) -> str:
        words = {"course": values["course"]}
        if values.get("moved"):
            return gettext("You are in another cohort of “%(course)s” now") % words
        match values["role"]:
            case "teacher":
                return gettext("You now teach “%(course)s”") % words
            case "assistant":
                return gettext("You now assist in “%(course)s”") % words
            case "observer":
                return gettext("You can now view “%(course)s”") % words
            case _:
                return gettext("You are now in the course “%(course)s”") % words

    def _text(self, notice: Notice) -> str:
        day, cohort = date.fromisoformat(notice.values["day"]), notice.values["cohort"]
        words = {"cohort": cohort, "day": date_format(day, "l j F")}
        if notice.values.get("moved"):
            said = gettext("You have moved to the cohort “%(cohort)s”.") % words
            if notice.values["role"] != "student":
                return said
            return f"{said} {gettext('Everything you have done moved with you. Your dates may have changed.')}"
        if day > notice.local_day:
            said = gettext("You have been added to the cohort “%(cohort)s”. It starts on %(day)s.") % words
            # No lesson is closed until then: it is the day on which the others begin.
            opens = gettext("Its lessons are open already, if you would like to look around.")
            return f"{said} {opens}" if notice.values["role"] == "student" else said
        if notice.values["role"] == "student":
            return gettext("You have been added to the cohort “%(cohort)s”. You can start straight away.") % words
        return gettext("You have been added to the cohort “%(cohort)s”.") % words


class CohortDay(Kind):
    """A first or a last day: its subject is the cohort, its context the enrolment."""

    about = "cohort"
    icon = "calendar"
    mail = Cadence.NOW
    day: str
    ahead: int
    # What the words also need; looked up as it is told, since planning asks every hour.
    more: str

    def plan(self, now: datetime) -> int:
        sql = self._statement(SOON, "'more', NULL")
        return planning.insert(self.name, sql, now, until=now + HORIZON, usual=USUAL_HOUR)

    def _statement(self, which: str, more: str) -> str:
        return filled(NEAR, {"{which}": which, "{more}": more, "{day}": self.day, "{ahead}": str(self.ahead)})

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        found, reasons = _there(self._statement("e.id = ANY(%(enrolments)s)", self.more), notices, at=2), {}
        for notice in notices:
            if notice.context not in found:
                reasons[notice.pk] = Reason.NOT_ENROLLED
                continue
            *_before, day, values, _not_before, not_after = found[notice.context]
            if day != notice.local_day:
                reasons[notice.pk] = Reason.MOVED
            else:
                notice.values, notice.not_after = json.loads(values), not_after
                if self.is_no_news(notice.values):
                    reasons[notice.pk] = Reason.NOTHING_TO_SAY
        return reasons

    def is_no_news(self, values: dict[str, Any]) -> bool:
        return False

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [Words(self._title(one), self._text(one), _course(one), gettext("Go to the course")) for one in notices]

    @abstractmethod
    def _title(self, notice: Notice) -> str: ...

    @abstractmethod
    def _text(self, notice: Notice) -> str: ...


class CohortOpens(CohortDay):
    name = "cohort_opens"
    label = _("A course starts")
    explained = _("The day before its first day.")
    day, ahead, more = "g.starts_on", 1, FIRST

    def _title(self, notice: Notice) -> str:
        words = {"course": notice.values["course"], "day": _day(notice)}
        if _days_until(notice) > 0:
            return gettext("“%(course)s” starts tomorrow, %(day)s") % words
        return gettext("“%(course)s” starts today, %(day)s") % words

    def _text(self, notice: Notice) -> str:
        first = notice.values.get("first")
        if not first:
            return gettext("You are in the cohort “%(cohort)s”.") % {"cohort": notice.values["cohort"]}
        if first["minutes"]:
            words = {"title": first["title"], "time": minutes(first["minutes"])}
            return gettext("It starts with “%(title)s”, which takes about %(time)s.") % words
        return gettext("It starts with “%(title)s”.") % {"title": first["title"]}


class CohortCloses(CohortDay):
    name = "cohort_closes"
    label = _("A course ends soon")
    explained = _("A week before its last day, if you have something left to do.")
    rank = Rank.DEADLINE
    day, ahead, more = "g.ends_on", 7, LEFT

    def is_no_news(self, values: dict[str, Any]) -> bool:
        return not values["left"]["lessons"]

    def _title(self, notice: Notice) -> str:
        days = _days_until(notice)
        words = {"course": notice.values["course"], "day": _day(notice), "n": days}
        if days <= 0:
            return gettext("“%(course)s” ends today, %(day)s") % words
        said = ngettext(
            "“%(course)s” ends in %(n)d day, on %(day)s", "“%(course)s” ends in %(n)d days, on %(day)s", days
        )
        return said % words

    def _text(self, notice: Notice) -> str:
        left = notice.values["left"]
        said = ngettext("You have %(n)d lesson left", "You have %(n)d lessons left", left["lessons"])
        said %= {"n": left["lessons"]}
        if left["minutes"]:
            at_least = gettext(", at least %(time)s") if left["unknown"] else gettext(", about %(time)s")
            said += at_least % {"time": minutes(left["minutes"])}
        return gettext("%(left)s. You can still read everything after that day.") % {"left": said}


def _there(statement: str, notices: Sequence[Notice], *, at: int = 0) -> dict[int, tuple[Any, ...]]:
    """The rows of `statement` for the enrolments of `notices`, by the enrolment in column `at`."""
    with connection.cursor() as cursor:
        cursor.execute(filled(statement), {"enrolments": [one.context for one in notices], "usual": USUAL_HOUR})
        return {row[at]: row for row in cursor}


def _day(notice: Notice) -> str:
    return date_format(date.fromisoformat(notice.values["day"]), "D j F")


def _days_until(notice: Notice) -> int:
    """As it was on the day on which it was told, wherever it is read."""
    told = local(notice.settled_at or notice.not_before).date()
    return (date.fromisoformat(notice.values["day"]) - told).days


def _course(notice: Notice) -> str:
    return reverse("progress:course", args=[notice.values["course_id"]])


for kind in (AddedToCohort(), CohortOpens(), CohortCloses()):
    register(kind)
