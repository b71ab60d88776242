from django.contrib.postgres.operations import AddConstraintNotValid
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
        migrations.AddField(
            "activity",
            "held_back",
            models.CharField(
                blank=True,
                choices=[("instructors", "for instructors"), ("empty", "empty")],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        AddConstraintNotValid(
            "activity",
            models.CheckConstraint(
                condition=models.Q(held_back__in=["", "instructors", "empty"]), name="activity_held_back_for_a_reason"
            ),
        ),
    ]
