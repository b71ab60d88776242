import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0015_minutes_that_nobody_knew"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="activity",
            name="activity_position_once",
        ),
        migrations.RemoveConstraint(
            model_name="course",
            name="course_origin_once",
        ),
        migrations.RemoveConstraint(
            model_name="module",
            name="module_position_once",
        ),
        migrations.RemoveConstraint(
            model_name="module",
            name="module_origin_once",
        ),
        migrations.AddField(
            model_name="activity",
            name="archived",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Put away and not deleted: no job erases it."
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="activity",
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
            model_name="activity",
            name="for_instructors",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="An answer key, for example. It stays hidden when you show a whole module or course.",
                verbose_name="for instructors",
            ),
        ),
        migrations.AddField(
            model_name="cohort",
            name="archived",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Put away and not deleted: no job erases it."
            ),
        ),
        migrations.AddField(
            model_name="cohort",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="cohort",
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
            model_name="course",
            name="archived",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Put away and not deleted: no job erases it."
            ),
        ),
        migrations.AddField(
            model_name="course",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="course",
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
            model_name="courseimport",
            name="publish",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Whether students are shown what is new as soon as it is there.",
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="archived",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Put away and not deleted: no job erases it."
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="enrolment",
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
            model_name="module",
            name="archived",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Put away and not deleted: no job erases it."
            ),
        ),
        migrations.AddField(
            model_name="module",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="module",
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
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("archived", False), ("deleted_at__isnull", False)),
                fields=["deleted_at"],
                name="activity_to_erase",
            ),
        ),
        migrations.AddIndex(
            model_name="cohort",
            index=models.Index(
                condition=models.Q(("archived", False), ("deleted_at__isnull", False)),
                fields=["deleted_at"],
                name="cohort_to_erase",
            ),
        ),
        migrations.AddIndex(
            model_name="course",
            index=models.Index(
                condition=models.Q(("archived", False), ("deleted_at__isnull", False)),
                fields=["deleted_at"],
                name="course_to_erase",
            ),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                condition=models.Q(("archived", False), ("deleted_at__isnull", False)),
                fields=["deleted_at"],
                name="enrolment_to_erase",
            ),
        ),
        migrations.AddIndex(
            model_name="module",
            index=models.Index(
                condition=models.Q(("archived", False), ("deleted_at__isnull", False)),
                fields=["deleted_at"],
                name="module_to_erase",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("module", "position", "deleted_at"),
                name="activity_position_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("origin", ""), _negated=True), ("deleted_at", None)),
                fields=("origin",),
                name="course_origin_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("course", "position", "deleted_at"),
                name="module_position_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("origin", ""), _negated=True), ("deleted_at", None)),
                fields=("course", "origin"),
                name="module_origin_once",
            ),
        ),
    ]
