from django.db import migrations, models

# What was written before anybody counted is read.
READ = """
UPDATE feedback_conversation c SET student_read = s.last, teacher_read = s.last
  FROM (SELECT conversation_id, max(id) AS last FROM feedback_message GROUP BY conversation_id) AS s
 WHERE s.conversation_id = c.id
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0005_broken_answers")]

    operations = [
        *(
            migrations.AddField(
                model_name="conversation",
                name=name,
                field=models.BigIntegerField(
                    db_default=0, default=0, help_text="The last message that they have read."
                ),
            )
            for name in ("student_read", "teacher_read")
        ),
        migrations.RunSQL(READ, migrations.RunSQL.noop),
    ]
