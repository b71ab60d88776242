"""That a student has more days for all of their dates, or fewer than before."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.dates import at, moment
from courses.notices.statements import filled
from courses.services import news
from notifications.kinds import Cadence, Kind, Line, Rank, Reason, Section, Words, register
from notifications.models import Event, Notice
from notifications.services import planning

LASTS = timedelta(days=7)
MOST_DATES = 5

HEARD = """
SELECT heard.person_id, heard.subject, heard.context, again.lead, heard.local_day, heard."values",
       %(now)s::timestamptz AS not_before, %(now)s + %(lasts)s AS not_after
  FROM (SELECT e.user_id AS person_id, e.cohort_id AS subject, e.id AS context,
               (%(now)s AT TIME ZONE u.timezone)::date AS local_day,
               jsonb_build_object('course', o.title, 'was', h.was, 'days', coalesce(k.extra_days, 0),
                                  'dates', '[]'::jsonb) AS "values"
          FROM unnest(%(enrolments)s::bigint[], %(was)s::int[]) AS h(enrolment, was)
          JOIN courses_enrolment e ON e.id = h.enrolment AND {active} AND e.role = 'student'
          JOIN courses_cohort g ON g.id = e.cohort_id
          JOIN courses_course o ON o.id = g.course_id
          JOIN accounts_user u ON u.id = e.user_id AND u.is_active
          LEFT JOIN courses_accommodation k ON k.enrolment_id = e.id
         WHERE coalesce(k.extra_days, 0) <> h.was
       ) AS heard {again}
"""
# What that makes of the dates that are still to come: now, and with the days of before. A date that was agreed for one
# lesson may stay where it is.
DATES = """
SELECT t.enrolment, {active}, coalesce(k.extra_days, 0), coalesce(moved.dates, '[]')
  FROM unnest(%(enrolments)s::bigint[], %(was)s::int[]) AS t(enrolment, was)
  JOIN courses_enrolment e ON e.id = t.enrolment
  LEFT JOIN courses_accommodation k ON k.enrolment_id = e.id
 CROSS JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('id', a.id, 'title', a.title, 'due', date_part('epoch', v.due_at))
                        ORDER BY v.due_at, a.id) AS dates
         FROM courses_duedate d
         JOIN courses_activity a ON a.id = d.activity_id
         JOIN courses_module m ON m.id = a.module_id
         LEFT JOIN courses_extension x ON x.enrolment_id = e.id AND x.activity_id = a.id
        CROSS JOIN LATERAL courses_due_instants(
              e.started_on, d.zone, d.suggested_wall, d.cutoff_wall, d.suggested_days, d.cutoff_days, d.time_of_day,
              k.extra_days, x.agreed_wall, x.zone, x.by_student) AS v
        CROSS JOIN LATERAL courses_due_instants(
              e.started_on, d.zone, d.suggested_wall, d.cutoff_wall, d.suggested_days, d.cutoff_days, d.time_of_day,
              t.was, x.agreed_wall, x.zone, x.by_student) AS w
        WHERE d.cohort_id = e.cohort_id AND {shown} AND NOT {through}
          AND greatest(v.due_at, w.due_at) > %(now)s AND v.due_at <> w.due_at) AS moved
"""


class ExtraDays(Kind):
    """One for all of the dates: its subject is the cohort, its context the enrolment."""

    name = news.DAYS_CHANGED
    label = _("More days for you")
    heading = _("Dates and reminders")
    explained = _("When a teacher gives you more or fewer days for all of your dates.")
    icon = "calendar"
    rank = Rank.DEADLINE
    mail = Cadence.NOW
    about = "cohort"
    # As with other dates that change.
    at_any_hour = True

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        given = {
            "enrolments": [one.context for one in events],
            "was": [one.values["before"] for one in events],
            "lasts": LASTS,
        }
        return planning.insert_few(self.name, filled(HEARD), now, **given)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        found, reasons = _as_they_are(notices, now), {}
        for notice in notices:
            active, days, dates = found.get(notice.context, (False, 0, []))
            if not active:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            elif notice.state != Notice.State.PLANNED and days != notice.values["days"]:
                # The word that has come since says more.
                reasons[notice.pk] = Reason.MOVED
            elif not dates:
                reasons[notice.pk] = Reason.NOTHING_TO_SAY
            elif notice.state == Notice.State.PLANNED:
                notice.values = {**notice.values, "days": days, "dates": dates}
        return reasons

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [
            Words(
                _title(notice.values),
                gettext("Your teacher has agreed this with you. If you did not expect it, ask them."),
                reverse("progress:dates"),
                gettext("See all your dates"),
                sections=_sections(notice.values["dates"]),
            )
            for notice in notices
        ]


def _as_they_are(notices: Sequence[Notice], now: datetime) -> dict[int, tuple[bool, int, list[dict[str, Any]]]]:
    """By enrolment: whether it is active, its extra days, and the dates that these moved."""
    given = {"enrolments": [one.context for one in notices], "was": [one.values["was"] for one in notices], "now": now}
    with connection.cursor() as cursor:
        cursor.execute(filled(DATES), given)
        return {enrolment: (active, days, json.loads(dates)) for enrolment, active, days, dates in cursor}


def _title(values: Mapping[str, Any]) -> str:
    """How many days in all: who did not read the word before is not misled."""
    words = {"course": values["course"], "n": values["days"]}
    if not values["days"]:
        return gettext("Your dates in “%(course)s” have moved back: you have no extra days now") % words
    return (
        ngettext(
            "Your dates in “%(course)s” have moved: you have %(n)d extra day for each",
            "Your dates in “%(course)s” have moved: you have %(n)d extra days for each",
            values["days"],
        )
        % words
    )


def _sections(dates: Sequence[Mapping[str, Any]]) -> list[Section]:
    lines = [
        Line(
            gettext("“%(name)s”, due %(at)s") % {"name": one["title"], "at": at(moment(one["due"]))},
            reverse("progress:lesson", args=[one["id"]]),
        )
        for one in dates[:MOST_DATES]
    ]
    more = len(dates) - len(lines)
    left = ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more} if more else ""
    return [Section(gettext("Your dates now"), lines, left)] if lines else []


register(ExtraDays())
