from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    # Each step by itself: nothing waits while the constraint is looked for in what is stored.
    atomic = False
    dependencies = [("feedback", "0004_conversations")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="broken_at",
            field=models.DateTimeField(help_text="The promise that passed last while the student waits.", null=True),
        ),
        AddConstraintNotValid(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(broken_at=None)
                | models.Q(promised_at__isnull=False, promised_at__gt=models.F("broken_at")),
                name="broken_before_what_is_promised",
            ),
        ),
        ValidateConstraint("conversation", "broken_before_what_is_promised"),
    ]
