from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0003_replan")]

    operations = [
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("in_inbox", True), ("read_at", None), ("state", "told")),
                fields=["person", "kind"],
                include=["subject"],
                name="unread_by_kind",
            ),
        ),
    ]
