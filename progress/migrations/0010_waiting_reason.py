from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0009_where_work_stands")]

    operations = [
        migrations.AddField(
            "waiting",
            "reason",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Why somebody is excused; the student reads it.",
                max_length=300,
            ),
        )
    ]
