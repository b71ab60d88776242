from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A page of a forum is read by its own rows, however many there are. Nothing waits while an index is made."""

    atomic = False
    dependencies = [("forums", "0002_lost_here")]

    operations = [
        AddIndexConcurrently(
            "post",
            models.Index(
                fields=["author", "thread"], condition=models.Q(deleted_at=None), name="posts_of_author_by_thread"
            ),
        ),
        AddIndexConcurrently(
            "post", GinIndex(fields=["vector"], condition=models.Q(number=1), name="words_of_openings")
        ),
        AddIndexConcurrently(
            "thread",
            models.Index(
                fields=["opened_at", "id"],
                condition=models.Q(kind="question", answered_at=None, deleted_at=None),
                name="unanswered_of_all",
            ),
        ),
        RemoveIndexConcurrently("thread", "threads_of_author"),
    ]
