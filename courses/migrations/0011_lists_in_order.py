from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A list of courses, cohorts or imports reads one page in its order, however many there are."""

    atomic = False
    dependencies = [("courses", "0010_labels_in_plain_english")]
    operations = [
        migrations.AlterModelOptions("courseimport", {"ordering": ["-requested_at", "-pk"]}),
        AddIndexConcurrently("course", models.Index(fields=["title", "id"], name="course_by_title")),
        AddIndexConcurrently("cohort", models.Index(fields=["name", "id"], name="cohort_by_name")),
        AddIndexConcurrently("courseimport", models.Index(fields=["-requested_at", "-id"], name="import_by_instant")),
    ]
