"""Who hears of what happens to work: statements over all the events of a kind at once."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from common.literals import Literal
from courses.permissions import MARKING
from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from feedback.models import Submission
from notifications.kinds import Reason
from notifications.models import Event, Notice
from notifications.services import planning, revising
from notifications.services.planning import AGAIN

# Longer than a weekly mail takes to come round.
LASTS = timedelta(days=14)
# A notice names so many pieces of work at the most; what follows is another one.
MOST_WORKS = 500
# Which of several about one step: told each time, whenever the last was.
LEADS = 32_000

# Who marks in the cohort of `w`: the one who has the work `s`, and everybody while nobody of the cohort has it.
MARKERS = """
  JOIN courses_enrolment e ON e.cohort_id = w.cohort_id AND {active} AND e.role = ANY(%(marking)s)
   AND (s.marker_id = e.user_id OR NOT EXISTS (
           SELECT FROM courses_enrolment k WHERE k.user_id = s.marker_id AND k.cohort_id = w.cohort_id
              AND k.state = 'active' AND k.deleted_at IS NULL AND k.role = ANY(%(marking)s)))
""".replace("{active}", ACTIVE_SQL)
# Of a step and a cohort one notice; what somebody has not read yet, and was not mailed, is taken into the new one.
TO_MARKERS = """
SELECT f.person_id, a.id AS subject, f.cohort_id AS context, f.lead,
       (%(now)s::timestamptz AT TIME ZONE u.timezone)::date AS local_day,
       jsonb_build_object('course', o.title, 'title', a.title, 'cohort', g.name,
                          'works', coalesce(before.works, '[]'::jsonb) || f.works) AS "values",
       %(now)s::timestamptz AS not_before, %(now)s::timestamptz + %(lasts)s::interval AS not_after
  FROM (SELECT e.user_id AS person_id, s.activity_id, w.cohort_id, -(max(h.event) %% %(leads)s::bigint)::int AS lead,
               jsonb_agg(DISTINCT s.id) AS works
          FROM unnest(%(events)s::bigint[], %(works)s::bigint[]) AS h(event, work_id)
          JOIN feedback_submission s ON s.id = h.work_id AND s.taken_back_at IS NULL
                                    AND (s.release_at IS NULL OR s.release_at > %(now)s)
          JOIN courses_enrolment w ON w.id = s.enrolment_id AND w.state = 'active' AND w.deleted_at IS NULL
          {markers}
         GROUP BY e.user_id, s.activity_id, w.cohort_id) AS f
  JOIN courses_activity a ON a.id = f.activity_id AND a.deleted_at IS NULL
  JOIN courses_cohort g ON g.id = f.cohort_id AND g.deleted_at IS NULL
  JOIN courses_course o ON o.id = g.course_id
  JOIN accounts_user u ON u.id = f.person_id AND u.is_active AND u.deleted_at IS NULL
  LEFT JOIN LATERAL (
       SELECT n."values" -> 'works' AS works FROM notifications_notice n
        WHERE n.kind = %(kind)s AND n.person_id = f.person_id AND n.subject = a.id AND n.context = f.cohort_id
          AND n.state IN ('planned', 'told') AND n.read_at IS NULL AND n.mail_id IS NULL
          AND jsonb_array_length(n."values" -> 'works') < %(most)s
        ORDER BY n.id DESC LIMIT 1) AS before ON true
""".replace("{markers}", MARKERS)
# To its student, of each piece of work; {more} are further values, {joins} what these need.
TO_STUDENT = """
SELECT heard.person_id, heard.subject, heard.context, again.lead, heard.local_day, heard."values",
       %(now)s::timestamptz AS not_before, %(now)s::timestamptz + %(lasts)s::interval AS not_after
  FROM (SELECT e.user_id AS person_id, s.id AS subject, e.cohort_id AS context,
               (%(now)s::timestamptz AT TIME ZONE u.timezone)::date AS local_day,
               jsonb_build_object('course', o.title, 'title', a.title, {more}) AS "values"
          FROM unnest(%(works)s::bigint[], %(given)s::jsonb[]) AS h(work_id, given)
          JOIN feedback_submission s ON s.id = h.work_id AND s.taken_back_at IS NULL
          JOIN courses_enrolment e ON e.id = s.enrolment_id AND {active}
          JOIN courses_activity a ON a.id = s.activity_id
          JOIN courses_module m ON m.id = a.module_id
          JOIN courses_course o ON o.id = m.course_id
          JOIN accounts_user u ON u.id = e.user_id AND u.is_active AND u.deleted_at IS NULL
          {joins}
         WHERE {shown} AND {condition}) AS heard {again}
"""
LAST_MOVE = """
  JOIN LATERAL (SELECT v.why, v.words, v.was FROM feedback_promisemove v
                 WHERE v.submission_id = s.id ORDER BY v.at DESC, v.id DESC LIMIT 1) AS moved ON true
"""
DAYS = "'becomes', date_part('epoch', s.promised_at)"
WAITS = "(s.release_at IS NULL OR s.release_at > %(now)s)"
RELEASED = {"{more}": "'id', s.id", "{joins}": "", "{condition}": "s.release_at <= %(now)s"}
MOVED = {
    "{more}": f"{DAYS}, 'was', date_part('epoch', (h.given ->> 'was')::timestamptz), 'why', moved.why, "
    "'words', moved.words",
    "{joins}": LAST_MOVE,
    "{condition}": f"{WAITS} AND moved.why <> 'broken' AND s.promised_at <> (h.given ->> 'was')::timestamptz",
}
BROKEN = {
    "{more}": f"{DAYS}, 'was', date_part('epoch', moved.was)",
    "{joins}": LAST_MOVE,
    "{condition}": f"{WAITS} AND moved.why = 'broken'",
}
# A burst of remarks is told by its first: of all since then, whose they are says who hears.
ANSWERED = {
    "{more}": "'id', s.id",
    "{joins}": "",
    "{condition}": """s.release_at <= %(now)s AND EXISTS (
            SELECT FROM feedback_remark r WHERE r.submission_id = s.id AND r.id >= (h.given ->> 'remark')::bigint
               AND r.author_id IS DISTINCT FROM e.user_id)""",
}
ASKED = """
SELECT heard.person_id, heard.subject, heard.context, again.lead, heard.local_day, heard."values",
       %(now)s::timestamptz AS not_before, %(now)s::timestamptz + %(lasts)s::interval AS not_after
  FROM (SELECT e.user_id AS person_id, s.id AS subject, w.cohort_id AS context,
               (%(now)s::timestamptz AT TIME ZONE u.timezone)::date AS local_day,
               jsonb_build_object('course', o.title, 'title', a.title, 'cohort', g.name) AS "values"
          FROM unnest(%(works)s::bigint[], %(given)s::jsonb[]) AS h(work_id, given)
          JOIN feedback_submission s ON s.id = h.work_id AND s.taken_back_at IS NULL AND s.release_at <= %(now)s
          JOIN courses_enrolment w ON w.id = s.enrolment_id AND w.state = 'active' AND w.deleted_at IS NULL
          JOIN courses_activity a ON a.id = s.activity_id AND a.deleted_at IS NULL
          JOIN courses_cohort g ON g.id = w.cohort_id AND g.deleted_at IS NULL
          JOIN courses_course o ON o.id = g.course_id
          {markers}
          JOIN accounts_user u ON u.id = e.user_id AND u.is_active AND u.deleted_at IS NULL
         WHERE EXISTS (SELECT FROM feedback_remark r
                        WHERE r.submission_id = s.id AND r.id >= (h.given ->> 'remark')::bigint
                          AND r.author_id = w.user_id)) AS heard {again}
""".replace("{markers}", MARKERS).replace("{again}", AGAIN)
# Promises end at 17:00 by the clocks of the cohort. Whoever is away that day can do nothing about it.
SOON = """
SELECT e.user_id AS person_id, g.id AS subject, g.id AS context, 0 AS lead, at.day AS local_day,
       jsonb_build_object('course', min(o.title), 'cohort', min(g.name), 'n', count(*),
                          'by', date_part('epoch', min(s.promised_at))) AS "values",
       min(s.promised_at) - %(before)s::interval AS not_before, min(s.promised_at) AS not_after
  FROM feedback_submission s
  JOIN courses_enrolment w ON w.id = s.enrolment_id AND w.state = 'active' AND w.deleted_at IS NULL
  JOIN courses_activity a ON a.id = s.activity_id AND a.deleted_at IS NULL
  JOIN courses_cohort g ON g.id = w.cohort_id AND g.deleted_at IS NULL
  JOIN courses_course o ON o.id = g.course_id
  {markers}
  JOIN accounts_user u ON u.id = e.user_id AND u.is_active AND u.deleted_at IS NULL
 CROSS JOIN LATERAL (
       SELECT ((s.promised_at - %(before)s::interval) AT TIME ZONE u.timezone)::date AS day,
              (s.promised_at AT TIME ZONE g.timezone)::date AS theirs) AS at
 WHERE s.taken_back_at IS NULL AND s.release_at IS NULL
   AND s.promised_at > %(now)s AND s.promised_at <= %(until)s::timestamptz + %(before)s::interval
   AND NOT EXISTS (SELECT FROM feedback_absence b WHERE b.person_id = e.user_id AND b.cancelled_at IS NULL
                      AND at.theirs BETWEEN b.first AND b.last)
 GROUP BY e.user_id, g.id, at.day
""".replace("{markers}", MARKERS)


def to_student(kind: str, parts: dict[str, str], events: Sequence[Event], now: datetime) -> int:
    select = TO_STUDENT
    for name, sql in {**parts, "{active}": ACTIVE_SQL, "{shown}": SHOWN_SQL, "{again}": AGAIN}.items():
        select = select.replace(name, sql)
    return planning.insert_few(kind, select, now, lasts=LASTS, **_given(events))


def _given(events: Sequence[Event]) -> dict[str, Any]:
    return {"works": [one.subject for one in events], "given": [json.dumps(one.values) for one in events]}


def asked(kind: str, events: Sequence[Event], now: datetime) -> int:
    return planning.insert_few(kind, ASKED, now, lasts=LASTS, marking=list(MARKING), **_given(events))


def to_markers(kind: str, events: Sequence[Event], now: datetime) -> int:
    """Store who hears; in the place of what they had not read yet of the same step."""
    given = {"events": [one.pk for one in events], "works": [one.subject for one in events], "marking": list(MARKING)}
    written = planning.insert_few(kind, TO_MARKERS, now, lasts=LASTS, most=MOST_WORKS, leads=LEADS, **given)
    fresh = Notice.objects.filter(kind=kind, state=Literal("planned"), not_before=now, planned_at=now)
    for one in fresh if written else ():
        older = Notice.objects.filter(kind=kind, person=one.person_id, subject=one.subject, context=one.context)
        older = older.filter(read_at=None, mail=None, values__works__contained_by=one.values["works"])
        revising.take_back(older.exclude(pk=one.pk), Reason.LATER_ONE, now)
    return written


def settle_marked(kinds: Sequence[str], works: Sequence[int]) -> None:
    """Where all that a marker was told of has been given back, nothing is left to do."""
    steps = Submission.objects.filter(pk__in=works).values_list("activity", flat=True)
    told = Notice.objects.filter(kind__in=kinds, subject__in=list(steps), state=Literal("told"), read_at=None)
    found = {one.pk: one.values["works"] for one in told}
    named = {key for keys in found.values() for key in keys}
    waiting = set(Submission.objects.to_mark().filter(pk__in=named).values_list(F("pk"), flat=True))
    done = [pk for pk, keys in found.items() if waiting.isdisjoint(keys)]
    revising.settle(Notice.objects.filter(pk__in=done))
