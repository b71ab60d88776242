from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A cohort says how many have not chosen a password yet, and most people have. Nothing waits for the index."""

    atomic = False
    dependencies = [("accounts", "0010_soft_bounces")]

    operations = [
        AddIndexConcurrently(
            "user",
            models.Index(fields=["id"], condition=models.Q(last_login=None, is_active=True), name="never_signed_in"),
        ),
    ]
