"""What tells that a student may need somebody, reckoned by Postgres for any number of students at once.

By its numbers alone: what a page says of a student is read by the same statement as what a worker keeps.
"""

from courses.querysets import SHOWN_SQL

# What apps above know of work; they add theirs when they are ready. Each is a SELECT for the enrolments
# `%(enrolments)s` as of `%(now)s`: with enrolment, activity and instant, when something was first handed in …
HANDED_IN_SQL: list[str] = []
# … and with enrolment and mark, from 0 to 100, what was made of work; null where there is no mark.
MARKS_SQL: list[str] = []

# As `progress.models.Signals` has them.
COLUMNS = (
    "last_day",
    *("active_days_7", "active_days_14", "active_days_28"),
    *("due", "missing", "late"),
    *("share_done", "through", "mean_mark", "contact_at"),
)
# By the ids of enrolments, for the reason that `progress.selectors.outlines` gives. What came late says something for
# four weeks: by then it is a past that everybody has.
_RECKONED = """
WITH done AS MATERIALIZED (
    SELECT enrolment_id, activity_id, completed_at AS at
      FROM progress_completion WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND withdrawn_at IS NULL
), turn AS MATERIALIZED (
    SELECT enrolment_id, activity_id, since AS at, waits_for
      FROM progress_waiting WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND ended_at IS NULL
), dates AS MATERIALIZED (
    SELECT enrolment_id, activity_id, due_at, closes_at
      FROM courses_effective_due WHERE enrolment_id = ANY(%(enrolments)s::bigint[]) AND due_at < %(now)s
), sent AS MATERIALIZED (
    SELECT enrolment_id, activity_id, min(at) AS at
      FROM ({handed_in}) AS work(enrolment_id, activity_id, at) GROUP BY enrolment_id, activity_id
), marked AS MATERIALIZED (
    SELECT enrolment_id, avg(mark)::double precision AS mean
      FROM ({marks}) AS work(enrolment_id, mark) GROUP BY enrolment_id
), student AS MATERIALIZED (
    SELECT e.id, e.user_id, e.cohort_id, h.course_id, (%(now)s::timestamptz AT TIME ZONE u.timezone)::date AS today,
           (e.last_seen_at AT TIME ZONE u.timezone)::date AS seen
      FROM courses_enrolment e JOIN courses_cohort h ON h.id = e.cohort_id JOIN accounts_user u ON u.id = e.user_id
     WHERE e.id = ANY(%(enrolments)s::bigint[])
), shown AS MATERIALIZED (
    SELECT a.id, m.course_id, a.required
      FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
     WHERE {shown} AND m.course_id IN (SELECT course_id FROM student)
), dated AS (
    SELECT d.enrolment_id, count(*) AS due, count(*) FILTER (WHERE lacks) AS missing,
           count(*) FILTER (WHERE NOT lacks AND came > d.due_at AND came > %(now)s - interval '28 days') AS late
      FROM dates d
      JOIN shown a ON a.id = d.activity_id
      LEFT JOIN done c ON c.enrolment_id = d.enrolment_id AND c.activity_id = d.activity_id
      LEFT JOIN turn w ON w.enrolment_id = d.enrolment_id AND w.activity_id = d.activity_id
      LEFT JOIN sent s ON s.enrolment_id = d.enrolment_id AND s.activity_id = d.activity_id
     CROSS JOIN LATERAL (
           SELECT progress_where_work_stands(c.at IS NOT NULL, w.waits_for, d.due_at, d.closes_at, %(now)s) AS state,
                  coalesce(s.at, least(c.at, w.at)) AS came) AS stands
     CROSS JOIN LATERAL (SELECT state IN ('late', 'missing') AS lacks) AS said
     WHERE state <> 'excused'
     GROUP BY d.enrolment_id
), achieved AS (
    SELECT c.enrolment_id, count(*) AS steps FROM done c JOIN shown a ON a.id = c.activity_id AND a.required
     GROUP BY c.enrolment_id
), held AS (
    SELECT w.enrolment_id, count(*) AS steps, count(*) FILTER (WHERE w.waits_for = 'nobody') AS excused
      FROM turn w JOIN shown a ON a.id = w.activity_id AND a.required
      LEFT JOIN done c ON c.enrolment_id = w.enrolment_id AND c.activity_id = w.activity_id
     WHERE w.waits_for <> 'student' AND c.at IS NULL
     GROUP BY w.enrolment_id
), asked AS (
    SELECT course_id, count(*) AS steps FROM shown WHERE required GROUP BY course_id
)
SELECT e.id AS enrolment_id, greatest(e.seen, latest.day) AS last_day,
       lately.days_7 AS active_days_7, lately.days_14 AS active_days_14, lately.days_28 AS active_days_28,
       coalesce(d.due, 0) AS due, coalesce(d.missing, 0) AS missing, coalesce(d.late, 0) AS late,
       way.done::double precision / greatest(way.steps - coalesce(w.excused, 0), 1) AS share_done,
       way.steps > 0 AND way.steps <= way.done + coalesce(w.steps, 0) AS through,
       k.mean AS mean_mark, spoken.at AS contact_at
  FROM student e
 CROSS JOIN LATERAL (SELECT max(p.day) AS day FROM progress_presence p WHERE p.enrolment_id = e.id) AS latest
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE p.day > e.today - 7) AS days_7,
              count(*) FILTER (WHERE p.day > e.today - 14) AS days_14, count(*) AS days_28
         FROM progress_presence p
        WHERE p.enrolment_id = e.id AND p.day > e.today - 28 AND p.day <= e.today) AS lately
 CROSS JOIN LATERAL (
       SELECT max(t.at) AS at FROM progress_contact t
        WHERE t.cohort_id = e.cohort_id AND t.person_id = e.user_id) AS spoken
  LEFT JOIN dated d ON d.enrolment_id = e.id
  LEFT JOIN asked a ON a.course_id = e.course_id
  LEFT JOIN achieved c ON c.enrolment_id = e.id
  LEFT JOIN held w ON w.enrolment_id = e.id
 CROSS JOIN LATERAL (SELECT coalesce(a.steps, 0) AS steps, coalesce(c.steps, 0) AS done) AS way
  LEFT JOIN marked k ON k.enrolment_id = e.id
""".replace("{shown}", SHOWN_SQL)
_NONE_HANDED_IN = "SELECT NULL::bigint, NULL::bigint, NULL::timestamptz WHERE false"
_NONE_MARKED = "SELECT NULL::bigint, NULL::numeric WHERE false"


def reckoned() -> str:
    """A SELECT of a row for each of the enrolments `%(enrolments)s` as of `%(now)s`, with COLUMNS."""
    handed_in = " UNION ALL ".join(HANDED_IN_SQL) or _NONE_HANDED_IN
    marks = " UNION ALL ".join(MARKS_SQL) or _NONE_MARKED
    return _RECKONED.replace("{handed_in}", handed_in).replace("{marks}", marks)
