from django.db import migrations

# The rule of due dates, for what is stored and for what was before a change: the view joins, and this reckons. Its body
# reads no table, so Postgres puts it in the place of the call and joins in whichever order it likes.
CREATE = """
CREATE OR REPLACE FUNCTION courses_due_instants(
    started_on date, zone text, suggested_wall timestamp, cutoff_wall timestamp, suggested_days int, cutoff_days int,
    time_of_day time, extra_days int, agreed_wall timestamp, agreed_zone text, by_student boolean)
RETURNS TABLE (base_at timestamptz, due_at timestamptz, closes_at timestamptz, extended boolean)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT base_at, least(greatest(suggested_at, agreed_at), closes_at), closes_at,
           coalesce(agreed_at > suggested_at, false)
      FROM (SELECT base_at, suggested_at, agreed_at,
                   CASE WHEN by_student THEN cutoff_at
                        WHEN cutoff_at IS NOT NULL THEN greatest(cutoff_at, agreed_at) END AS closes_at
              FROM (SELECT suggested AT TIME ZONE zone AS base_at,
                           (suggested + extra) AT TIME ZONE zone AS suggested_at,
                           (cutoff + extra) AT TIME ZONE zone AS cutoff_at,
                           agreed_wall AT TIME ZONE agreed_zone AS agreed_at
                      FROM (SELECT coalesce(suggested_wall, started_on + suggested_days + time_of_day) AS suggested,
                                   coalesce(cutoff_wall, started_on + cutoff_days + time_of_day) AS cutoff,
                                   make_interval(days => coalesce(extra_days, 0)) AS extra) AS walls) AS instants) AS ends
$$;
CREATE OR REPLACE VIEW courses_effective_due AS
SELECT e.id AS enrolment_id, d.activity_id, i.base_at, i.due_at, i.closes_at, d.zone, i.extended
  FROM courses_enrolment e
  JOIN courses_duedate d ON d.cohort_id = e.cohort_id
  LEFT JOIN courses_accommodation a ON a.enrolment_id = e.id
  LEFT JOIN courses_extension x ON x.enrolment_id = e.id AND x.activity_id = d.activity_id
 CROSS JOIN LATERAL courses_due_instants(
       e.started_on, d.zone, d.suggested_wall, d.cutoff_wall, d.suggested_days, d.cutoff_days, d.time_of_day,
       a.extra_days, x.agreed_wall, x.zone, x.by_student) AS i
 WHERE e.role = 'student'
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0019_lists_in_the_order_of_a_page")]
    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
