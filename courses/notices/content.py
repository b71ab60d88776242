"""That a course has new lessons, or revised ones: a burst of work on it is one notice."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.notices.statements import filled
from courses.services import news
from notifications.kinds import Cadence, Kind, Reason, Words, register
from notifications.models import Event, Notice
from notifications.services import planning

# Longer than a weekly mail takes to come round.
LASTS = timedelta(days=30)
NAMED = 3

# Students who were there before, once their cohort has begun: until then the course is still being written.
HEARD = """
SELECT heard.person_id, heard.subject, heard.context, again.lead, heard.local_day, heard."values",
       %(now)s::timestamptz AS not_before, %(now)s + %(lasts)s AS not_after
  FROM (SELECT DISTINCT ON (e.user_id, o.id) e.user_id AS person_id, o.id AS subject, e.id AS context,
               (%(now)s AT TIME ZONE u.timezone)::date AS local_day,
               jsonb_build_object('course', o.title, 'since', h.since, 'until', %(now)s::timestamptz) AS "values"
          FROM unnest(%(courses)s::bigint[], %(since)s::timestamptz[]) AS h(course_id, since)
          JOIN courses_course o ON o.id = h.course_id AND o.deleted_at IS NULL
          JOIN courses_cohort g ON g.course_id = o.id AND g.starts_on <= (%(now)s AT TIME ZONE g.timezone)::date
          JOIN courses_enrolment e
                 ON e.cohort_id = g.id AND {active} AND e.role = 'student' AND e.state_changed_at < h.since
          JOIN accounts_user u ON u.id = e.user_id AND u.is_active
         WHERE EXISTS (SELECT FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
                        WHERE m.course_id = o.id AND {shown} AND greatest(a.published_at, a.revised_at) >= h.since)
         ORDER BY e.user_id, o.id, e.id DESC
       ) AS heard {again}
"""
# What is new and already done is no news.
AS_THEY_ARE = """
SELECT t.id, {active}, coalesce(f.fresh, 0), coalesce(f.changed, 0), f.titles, f.lesson
  FROM unnest(%(ids)s::bigint[], %(courses)s::bigint[], %(enrolments)s::bigint[], %(since)s::timestamptz[],
              %(until)s::timestamptz[]) AS t(id, course_id, enrolment_id, since, until)
  JOIN courses_enrolment e ON e.id = t.enrolment_id
  LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE a.published_at >= t.since) AS fresh,
              count(*) FILTER (WHERE a.published_at < t.since) AS changed,
              to_jsonb((array_agg(a.title ORDER BY m.position, a.position))[:%(named)s]) AS titles, min(a.id) AS lesson
         FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
        WHERE m.course_id = t.course_id AND {shown}
          AND (a.published_at BETWEEN t.since AND t.until AND NOT {through}
               OR a.published_at < t.since AND a.revised_at BETWEEN t.since AND t.until)) AS f ON true
"""


class ContentNew(Kind):
    """Its subject is the course, its context the enrolment."""

    name = news.CONTENT_NEW
    label = _("Something new in a course")
    explained = _("When lessons are added to a course of yours, or changed so that you should look again.")
    icon = "new"
    mail = Cadence.WEEKLY
    about = "course"
    at_any_hour = True

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        given = {"courses": [one.subject for one in events], "since": [one.values["since"] for one in events]}
        return planning.insert_few(self.name, filled(HEARD), now, lasts=LASTS, **given)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        given = {
            "ids": [one.pk for one in notices],
            "courses": [one.subject for one in notices],
            "enrolments": [one.context for one in notices],
            "since": [one.values["since"] for one in notices],
            "until": [one.values["until"] for one in notices],
            "named": NAMED,
        }
        with connection.cursor() as cursor:
            cursor.execute(filled(AS_THEY_ARE), given)
            found = {key: rest for key, *rest in cursor}
        reasons: dict[int, str] = {}
        for notice in notices:
            active, fresh, changed, titles, lesson = found.get(notice.pk, (False, 0, 0, None, None))
            if not active:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            elif not fresh + changed:
                reasons[notice.pk] = Reason.NOTHING_TO_SAY
            else:
                words = {"new": fresh, "changed": changed, "titles": json.loads(titles), "lesson": lesson}
                notice.values = {**notice.values, **words}
        return reasons

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [
            Words(_title(one.values), _text(one.values), _place(one), gettext("See what is new")) for one in notices
        ]


def _title(values: dict[str, Any]) -> str:
    words = {"course": values["course"], "changed": values["changed"], "n": values["new"]}
    if not values["new"]:
        said = ngettext(
            "%(changed)d lesson has changed in “%(course)s”",
            "%(changed)d lessons have changed in “%(course)s”",
            values["changed"],
        )
    elif values["changed"]:
        said = ngettext(
            "%(n)d new lesson in “%(course)s”, and %(changed)d changed",
            "%(n)d new lessons in “%(course)s”, and %(changed)d changed",
            values["new"],
        )
    else:
        said = ngettext("%(n)d new lesson in “%(course)s”", "%(n)d new lessons in “%(course)s”", values["new"])
    return said % words


def _text(values: dict[str, Any]) -> str:
    names = ", ".join(gettext("“%(title)s”") % {"title": title} for title in values["titles"])
    more = values["new"] + values["changed"] - len(values["titles"])
    if more:
        names = ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {"names": names, "n": more}
    return gettext("%(names)s. What you have done stays done.") % {"names": names}


def _place(notice: Notice) -> str:
    if notice.values["new"] + notice.values["changed"] == 1:
        return reverse("progress:lesson", args=[notice.values["lesson"]])
    return reverse("progress:course", args=[notice.subject])


register(ContentNew())
