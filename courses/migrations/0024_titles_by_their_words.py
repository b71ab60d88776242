from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Search finds the lessons of a word that stands in their title without looking at the titles of the school."""

    atomic = False
    dependencies = [("courses", "0023_working_calendar")]

    operations = [
        AddIndexConcurrently(
            "passage", GinIndex(fields=["vector"], condition=models.Q(anchor="main"), name="passage_titles")
        ),
    ]
