from django.db import migrations

# One row per enrolment and activity that has a date. Wall time becomes an instant here and nowhere else:
# `AT TIME ZONE` takes the later reading of an hour that happens twice, and moves one that never happens forward.
# An accommodation moves the base; an agreement stands as agreed; the later of the two counts.
# A date that the student moved never passes the cut-off, and never moves it.
CREATE = """
CREATE VIEW courses_effective_due AS
WITH base AS (
    SELECT e.id AS enrolment_id,
           d.activity_id,
           d.zone,
           coalesce(d.suggested_wall, e.started_on + d.suggested_days + d.time_of_day) AS suggested_wall,
           coalesce(d.cutoff_wall, e.started_on + d.cutoff_days + d.time_of_day) AS cutoff_wall,
           make_interval(days => coalesce(a.extra_days, 0)) AS extra,
           x.agreed_wall AT TIME ZONE x.zone AS agreed_at,
           x.by_student
      FROM courses_enrolment e
      JOIN courses_duedate d ON d.cohort_id = e.cohort_id
      LEFT JOIN courses_accommodation a ON a.enrolment_id = e.id
      LEFT JOIN courses_extension x ON x.enrolment_id = e.id AND x.activity_id = d.activity_id
     WHERE e.role = 'student'
), instants AS (
    SELECT enrolment_id, activity_id, zone, agreed_at, by_student,
           suggested_wall AT TIME ZONE zone AS base_at,
           (suggested_wall + extra) AT TIME ZONE zone AS suggested_at,
           (cutoff_wall + extra) AT TIME ZONE zone AS cutoff_at
      FROM base
), settled AS (
    SELECT *, CASE WHEN by_student THEN cutoff_at
                   WHEN cutoff_at IS NOT NULL THEN greatest(cutoff_at, agreed_at) END AS closes_at
      FROM instants
)
SELECT enrolment_id,
       activity_id,
       base_at,
       least(greatest(suggested_at, agreed_at), closes_at) AS due_at,
       closes_at,
       zone,
       coalesce(agreed_at > suggested_at, false) AS extended
  FROM settled
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP VIEW courses_effective_due")]
