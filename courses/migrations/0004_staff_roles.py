from django.db import migrations

# Who looks after others has to be known at every request, costs a student no query, and must not be missed by a
# service that somebody forgets: so Postgres keeps it. Whatever is written to the column, what counts is what
# `courses_has_staff_role` finds. An app that adds a role replaces that function in a migration of its own.
CREATE = """
CREATE FUNCTION courses_has_staff_role(person bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM courses_enrolment
                    WHERE user_id = person AND role <> 'student' AND state = 'active')
        OR EXISTS (SELECT FROM courses_courseeditor WHERE user_id = person)
$$;

CREATE FUNCTION courses_set_staff_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.has_staff_role := courses_has_staff_role(NEW.id);
    RETURN NEW;
END $$;

CREATE FUNCTION courses_staff_role_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people bigint[];
BEGIN
    people := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.user_id]
                         WHEN 'DELETE' THEN ARRAY[OLD.user_id]
                         ELSE ARRAY[OLD.user_id, NEW.user_id] END;
    -- The row first: of two changes at once the later one then sees what the earlier one left.
    PERFORM FROM accounts_user WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;
    UPDATE accounts_user SET has_staff_role = courses_has_staff_role(id)
     WHERE id = ANY (people) AND has_staff_role <> courses_has_staff_role(id);
    RETURN NULL;
END $$;

CREATE TRIGGER accounts_user_staff_role_is_kept BEFORE INSERT OR UPDATE OF has_staff_role ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION courses_set_staff_role();

CREATE TRIGGER courses_enrolment_role_granted AFTER INSERT ON courses_enrolment
    FOR EACH ROW WHEN (NEW.role <> 'student') EXECUTE FUNCTION courses_staff_role_changed();
CREATE TRIGGER courses_enrolment_role_changed AFTER UPDATE ON courses_enrolment
    FOR EACH ROW WHEN ((OLD.role, OLD.state, OLD.user_id) IS DISTINCT FROM (NEW.role, NEW.state, NEW.user_id)
                       AND (OLD.role <> 'student' OR NEW.role <> 'student'))
    EXECUTE FUNCTION courses_staff_role_changed();
CREATE TRIGGER courses_enrolment_role_ended AFTER DELETE ON courses_enrolment
    FOR EACH ROW WHEN (OLD.role <> 'student') EXECUTE FUNCTION courses_staff_role_changed();
CREATE TRIGGER courses_courseeditor_changed AFTER INSERT OR UPDATE OR DELETE ON courses_courseeditor
    FOR EACH ROW EXECUTE FUNCTION courses_staff_role_changed();

UPDATE accounts_user SET has_staff_role = true WHERE courses_has_staff_role(id);
"""
DROP = """
DROP TRIGGER courses_courseeditor_changed ON courses_courseeditor;
DROP TRIGGER courses_enrolment_role_ended ON courses_enrolment;
DROP TRIGGER courses_enrolment_role_changed ON courses_enrolment;
DROP TRIGGER courses_enrolment_role_granted ON courses_enrolment;
DROP TRIGGER accounts_user_staff_role_is_kept ON accounts_user;
DROP FUNCTION courses_staff_role_changed();
DROP FUNCTION courses_set_staff_role();
DROP FUNCTION courses_has_staff_role(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0003_within_one_course"),
        ("accounts", "0002_staff_role_and_session_generation"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
