from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0013_words_of_lessons")]
    operations = [
        migrations.AlterField(
            "activity",
            "minutes",
            models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                help_text="Empty where nobody knows: not shown, and not added up.",
                verbose_name="minutes",
            ),
        ),
    ]
