from django.db import migrations

# A date joins a cohort and an activity, an extension an enrolment and an activity: always of one course, which neither
# a key nor a check can see. What stands above them never changes its course, so that one look, at writing, is enough.
CREATE = """
CREATE FUNCTION courses_within_one_course() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one bigint;
    other bigint;
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'courses_duedate' THEN
        one := (SELECT course_id FROM courses_cohort WHERE id = NEW.cohort_id);
        other := (SELECT course_id FROM courses_module m JOIN courses_activity a ON a.module_id = m.id
                   WHERE a.id = NEW.activity_id);
    WHEN 'courses_extension' THEN
        one := (SELECT course_id FROM courses_cohort c JOIN courses_enrolment e ON e.cohort_id = c.id
                 WHERE e.id = NEW.enrolment_id);
        other := (SELECT course_id FROM courses_module m JOIN courses_activity a ON a.module_id = m.id
                   WHERE a.id = NEW.activity_id);
    WHEN 'courses_activity' THEN
        one := (SELECT course_id FROM courses_module WHERE id = OLD.module_id);
        other := (SELECT course_id FROM courses_module WHERE id = NEW.module_id);
    WHEN 'courses_enrolment' THEN
        one := (SELECT course_id FROM courses_cohort WHERE id = OLD.cohort_id);
        other := (SELECT course_id FROM courses_cohort WHERE id = NEW.cohort_id);
    ELSE
        one := OLD.course_id;
        other := NEW.course_id;
    END CASE;
    IF (one = other) IS NOT TRUE THEN
        RAISE EXCEPTION '%: courses % and % are not the same', TG_NAME, one, other
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER due_within_one_course BEFORE INSERT OR UPDATE OF cohort_id, activity_id ON courses_duedate
    FOR EACH ROW EXECUTE FUNCTION courses_within_one_course();
CREATE TRIGGER extension_within_one_course BEFORE INSERT OR UPDATE OF enrolment_id, activity_id ON courses_extension
    FOR EACH ROW EXECUTE FUNCTION courses_within_one_course();
CREATE TRIGGER activity_keeps_course BEFORE UPDATE OF module_id ON courses_activity
    FOR EACH ROW WHEN (OLD.module_id <> NEW.module_id) EXECUTE FUNCTION courses_within_one_course();
CREATE TRIGGER enrolment_keeps_course BEFORE UPDATE OF cohort_id ON courses_enrolment
    FOR EACH ROW WHEN (OLD.cohort_id <> NEW.cohort_id) EXECUTE FUNCTION courses_within_one_course();
CREATE TRIGGER module_keeps_course BEFORE UPDATE OF course_id ON courses_module
    FOR EACH ROW WHEN (OLD.course_id <> NEW.course_id) EXECUTE FUNCTION courses_within_one_course();
CREATE TRIGGER cohort_keeps_course BEFORE UPDATE OF course_id ON courses_cohort
    FOR EACH ROW WHEN (OLD.course_id <> NEW.course_id) EXECUTE FUNCTION courses_within_one_course();
"""
# It takes the six triggers along.
DROP = "DROP FUNCTION courses_within_one_course() CASCADE"


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_effective_due")]
    operations = [migrations.RunSQL(CREATE, DROP)]
