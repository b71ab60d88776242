from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_rubric_goes_with_its_assignment")]

    operations = [
        migrations.AddField(
            model_name="workfile",
            name="pages_in_all",
            field=models.PositiveIntegerField(help_text="Also those that were not drawn.", null=True),
        ),
    ]
