from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    # With defaults in the database: the release before this one knows neither column and goes on adding people.
    operations = [
        migrations.AddField(
            model_name="user",
            name="has_staff_role",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Kept by triggers in Postgres (courses/migrations/0004_staff_roles.py), "
                "whatever is written here.",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="studies",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Kept as `has_staff_role`."
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="teaches",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Kept as `has_staff_role`."
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="session_generation",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="Part of what a session is checked by: one more ends them.",
            ),
        ),
    ]
