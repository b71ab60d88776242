import django.db.models.deletion
from django.db import migrations, models

RESULTS = [
    ("left_out", "Left out"),
    ("remarked", "Imported, with a note"),
    ("kept", "Kept for later"),
    ("unchanged", "Left unchanged"),
    ("imported", "Imported"),
]


def _id():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _run(related_name):
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to="courses.courseimport",
    )


class Migration(migrations.Migration):
    """New tables, and a column that may be empty: the release before goes on with the columns that it knows."""

    dependencies = [("courses", "0024_titles_by_their_words")]

    operations = [
        migrations.AddField(
            model_name="courseimport",
            name="counts",
            field=models.JSONField(
                editable=False,
                help_text="Its lines: {results: {result: how many}, kept: [[kind, how many]]}",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="ReportFault",
            fields=[
                ("id", _id()),
                ("place", models.PositiveIntegerField(help_text="From 1, in the order of the report.")),
                ("message", models.TextField()),
                ("count", models.PositiveIntegerField()),
                ("where", models.JSONField(help_text="All of them, in the order of the package.")),
                ("run", _run("report_faults")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "place"), name="report_fault_has_place")],
            },
        ),
        migrations.CreateModel(
            name="ReportFold",
            fields=[
                ("id", _id()),
                ("place", models.PositiveIntegerField(help_text="From 1, in the order of the report.")),
                ("result", models.CharField(choices=RESULTS, max_length=10)),
                ("reason", models.TextField(blank=True)),
                (
                    "inside",
                    models.BooleanField(
                        help_text="Files inside kept things: the reason of each names another of these."
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("titles", models.JSONField(help_text="Of the first three lines.")),
                (
                    "first",
                    models.PositiveIntegerField(help_text="The place of its first line, which names it in an address."),
                ),
                ("run", _run("report_folds")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "place"), name="report_fold_has_place")],
            },
        ),
        migrations.CreateModel(
            name="ReportLine",
            fields=[
                ("id", _id()),
                ("place", models.PositiveIntegerField(help_text="From 1, in the order of the package.")),
                ("fold", models.PositiveIntegerField(help_text="The place of its fold.")),
                ("result", models.CharField(choices=RESULTS, max_length=10)),
                (
                    "outcome",
                    models.CharField(
                        help_text="What the importer calls it: imported, kept, left out, …", max_length=20
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("identifier", models.TextField()),
                ("title", models.TextField(blank=True, help_text="Empty in reports of before titles were stored.")),
                ("reason", models.TextField(blank=True)),
                ("run", _run("report_lines")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["run", "result", "place"], name="report_lines_of_a_result"),
                    models.Index(fields=["run", "fold", "place"], name="report_lines_of_a_fold"),
                ],
                "constraints": [models.UniqueConstraint(fields=("run", "place"), name="report_line_has_place")],
            },
        ),
    ]
