from django.db import migrations, models

INDEX = "forums_post_thread_id_ac854f30"


class Migration(migrations.Migration):
    """Two other indexes begin with the thread of a post; while this one is there, the planner takes it and sorts."""

    atomic = False
    dependencies = [("forums", "0003_large_forums")]

    operations = [
        migrations.RunSQL(
            f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}",
            f"CREATE INDEX CONCURRENTLY {INDEX} ON forums_post (thread_id)",
            state_operations=[
                migrations.AlterField(
                    "post",
                    "thread",
                    models.ForeignKey("forums.thread", models.CASCADE, related_name="posts", db_index=False),
                )
            ],
        ),
    ]
