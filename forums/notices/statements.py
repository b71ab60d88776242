"""Who hears of what: statements over all the events of a kind at once, each person of each thread in one row."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef

from common.literals import Literal
from courses.querysets import ACTIVE_SQL
from forums.services import news
from notifications.kinds import Reason
from notifications.models import Event, Notice
from notifications.services import planning, revising

# Longer than a weekly mail takes to come round.
LASTS = timedelta(days=14)
# A notice names so many posts at the most; what follows is another one.
MOST_POSTS = 200
# Which of several about one thread: told each time, whenever the last was.
LEADS = 32_000

# {heard} yields person_id, post_id, thread_id, event. What somebody has not read yet, and was not mailed, is taken into
# the new notice.
WRITTEN = """
SELECT f.person_id, t.id AS subject, t.cohort_id AS context, f.lead,
       (%(now)s::timestamptz AT TIME ZONE u.timezone)::date AS local_day,
       jsonb_build_object('course', o.title, 'thread', t.title,
                          'posts', coalesce(before.posts, '[]'::jsonb) || f.posts) AS "values",
       %(now)s::timestamptz AS not_before, %(now)s::timestamptz + %(lasts)s::interval AS not_after
  FROM (SELECT person_id, thread_id, -(max(event) %% %(leads)s::bigint)::int AS lead,
               jsonb_agg(DISTINCT post_id) AS posts
          FROM ({heard}) AS heard GROUP BY person_id, thread_id) AS f
  JOIN forums_thread t ON t.id = f.thread_id AND t.deleted_at IS NULL
  JOIN courses_cohort g ON g.id = t.cohort_id AND g.deleted_at IS NULL
  JOIN courses_course o ON o.id = g.course_id
  JOIN accounts_user u ON u.id = f.person_id AND u.is_active AND u.deleted_at IS NULL
  LEFT JOIN LATERAL (
       SELECT n."values" -> 'posts' AS posts FROM notifications_notice n
        WHERE n.kind = %(kind)s AND n.person_id = f.person_id AND n.subject = f.thread_id
          AND n.state IN ('planned', 'told') AND n.read_at IS NULL AND n.mail_id IS NULL
          AND jsonb_array_length(n."values" -> 'posts') < %(most)s
        ORDER BY n.id DESC LIMIT 1) AS before ON true
 WHERE u.is_staff
    OR EXISTS (SELECT FROM courses_enrolment e WHERE e.user_id = u.id AND e.cohort_id = t.cohort_id AND {active})
""".replace("{active}", ACTIVE_SQL)
# What somebody chose for the thread `t`, its module or the forum: the nearest; NULL where they chose nothing.
MUTED = """
(SELECT c.muted FROM forums_following c
  WHERE c.person_id = {person} AND c.cohort_id = t.cohort_id
    AND (c.thread_id = t.id OR c.thread_id IS NULL AND (c.module_id IS NULL OR c.module_id = t.module_id))
  ORDER BY c.thread_id IS NULL, c.module_id IS NULL LIMIT 1)
"""
# By the nearest way, and once: who is named, who asked, who is replied to, who follows the thread or new threads.
# A post that was changed tells those whom it names now.
POSTED = """
WITH t AS (
    SELECT h.*, t.id, t.cohort_id, t.kind, t.author_id, a.module_id
      FROM unnest(%(events)s::bigint[], %(threads)s::bigint[], %(first)s::int[], %(last)s::int[], %(changed)s::bool[])
           AS h(event, thread_id, first, last, changed)
      JOIN forums_thread t ON t.id = h.thread_id AND t.deleted_at IS NULL
      LEFT JOIN courses_activity a ON a.id = t.activity_id
), p AS (
    SELECT p.id AS post_id, p.number, p.author_id AS by_id, p.parent_id, t.*
      FROM t JOIN forums_post p ON p.thread_id = t.id AND p.number BETWEEN t.first AND t.last AND p.deleted_at IS NULL
), way AS (
    SELECT m.person_id, 0 AS way, p.post_id, p.thread_id, p.event, p.by_id
      FROM p JOIN forums_mention m ON m.post_id = p.post_id
     UNION ALL
    SELECT t.author_id, CASE WHEN t.kind = 'question' THEN 1 ELSE 2 END, t.post_id, t.thread_id, t.event, t.by_id
      FROM p AS t
     WHERE t.number > 1 AND NOT t.changed AND (t.kind = 'question' OR {thread_muted} IS NOT TRUE)
     UNION ALL
    SELECT r.author_id, 2, t.post_id, t.thread_id, t.event, t.by_id
      FROM p AS t JOIN forums_post r ON r.id = t.parent_id
     WHERE NOT t.changed AND {reply_muted} IS NOT TRUE
     UNION ALL
    SELECT f.person_id, 3, p.post_id, p.thread_id, p.event, p.by_id
      FROM p JOIN forums_following f ON f.thread_id = p.thread_id AND NOT f.muted
     WHERE p.number > 1 AND NOT p.changed
     UNION ALL
    SELECT f.person_id, 4, t.post_id, t.thread_id, t.event, t.by_id
      FROM p AS t
      JOIN forums_following f ON f.cohort_id = t.cohort_id AND f.thread_id IS NULL
                             AND (f.module_id IS NULL OR f.module_id = t.module_id)
     WHERE t.number = 1 AND NOT t.changed AND {follower_muted} IS FALSE
)
SELECT person_id, post_id, thread_id, event
  FROM (SELECT DISTINCT ON (way.person_id, way.post_id) way.* FROM way
         WHERE way.person_id IS DISTINCT FROM way.by_id AND way.person_id IS NOT NULL
         ORDER BY way.person_id, way.post_id, way.way) AS nearest
 WHERE nearest.way = %(way)s
   AND NOT EXISTS (SELECT FROM notifications_notice n
                    WHERE n.person_id = nearest.person_id AND n.subject = nearest.thread_id AND n.kind = ANY(%(kinds)s)
                      AND n."values" -> 'posts' @> to_jsonb(nearest.post_id))
""".replace("{thread_muted}", MUTED.replace("{person}", "t.author_id"))
POSTED = POSTED.replace("{reply_muted}", MUTED.replace("{person}", "r.author_id"))
POSTED = POSTED.replace("{follower_muted}", MUTED.replace("{person}", "f.person_id"))
# Of a post that something happened to, its author.
TO_AUTHOR = """
SELECT p.author_id AS person_id, p.id AS post_id, p.thread_id, h.event
  FROM unnest(%(events)s::bigint[], %(posts)s::bigint[]) AS h(event, post_id)
  JOIN forums_post p ON p.id = h.post_id AND p.deleted_at IS NULL
  JOIN forums_thread t ON t.id = p.thread_id
 WHERE p.author_id IS NOT NULL AND {not_by_themselves}
"""
# Those who look after the forum, but for whoever wrote it, and for whoever alone reported it. Where nobody is left,
# admins: what the only teacher of a class wrote is not theirs alone to look at.
TO_MODERATORS = """
WITH reported AS (
    SELECT p.id AS post_id, p.thread_id, p.author_id, t.cohort_id, h.event,
           ARRAY(SELECT r.by_id FROM forums_report r WHERE r.post_id = p.id AND r.closed_at IS NULL) AS by_ids
      FROM unnest(%(events)s::bigint[], %(posts)s::bigint[]) AS h(event, post_id)
      JOIN forums_post p ON p.id = h.post_id AND p.deleted_at IS NULL
      JOIN forums_thread t ON t.id = p.thread_id
), other AS (
    SELECT u.id AS person_id, u.is_staff, r.*
      FROM reported r JOIN accounts_user u ON u.id IS DISTINCT FROM r.author_id AND u.is_active AND u.deleted_at IS NULL
     WHERE r.by_ids <> ARRAY[u.id]::bigint[] AND r.by_ids <> '{}'
), near AS (
    SELECT DISTINCT o.person_id, o.post_id, o.thread_id, o.event
      FROM other o
      JOIN courses_enrolment e ON e.cohort_id = o.cohort_id AND e.user_id = o.person_id
                              AND {active} AND e.role = ANY(%(moderating)s)
)
SELECT * FROM near
 UNION ALL
SELECT o.person_id, o.post_id, o.thread_id, o.event
  FROM other o WHERE o.is_staff AND NOT EXISTS (SELECT FROM near n WHERE n.post_id = o.post_id)
""".replace("{active}", ACTIVE_SQL)
# Where the people who look after it are at work, by when somebody should have answered was written on the question.
WAITING = """
SELECT e.user_id AS person_id, t.id AS subject, t.cohort_id AS context, 0 AS lead,
       (t.answer_by AT TIME ZONE u.timezone)::date AS local_day,
       jsonb_build_object('course', o.title, 'thread', t.title, 'posts', jsonb_build_array(p.id)) AS "values",
       t.answer_by AS not_before, t.answer_by + %(lasts)s::interval AS not_after
  FROM forums_thread t
  JOIN forums_post p ON p.thread_id = t.id AND p.number = 1
  JOIN courses_cohort g ON g.id = t.cohort_id AND g.deleted_at IS NULL
  JOIN courses_course o ON o.id = g.course_id
  JOIN courses_enrolment e ON e.cohort_id = g.id AND {active} AND e.role = ANY(%(moderating)s)
  JOIN accounts_user u ON u.id = e.user_id AND u.is_active AND u.deleted_at IS NULL
 WHERE t.kind = 'question' AND t.answered_at IS NULL AND t.deleted_at IS NULL
   AND t.locked_at IS NULL AND t.hidden_at IS NULL AND t.duplicate_of_id IS NULL
   AND t.answer_by > %(now)s::timestamptz - %(lasts)s::interval AND t.answer_by <= %(until)s
   AND t.author_id IS DISTINCT FROM e.user_id
""".replace("{active}", ACTIVE_SQL)


def write(kind: str, heard: str, now: datetime, **given: Any) -> int:
    """Store who hears; in the place of what they had not read yet of the same thread. How many notices were new."""
    select = WRITTEN.replace("{heard}", heard)
    written = planning.insert_few(kind, select, now, lasts=LASTS, most=MOST_POSTS, leads=LEADS, **given)
    if written:
        revising.take_back(_taken_into_another(kind, now), Reason.LATER_ONE, now)
    return written


def _taken_into_another(kind: str, now: datetime) -> Any:
    fresh = Notice.objects.filter(kind=kind, state=Literal("planned"), not_before=now, planned_at=now)
    later = fresh.filter(names(F("values__posts"), OuterRef("values__posts")), person=OuterRef("person"))
    people, threads = fresh.values("person"), fresh.values("subject")
    mine = Notice.objects.filter(kind=kind, person__in=people, subject__in=threads, read_at=None, mail=None)
    return mine.filter(Exists(later.filter(subject=OuterRef("subject")).exclude(pk=OuterRef("pk"))))


def names(posts: Any, some: Any) -> Func:
    """Whether a list of keys, kept as JSON, holds those of another."""
    return Func(posts, some, template="(%(expressions)s)", arg_joiner=" @> ", output_field=BooleanField())


def of_bursts(events: Sequence[Event]) -> Mapping[str, Any]:
    """What POSTED is told of its events: those with a context are about one post that was changed."""
    numbers = [event.values["number"] for event in events]
    return {
        "events": [event.pk for event in events],
        "threads": [event.subject for event in events],
        "first": numbers,
        "last": [number if event.context else 2**31 - 1 for event, number in zip(events, numbers, strict=True)],
        "changed": [bool(event.context) for event in events],
        "kinds": list(news.OF_POSTS),
    }


def of_posts(events: Sequence[Event]) -> Mapping[str, Any]:
    return {"events": [event.pk for event in events], "posts": [event.subject for event in events]}
