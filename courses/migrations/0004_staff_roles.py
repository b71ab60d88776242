from django.db import migrations

# Who looks after others, who studies and who teaches has to be known at every request without a query, and must not be
# missed by a service that somebody forgets: so Postgres keeps it on the account. Whatever is written to the columns,
# what counts is what `courses_roles` finds. An app that adds a role replaces that function in a migration of its own.
CREATE = """
CREATE FUNCTION courses_roles(person bigint, OUT staff boolean, OUT studies boolean, OUT teaches boolean)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(bool_or(role <> 'student'), false)
               OR EXISTS (SELECT FROM courses_courseeditor WHERE user_id = person),
           coalesce(bool_or(role = 'student'), false),
           coalesce(bool_or(role IN ('teacher', 'assistant')), false)
      FROM courses_enrolment WHERE user_id = person AND state = 'active'
$$;

CREATE FUNCTION courses_set_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT * INTO NEW.has_staff_role, NEW.studies, NEW.teaches FROM courses_roles(NEW.id);
    RETURN NEW;
END $$;

CREATE FUNCTION courses_roles_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people bigint[];
BEGIN
    people := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.user_id]
                         WHEN 'DELETE' THEN ARRAY[OLD.user_id]
                         ELSE ARRAY[OLD.user_id, NEW.user_id] END;
    -- The row first: of two changes at once the later one then sees what the earlier one left.
    PERFORM FROM accounts_user WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;
    UPDATE accounts_user AS account SET has_staff_role = roles.staff, studies = roles.studies, teaches = roles.teaches
      FROM unnest(people) AS person, LATERAL courses_roles(person) AS roles
     WHERE account.id = person AND (account.has_staff_role, account.studies, account.teaches)
           IS DISTINCT FROM (roles.staff, roles.studies, roles.teaches);
    RETURN NULL;
END $$;

CREATE TRIGGER accounts_user_roles_are_kept
    BEFORE INSERT OR UPDATE OF has_staff_role, studies, teaches ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION courses_set_roles();

CREATE TRIGGER courses_enrolment_role_granted_or_ended AFTER INSERT OR DELETE ON courses_enrolment
    FOR EACH ROW EXECUTE FUNCTION courses_roles_changed();
CREATE TRIGGER courses_enrolment_role_changed AFTER UPDATE ON courses_enrolment
    FOR EACH ROW WHEN ((OLD.role, OLD.state, OLD.user_id) IS DISTINCT FROM (NEW.role, NEW.state, NEW.user_id))
    EXECUTE FUNCTION courses_roles_changed();
CREATE TRIGGER courses_courseeditor_changed AFTER INSERT OR UPDATE OR DELETE ON courses_courseeditor
    FOR EACH ROW EXECUTE FUNCTION courses_roles_changed();

UPDATE accounts_user SET has_staff_role = true WHERE id IN (
    SELECT user_id FROM courses_enrolment UNION SELECT user_id FROM courses_courseeditor
);
"""
DROP = """
DROP TRIGGER courses_courseeditor_changed ON courses_courseeditor;
DROP TRIGGER courses_enrolment_role_changed ON courses_enrolment;
DROP TRIGGER courses_enrolment_role_granted_or_ended ON courses_enrolment;
DROP TRIGGER accounts_user_roles_are_kept ON accounts_user;
DROP FUNCTION courses_roles_changed();
DROP FUNCTION courses_set_roles();
DROP FUNCTION courses_roles(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0003_within_one_course"),
        ("accounts", "0002_staff_role_and_session_generation"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
