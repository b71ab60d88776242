import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_people_by_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="archived",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Put away and not deleted: no job erases it."
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="deleted_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="former_names",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                editable=False,
                help_text="{username, email} of a deleted account, whose names others may take.",
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                condition=models.Q(("archived", False), ("deleted_at__isnull", False)),
                fields=["deleted_at"],
                name="person_to_erase",
            ),
        ),
    ]
