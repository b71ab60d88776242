from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0011_signals")]
    operations = [
        migrations.AddField(
            "visit",
            "block",
            models.CharField(
                db_default="", default="", help_text="Of a text, the id of the block that was read last.", max_length=20
            ),
        ),
    ]
