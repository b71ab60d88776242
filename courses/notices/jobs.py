"""That what somebody waits for is ready, or failed: recordings and imports. They are often still looking at the page
that says so, so none of it is mailed unless they choose that."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.models import CourseImport
from courses.notices.statements import filled
from courses.services import news
from notifications.kinds import Group, Kind, Reason, Words, register
from notifications.models import Event, Notice
from notifications.services import planning

LASTS = timedelta(days=7)

RECORDINGS = """
SELECT heard.person_id, heard.subject, 0::bigint AS context, again.lead, heard.local_day, heard."values",
       %(now)s::timestamptz AS not_before, %(now)s + %(lasts)s AS not_after
  FROM (SELECT u.id AS person_id, o.id AS subject, (%(now)s AT TIME ZONE u.timezone)::date AS local_day,
               jsonb_build_object('course', o.title, 'since', h.since, 'until', %(now)s::timestamptz) AS "values"
          FROM unnest(%(courses)s::bigint[], %(people)s::bigint[], %(since)s::timestamptz[])
               AS h(course_id, person_id, since)
          JOIN courses_course o ON o.id = h.course_id AND o.deleted_at IS NULL
          JOIN accounts_user u ON u.id = h.person_id AND u.is_active
       ) AS heard {again}
"""
# Where nothing could be made of one, it plays as it was sent.
PREPARED = """
SELECT t.id, count(*), count(*) FILTER (WHERE r.width IS NOT NULL AND r.poster_id IS NULL AND NOT EXISTS (
           SELECT FROM courses_recording s WHERE s.rendition_of_id = r.id)), min(a.title), min(a.id)
  FROM unnest(%(ids)s::bigint[], %(courses)s::bigint[], %(people)s::bigint[], %(since)s::timestamptz[],
              %(until)s::timestamptz[]) AS t(id, course_id, person_id, since, until)
  JOIN courses_recording r ON r.course_id = t.course_id AND r.prepared_at BETWEEN t.since AND t.until
  JOIN files_file f ON f.id = r.file_id AND f.uploaded_by_id = t.person_id
  JOIN courses_lecturecontent l ON l.recording_id = r.id
  JOIN courses_activity a ON a.id = l.activity_id AND a.deleted_at IS NULL
 GROUP BY t.id
"""
IMPORTS = """
SELECT u.id AS person_id, r.id AS subject, 0::bigint AS context, 0 AS lead,
       (%(now)s AT TIME ZONE u.timezone)::date AS local_day,
       jsonb_build_object('state', r.state, 'sentence', r.sentence, 'file', r.file_name,
                          'title', coalesce(o.title, '')) AS "values",
       %(now)s::timestamptz AS not_before, %(now)s + %(lasts)s AS not_after
  FROM courses_courseimport r
  JOIN accounts_user u ON u.id = r.requested_by_id AND u.is_active
  LEFT JOIN courses_course o ON o.id = r.course_id
 WHERE r.id = ANY(%(runs)s) AND r.finished_at IS NOT NULL
"""


class RecordingReady(Kind):
    """Its subject is the course; of all that one person brought in a burst."""

    name = news.RECORDING_READY
    label = _("A recording is ready")
    explained = _("When a recording that you uploaded is ready to watch.")
    icon = "lecture"
    group = Group.TEACHING
    about = "course"
    at_any_hour = True

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        given = {
            "courses": [one.subject for one in events],
            "people": [one.context for one in events],
            "since": [one.values["since"] for one in events],
        }
        return planning.insert_few(self.name, filled(RECORDINGS), now, lasts=LASTS, **given)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        given = {
            "ids": [one.pk for one in notices],
            "courses": [one.subject for one in notices],
            "people": [one.person_id for one in notices],
            "since": [one.values["since"] for one in notices],
            "until": [one.values["until"] for one in notices],
        }
        with connection.cursor() as cursor:
            cursor.execute(PREPARED, given)
            found = {key: rest for key, *rest in cursor}
        for notice in notices:
            if notice.pk in found:
                n, failed, title, lesson = found[notice.pk]
                notice.values = {**notice.values, "n": n, "failed": failed, "title": title, "lesson": lesson}
        return {one.pk: Reason.GONE for one in notices if one.pk not in found}

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [Words(self._title(one.values), self._text(one.values), *self._place(one)) for one in notices]

    def _title(self, values: dict[str, Any]) -> str:
        if values["n"] == 1:
            return gettext("The recording of “%(title)s” is ready") % values
        return gettext("%(n)d recordings are ready in “%(course)s”") % values

    def _text(self, values: dict[str, Any]) -> str:
        if not values["failed"]:
            return gettext("Students can watch it, or listen to the sound alone on a slow connection.")
        said = ngettext(
            "One plays as you sent it: we could not make a picture or a sound-only version of it.",
            "%(failed)d play as you sent them: we could not make pictures or sound-only versions of them.",
            values["failed"],
        )
        return said % values

    def _place(self, notice: Notice) -> tuple[str, str]:
        if notice.values["n"] == 1:
            return reverse("progress:lesson", args=[notice.values["lesson"]]), gettext("See the lesson")
        return reverse("progress:course", args=[notice.subject]), gettext("See the course")


class ImportFinished(Kind):
    """Its subject is the run."""

    name = news.IMPORT_FINISHED
    label = _("An import has finished")
    explained = _("When a course package that you uploaded has been imported, or could not be read.")
    icon = "box"
    group = Group.TEACHING
    about = "import"
    at_any_hour = True

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        return planning.insert_few(self.name, IMPORTS, now, lasts=LASTS, runs=[one.subject for one in events])

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        runs = CourseImport.objects.filter(pk__in=[one.subject for one in notices], state__in=["done", "failed"])
        found = set(runs.values_list("pk", flat=True))
        return {one.pk: Reason.GONE for one in notices if one.subject not in found}

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [
            Words(
                self._title(one.values),
                one.values["sentence"],
                reverse("edit:import", args=[one.subject]),
                gettext("Read the report"),
            )
            for one in notices
        ]

    def _title(self, values: dict[str, Any]) -> str:
        if values["state"] == CourseImport.State.DONE:
            return gettext("“%(title)s” has been imported") % values
        return gettext("“%(file)s” could not be imported") % values


register(RecordingReady())
register(ImportFinished())
