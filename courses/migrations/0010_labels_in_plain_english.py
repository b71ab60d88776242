import datetime

import django.core.validators
from django.conf import settings
from django.db import migrations, models

EDGES = (datetime.datetime.fromisoformat("2000-01-01"), datetime.datetime.fromisoformat("2099-12-31T23:59:59"))


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0009_reading_cleaned_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="accommodation",
            name="extra_days",
            field=models.PositiveSmallIntegerField(
                default=0,
                validators=[django.core.validators.MaxValueValidator(365)],
                verbose_name="extra days for every date",
            ),
        ),
        migrations.AlterField(
            model_name="accommodation",
            name="time_percent",
            field=models.PositiveSmallIntegerField(
                default=100,
                validators=[
                    django.core.validators.MinValueValidator(100),
                    django.core.validators.MaxValueValidator(500),
                ],
                verbose_name="time limits, as a percentage of the usual",
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="heading",
            field=models.CharField(blank=True, max_length=255, verbose_name="section heading"),
        ),
        migrations.AlterField(
            model_name="captiontrack",
            name="kind",
            field=models.CharField(
                choices=[("captions", "Captions"), ("chapters", "Chapters")],
                default="captions",
                max_length=10,
                verbose_name="type",
            ),
        ),
        migrations.AlterField(
            model_name="cohort",
            name="feedback_days",
            field=models.PositiveSmallIntegerField(
                default=3,
                help_text="How many working days students wait for feedback.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)],
                verbose_name="feedback promise",
            ),
        ),
        migrations.AlterField(
            model_name="cohort",
            name="pacing",
            field=models.CharField(
                choices=[
                    ("scheduled", "Everyone together, by calendar date"),
                    ("self-paced", "Each student from their own start date"),
                ],
                default="scheduled",
                max_length=10,
                verbose_name="pace",
            ),
        ),
        migrations.AlterField(
            model_name="courseimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting to start"),
                    ("running", "Importing"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="duedate",
            name="cutoff_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(3660)],
                verbose_name="closes (days after start)",
            ),
        ),
        migrations.AlterField(
            model_name="duedate",
            name="suggested_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(3660)],
                verbose_name="due (days after start)",
            ),
        ),
        migrations.AlterField(
            model_name="duedate",
            name="time_of_day",
            field=models.TimeField(blank=True, null=True, verbose_name="time"),
        ),
        migrations.AlterField(
            model_name="enrolment",
            name="started_on",
            field=models.DateField(
                help_text="“Days after the start” are counted from this day.", verbose_name="start date"
            ),
        ),
        migrations.AlterField(
            model_name="filecontent",
            name="note",
            field=models.TextField(blank=True, verbose_name="what this is for"),
        ),
        migrations.AlterField(
            model_name="lecturecontent",
            name="needed_percent",
            field=models.PositiveSmallIntegerField(
                default=90,
                help_text="How much of the lecture a student must watch to get a tick.",
                verbose_name="watched when",
            ),
        ),
        migrations.AlterField(
            model_name="reading",
            name="format",
            field=models.CharField(
                choices=[("markdown", "Markdown"), ("html", "HTML")],
                default="markdown",
                max_length=10,
                verbose_name="format",
            ),
        ),
        migrations.AlterField(
            model_name="reading",
            name="cleaned_by",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="The version of the cleaner that made it. Texts of older versions are rendered again.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="cohort",
            name="cohort_ends_after_start",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="cohort_ends_after_start",
                violation_error_message="The last day cannot be before the first day.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="cohort",
            name="cohort_zone_no_abbreviation",
            constraint=models.CheckConstraint(
                condition=models.Q(("timezone__in", ["CET", "EET", "MET", "WET"]), _negated=True),
                name="cohort_zone_no_abbreviation",
                violation_error_message="That time zone does not include summer time. Choose a city instead, such as Europe/Brussels.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="cohort",
            name="cohort_within_bounds",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ends_on__range",
                        EDGES,
                    ),
                    (
                        "starts_on__range",
                        EDGES,
                    ),
                ),
                name="cohort_within_bounds",
                violation_error_message="Choose a date between 2000 and 2099.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="duedate",
            name="due_before_cutoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cutoff_days", None), ("cutoff_wall", None)),
                    models.Q(("cutoff_wall__gte", models.F("suggested_wall")), ("cutoff_wall__isnull", False)),
                    models.Q(("cutoff_days__gte", models.F("suggested_days")), ("cutoff_days__isnull", False)),
                    _connector="OR",
                ),
                name="due_before_cutoff",
                violation_error_message="The closing date cannot be before the due date.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="duedate",
            name="due_zone_no_abbreviation",
            constraint=models.CheckConstraint(
                condition=models.Q(("zone__in", ["CET", "EET", "MET", "WET"]), _negated=True),
                name="due_zone_no_abbreviation",
                violation_error_message="That time zone does not include summer time. Choose a city instead, such as Europe/Brussels.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="duedate",
            name="due_within_bounds",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "cutoff_wall__range",
                        EDGES,
                    ),
                    (
                        "suggested_wall__range",
                        EDGES,
                    ),
                ),
                name="due_within_bounds",
                violation_error_message="Choose a date between 2000 and 2099.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="enrolment",
            name="enrolment_within_bounds",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "started_on__range",
                        EDGES,
                    )
                ),
                name="enrolment_within_bounds",
                violation_error_message="Choose a date between 2000 and 2099.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="extension",
            name="extension_zone_no_abbreviation",
            constraint=models.CheckConstraint(
                condition=models.Q(("zone__in", ["CET", "EET", "MET", "WET"]), _negated=True),
                name="extension_zone_no_abbreviation",
                violation_error_message="That time zone does not include summer time. Choose a city instead, such as Europe/Brussels.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="extension",
            name="extension_within_bounds",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "agreed_wall__range",
                        EDGES,
                    )
                ),
                name="extension_within_bounds",
                violation_error_message="Choose a date between 2000 and 2099.",
            ),
        ),
    ]
