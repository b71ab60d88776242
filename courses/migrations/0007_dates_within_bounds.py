import datetime

import django.core.validators
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

EDGES = (datetime.datetime.fromisoformat("2000-01-01"), datetime.datetime.fromisoformat("2099-12-31T23:59:59"))
MESSAGE = "Choose a date from 2000 to 2099."
MOST_DAYS = 3660


def dates(name: str, *fields: str) -> models.CheckConstraint:
    condition = models.Q(**{f"{field}__range": EDGES for field in fields})
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=MESSAGE)


# The constraints come first, so that no date out of bounds is written meanwhile; then what is there is moved to the
# nearest edge, all columns of a row at once; the next migration asks Postgres to look through every row.
INTO_BOUNDS = """
UPDATE courses_cohort
   SET starts_on = least(greatest(starts_on, '2000-01-01'), '2099-12-31'),
       ends_on = CASE WHEN ends_on IS NOT NULL THEN least(greatest(ends_on, '2000-01-01'), '2099-12-31') END
 WHERE starts_on NOT BETWEEN '2000-01-01' AND '2099-12-31' OR ends_on NOT BETWEEN '2000-01-01' AND '2099-12-31';
UPDATE courses_enrolment
   SET started_on = least(greatest(started_on, '2000-01-01'), '2099-12-31')
 WHERE started_on NOT BETWEEN '2000-01-01' AND '2099-12-31';
UPDATE courses_duedate
   SET suggested_wall = CASE WHEN suggested_wall IS NOT NULL
                        THEN least(greatest(suggested_wall, '2000-01-01'), '2099-12-31 23:59:59') END,
       cutoff_wall = CASE WHEN cutoff_wall IS NOT NULL
                     THEN least(greatest(cutoff_wall, '2000-01-01'), '2099-12-31 23:59:59') END,
       suggested_days = CASE WHEN suggested_days IS NOT NULL THEN least(suggested_days, 3660) END,
       cutoff_days = CASE WHEN cutoff_days IS NOT NULL THEN least(cutoff_days, 3660) END
 WHERE suggested_wall NOT BETWEEN '2000-01-01' AND '2099-12-31 23:59:59'
    OR cutoff_wall NOT BETWEEN '2000-01-01' AND '2099-12-31 23:59:59'
    OR suggested_days > 3660
    OR cutoff_days > 3660;
UPDATE courses_extension
   SET agreed_wall = least(greatest(agreed_wall, '2000-01-01'), '2099-12-31 23:59:59')
 WHERE agreed_wall NOT BETWEEN '2000-01-01' AND '2099-12-31 23:59:59';
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0006_file_use_of_stored_texts")]
    operations = [
        migrations.AddField(
            model_name="captiontrack",
            name="more_faults",
            field=models.PositiveIntegerField(default=0, help_text="How many were left out besides those named."),
        ),
        migrations.AlterField(
            model_name="cohort",
            name="feedback_days",
            field=models.PositiveSmallIntegerField(
                default=3,
                help_text="Working days until work is answered.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(60),
                ],
                verbose_name="feedback promise",
            ),
        ),
        migrations.AlterField(
            model_name="duedate",
            name="cutoff_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(MOST_DAYS)],
                verbose_name="closes, days after the start",
            ),
        ),
        migrations.AlterField(
            model_name="duedate",
            name="suggested_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(MOST_DAYS)],
                verbose_name="due, days after the start",
            ),
        ),
        AddConstraintNotValid("cohort", dates("cohort_within_bounds", "starts_on", "ends_on")),
        AddConstraintNotValid("enrolment", dates("enrolment_within_bounds", "started_on")),
        AddConstraintNotValid("duedate", dates("due_within_bounds", "suggested_wall", "cutoff_wall")),
        AddConstraintNotValid(
            "duedate",
            models.CheckConstraint(
                condition=models.Q(cutoff_days__lte=MOST_DAYS, suggested_days__lte=MOST_DAYS),
                name="due_days_within_bounds",
            ),
        ),
        AddConstraintNotValid("extension", dates("extension_within_bounds", "agreed_wall")),
        migrations.RunSQL(INTO_BOUNDS, migrations.RunSQL.noop),
    ]
