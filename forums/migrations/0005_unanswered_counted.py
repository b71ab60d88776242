from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

UNANSWERED = models.Q(
    kind="question", answered_at=None, locked_at=None, hidden_at=None, duplicate_of=None, deleted_at=None
)


class Migration(migrations.Migration):
    """Questions that wait are counted in an index, without a look at each of them."""

    atomic = False
    dependencies = [("forums", "0004_posts_in_order")]

    operations = [
        AddIndexConcurrently(
            "thread", models.Index(fields=["cohort", "opened_at"], condition=UNANSWERED, name="unanswered_in_cohort")
        ),
        RemoveIndexConcurrently("thread", "unanswered_oldest_first"),
        AddIndexConcurrently(
            "thread", models.Index(fields=["opened_at", "id"], condition=UNANSWERED, name="unanswered_anywhere")
        ),
        RemoveIndexConcurrently("thread", "unanswered_of_all"),
    ]
