import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The job that renews readings fills it; the index that went is not waited for, which no transaction allows."""

    atomic = False
    dependencies = [("courses", "0012_passages_cut_by_ourselves")]

    operations = [
        # First, because it may be done twice.
        RemoveIndexConcurrently(model_name="passage", name="passage_vector"),
        migrations.CreateModel(
            name="LessonWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="courses.activity"
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="lesson_words_vector")],
            },
        ),
        # Out of line, which is where more than 2 KB of a row go, Postgres fetches a vector anew for each word asked.
        migrations.RunSQL("ALTER TABLE courses_lessonwords SET (toast_tuple_target = 8160)", migrations.RunSQL.noop),
    ]
