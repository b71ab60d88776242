from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0020_due_before_and_now")]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="revised_at",
            field=models.DateTimeField(blank=True, editable=False, help_text="When it was last counted up.", null=True),
        ),
    ]
