from django.db import migrations

# Who studies and who teaches (0004) no longer follows from a place in a cohort that was deleted.
ROLES = """
CREATE OR REPLACE FUNCTION courses_roles(person bigint, OUT staff boolean, OUT studies boolean, OUT teaches boolean)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(bool_or(role <> 'student'), false)
               OR EXISTS (SELECT FROM courses_courseeditor WHERE user_id = person),
           coalesce(bool_or(role = 'student'), false),
           coalesce(bool_or(role IN ('teacher', 'assistant')), false)
      FROM courses_enrolment WHERE user_id = person AND state = 'active' {standing}
$$;
DROP TRIGGER courses_enrolment_role_changed ON courses_enrolment;
CREATE TRIGGER courses_enrolment_role_changed AFTER UPDATE ON courses_enrolment
    FOR EACH ROW WHEN ((OLD.role, OLD.state, OLD.user_id{old}) IS DISTINCT FROM (NEW.role, NEW.state, NEW.user_id{new}))
    EXECUTE FUNCTION courses_roles_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0016_removal")]
    operations = [
        migrations.RunSQL(
            ROLES.format(standing="AND deleted_at IS NULL", old=", OLD.deleted_at", new=", NEW.deleted_at"),
            ROLES.format(standing="", old="", new=""),
        )
    ]
