from django.db import migrations

# The promise "a tick is never lost" does not rest on every future line of Python being careful. The row can still go
# with its enrolment or activity; who recorded it may be forgotten when that person is erased.
CREATE = """
CREATE FUNCTION progress_completion_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
       OR (NEW.id, NEW.enrolment_id, NEW.activity_id, NEW.completed_at, NEW.how, NEW.evidence, NEW.activity_revision)
          IS DISTINCT FROM
          (OLD.id, OLD.enrolment_id, OLD.activity_id, OLD.completed_at, OLD.how, OLD.evidence, OLD.activity_revision)
       OR NEW.recorded_by_id IS DISTINCT FROM OLD.recorded_by_id AND NEW.recorded_by_id IS NOT NULL
    THEN
        RAISE EXCEPTION 'A completion is never changed: only a tick made by hand can be withdrawn, once.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER progress_completion_guard BEFORE UPDATE ON progress_completion
    FOR EACH ROW EXECUTE FUNCTION progress_completion_guard();
"""
DROP = "DROP TRIGGER progress_completion_guard ON progress_completion; DROP FUNCTION progress_completion_guard()"


class Migration(migrations.Migration):
    dependencies = [("progress", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
