from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce


def without_index(table: str, column: str, index: str, field: migrations.AlterField) -> migrations.RunSQL:
    """Another index begins with the column; while both are there, the planner takes the one that knows no order."""
    return migrations.RunSQL(
        f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
        f"CREATE INDEX CONCURRENTLY {index} ON {table} ({column})",
        state_operations=[field],
    )


def key_of(to: str, on_delete: object, related_name: str) -> models.ForeignKey:
    return models.ForeignKey(to, on_delete, related_name=related_name, db_index=False)


class Migration(migrations.Migration):
    """A list reads one page in its order, however many rows there are. Nothing waits while an index is made."""

    atomic = False
    dependencies = [("courses", "0018_who_is_in_a_cohort")]

    operations = [
        AddIndexConcurrently("cohort", models.Index(fields=["course", "name", "id"], name="cohort_of_course_by_name")),
        AddIndexConcurrently(
            "enrolment",
            models.Index(
                models.F("user"),
                Coalesce("last_seen_at", "state_changed_at").desc(),
                models.F("id").desc(),
                include=["cohort", "last_seen_at", "state_changed_at"],
                condition=models.Q(role="student", state="active", deleted_at=None),
                name="studied_lately",
            ),
        ),
        AddIndexConcurrently(
            "enrolment",
            models.Index(
                fields=["user"],
                include=["cohort"],
                condition=~models.Q(role="student") & models.Q(state="active", deleted_at=None),
                name="in_another_role",
            ),
        ),
        AddIndexConcurrently(
            "enrolment",
            models.Index(
                fields=["cohort"],
                condition=~models.Q(role="student") & models.Q(deleted_at=None),
                name="staff_of_cohort",
            ),
        ),
        without_index(
            "courses_duedate",
            "cohort_id",
            "courses_duedate_cohort_id_5ff49907",
            migrations.AlterField("duedate", "cohort", key_of("courses.cohort", models.CASCADE, "due_dates")),
        ),
        without_index(
            "courses_module",
            "course_id",
            "courses_module_course_id_7d4820de",
            migrations.AlterField("module", "course", key_of("courses.course", models.CASCADE, "modules")),
        ),
        without_index(
            "courses_cohort",
            "course_id",
            "courses_cohort_course_id_c547fcc4",
            migrations.AlterField("cohort", "course", key_of("courses.course", models.PROTECT, "cohorts")),
        ),
    ]
