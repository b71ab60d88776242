"""What was watched before there was a grid, laid on it. In small steps: players go on reporting meanwhile."""

from django.db import connection, migrations

STEP = 2_000
# Widened to max(250 ms, length / 2,000) and never beyond the lecture. Done again, it changes nothing.
SNAP = """
UPDATE progress_watch AS w SET covered = snapped.covered
  FROM (SELECT old.id, range_agg(int4range(lower(part) / grid * grid,
                   greatest(upper(part), least((upper(part)::bigint + grid - 1) / grid * grid, length)::int))) AS covered
          FROM progress_watch old
          JOIN courses_lecturecontent l ON l.activity_id = old.activity_id
          JOIN courses_recording r ON r.id = l.recording_id,
               LATERAL (SELECT greatest(250, (r.duration_ms + 1999) / 2000)::int AS grid, r.duration_ms AS length) AS fit,
               unnest(old.covered) AS part
         WHERE old.id > %(after)s AND old.id <= %(until)s
         GROUP BY old.id) AS snapped
 WHERE w.id = snapped.id AND w.covered <> snapped.covered
"""
BOUND = """
UPDATE progress_visit SET visible = progress_bounded(visible, 2000)
 WHERE id > %(after)s AND id <= %(until)s AND (SELECT count(*) FROM unnest(visible)) > 2000
"""


def snap(apps: object, schema_editor: object) -> None:
    with connection.cursor() as cursor:
        for table, statement in (("progress_watch", SNAP), ("progress_visit", BOUND)):
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608  a name of ours
            (last,) = cursor.fetchone()
            for after in range(0, last, STEP):
                cursor.execute(statement, {"after": after, "until": after + STEP})


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("progress", "0004_spent_seconds"), ("courses", "0003_within_one_course")]
    operations = [migrations.RunPython(snap, migrations.RunPython.noop)]
