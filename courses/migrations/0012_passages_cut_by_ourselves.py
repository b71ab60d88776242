from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index is made beside the work of a live site, which no transaction can hold."""

    atomic = False
    dependencies = [("courses", "0011_lists_in_order")]

    operations = [
        migrations.AddField(
            "passage",
            "cut_by",
            models.PositiveSmallIntegerField(
                default=0,
                help_text="The version of `courses.words` that cut the text; what an older one cut is cut anew.",
            ),
        ),
        migrations.AlterField(
            "passage",
            "anchor",
            models.CharField(max_length=210, help_text="The id of the element on the lesson page."),
        ),
        AddIndexConcurrently("passage", models.Index(fields=["cut_by"], name="passage_cut_by")),
    ]
