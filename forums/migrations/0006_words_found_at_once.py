"""A search reads whatever waits to be put into an index of words: up to 4 MB, in 20 ms and more, until a vacuum."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

# KB
MOST_WAITING = 128
INDEXES = {
    "post_words": {"fields": ["vector"]},
    "words_of_openings": {"fields": ["vector"], "condition": models.Q(number=1)},
}


def at_once(name: str, index: dict[str, object]) -> migrations.SeparateDatabaseAndState:
    """`ALTER INDEX … SET` locks nobody out; what waited before is put in now."""
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                [
                    f"ALTER INDEX {name} SET (gin_pending_list_limit = {MOST_WAITING})",
                    f"SELECT gin_clean_pending_list('{name}')",
                ],
                f"ALTER INDEX {name} RESET (gin_pending_list_limit)",
            )
        ],
        state_operations=[
            migrations.RemoveIndex("post", name),
            migrations.AddIndex("post", GinIndex(name=name, gin_pending_list_limit=MOST_WAITING, **index)),
        ],
    )


class Migration(migrations.Migration):
    # Each lock by itself: two of them could wait for a vacuum that waits for the first.
    atomic = False
    dependencies = [("forums", "0005_unanswered_counted")]

    operations = [at_once(name, index) for name, index in INDEXES.items()]
