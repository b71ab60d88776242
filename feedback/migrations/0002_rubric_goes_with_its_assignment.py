import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_work_and_feedback")]

    operations = [
        # Nothing changes in the database.
        migrations.AlterField(
            model_name="feedback",
            name="rubric",
            field=models.ForeignKey(
                help_text="By which it is marked.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="feedback.rubric",
            ),
        ),
    ]
