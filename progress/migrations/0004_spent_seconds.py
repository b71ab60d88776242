import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import progress.fields

# At most so many ranges: of more, the shortest gaps are closed, and of equal ones the earliest.
CREATE = """
CREATE FUNCTION progress_bounded(ranges int8multirange, most int) RETURNS int8multirange
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH edges AS (
        SELECT lag(upper(part)) OVER (ORDER BY part) AS start, lower(part) AS stop, count(*) OVER () - most AS spare
          FROM unnest(ranges) AS part
    ), gaps AS (
        SELECT int8range(start, stop) AS gap, spare, row_number() OVER (ORDER BY stop - start, start) AS place
          FROM edges WHERE start IS NOT NULL
    )
    SELECT ranges + coalesce(range_agg(gap) FILTER (WHERE place <= spare), '{}') FROM gaps
$$;
"""
DROP = "DROP FUNCTION progress_bounded(int8multirange, int)"


class Migration(migrations.Migration):
    dependencies = [
        ("progress", "0003_watching"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.AddField(
            model_name="watch",
            name="played",
            field=progress.fields.Int8MultiRangeField(db_default=models.Value("{}")),
        ),
        migrations.CreateModel(
            name="Spent",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="spent",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seconds", progress.fields.Int8MultiRangeField(db_default=models.Value("{}"))),
            ],
        ),
    ]
