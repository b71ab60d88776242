from django.db import migrations

# Whether mail gets there is known of an address, so another one knows nothing of it, whoever changes it.
CREATE = """
CREATE FUNCTION accounts_new_address_is_unreached() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.reached_at := NULL; NEW.mail_stopped_at := NULL; NEW.mail_stopped_for := '';
    RETURN NEW;
END $$;
CREATE TRIGGER new_address_is_unreached BEFORE UPDATE OF email ON accounts_user
    FOR EACH ROW WHEN (NEW.email IS DISTINCT FROM OLD.email)
    EXECUTE FUNCTION accounts_new_address_is_unreached();
"""
DROP = """
DROP TRIGGER new_address_is_unreached ON accounts_user;
DROP FUNCTION accounts_new_address_is_unreached();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_reached_and_stopped")]
    operations = [migrations.RunSQL(CREATE, DROP)]
