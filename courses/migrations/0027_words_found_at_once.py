"""A search reads whatever waits to be put into an index of words: up to 4 MB, in 20 ms and more, until a vacuum."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

# KB
MOST_WAITING = 128
INDEXES = {
    "passage_titles": ("passage", {"fields": ["vector"], "condition": models.Q(anchor="main")}),
    "lesson_words_vector": ("lessonwords", {"fields": ["vector"]}),
}


def at_once(name: str, model: str, index: dict[str, object]) -> migrations.SeparateDatabaseAndState:
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
            migrations.RemoveIndex(model, name),
            migrations.AddIndex(model, GinIndex(name=name, gin_pending_list_limit=MOST_WAITING, **index)),
        ],
    )


class Migration(migrations.Migration):
    # Each lock by itself: two of them could wait for a vacuum that waits for the first.
    atomic = False
    dependencies = [("courses", "0026_reports_of_before")]

    operations = [at_once(name, model, index) for name, (model, index) in INDEXES.items()]
