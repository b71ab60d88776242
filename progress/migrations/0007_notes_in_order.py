from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A page of notes reads the notes of that page. Nothing waits while the index is made."""

    atomic = False
    dependencies = [("progress", "0006_ticks_say_who_withdraws")]

    operations = [
        AddIndexConcurrently(
            "note",
            models.Index(
                fields=["enrolment", "activity", "at_ms", "created_at", "id"],
                condition=models.Q(deleted_at=None),
                name="notes_in_order",
            ),
        ),
    ]
