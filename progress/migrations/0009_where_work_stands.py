from django.db import migrations, models

# The rule, for the view and for statements that have gathered its values in another way. Its body reads no table, so
# Postgres puts it in the place of the call.
RULE = """
CREATE OR REPLACE FUNCTION progress_where_work_stands(
    is_done boolean, turn text, due_at timestamptz, closes_at timestamptz, at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN is_done THEN 'done'
                WHEN turn = 'nobody' THEN 'excused'
                WHEN turn <> 'student' THEN 'with the teacher'
                WHEN closes_at < at THEN 'missing'
                WHEN turn = 'student' THEN 'returned'
                WHEN due_at < at THEN 'late'
                ELSE 'not yet due' END
$$
"""
# Every step of every student. Read it by enrolments or by a cohort: as a whole it is large.
VIEW = """
CREATE OR REPLACE VIEW progress_work_standing AS
SELECT e.id AS enrolment_id, a.id AS activity_id, e.cohort_id, d.due_at, d.closes_at, d.zone,
       w.promised_at, c.completed_at,
       progress_where_work_stands(c.id IS NOT NULL, w.waits_for, d.due_at, d.closes_at, now()) AS state
  FROM courses_enrolment e
  JOIN courses_cohort h ON h.id = e.cohort_id
  JOIN courses_module m ON m.course_id = h.course_id
  JOIN courses_activity a ON a.module_id = m.id AND a.published AND m.published AND a.deleted_at IS NULL
  LEFT JOIN courses_effective_due d ON d.enrolment_id = e.id AND d.activity_id = a.id
  LEFT JOIN progress_completion c ON c.enrolment_id = e.id AND c.activity_id = a.id AND c.withdrawn_at IS NULL
  LEFT JOIN progress_waiting w ON w.enrolment_id = e.id AND w.activity_id = a.id AND w.ended_at IS NULL
 WHERE e.role = 'student' AND e.deleted_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0024_titles_by_their_words"),
        ("progress", "0008_contact"),
    ]
    operations = [
        migrations.RunSQL(RULE, "DROP FUNCTION progress_where_work_stands"),
        migrations.RunSQL(VIEW, "DROP VIEW progress_work_standing"),
        migrations.CreateModel(
            name="WorkStanding",
            fields=[
                ("pk", models.CompositePrimaryKey("enrolment", "activity", primary_key=True, serialize=False)),
                (
                    "enrolment",
                    models.ForeignKey(on_delete=models.DO_NOTHING, related_name="work", to="courses.enrolment"),
                ),
                (
                    "activity",
                    models.ForeignKey(on_delete=models.DO_NOTHING, related_name="work", to="courses.activity"),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("closes_at", models.DateTimeField(null=True)),
                ("zone", models.TextField(null=True)),
                ("promised_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("state", models.CharField(max_length=20)),
            ],
            options={"db_table": "progress_work_standing", "managed": False},
        ),
    ]
