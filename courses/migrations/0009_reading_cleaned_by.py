from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0008_dates_are_within_bounds")]

    operations = [
        migrations.AddField(
            "reading",
            "cleaned_by",
            models.PositiveSmallIntegerField(
                default=0, help_text="The version of the cleaner that made it; what an older one made is made anew."
            ),
        ),
    ]
