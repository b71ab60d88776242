from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A list of people reads one page in its order; made without holding up those who sign in meanwhile."""

    atomic = False
    dependencies = [("accounts", "0004_labels_in_plain_english")]
    operations = [AddIndexConcurrently("user", models.Index(fields=["display_name", "id"], name="person_by_name"))]
