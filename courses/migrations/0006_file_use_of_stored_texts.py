from django.db import migrations

# What `courses.services.file_uses` records at each saving, for what was saved before. Safe to run again.
OF_TEXTS = """
INSERT INTO courses_fileuse (activity_id, course_file_id)
SELECT DISTINCT r.activity_id, f.id
  FROM courses_reading r
  JOIN courses_activity a ON a.id = r.activity_id AND a.kind = 'reading'
  JOIN courses_module m ON m.id = a.module_id
 CROSS JOIN LATERAL regexp_matches(
           r.html, '/files/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/', 'g') AS found(groups)
  JOIN courses_coursefile f ON f.id = found.groups[1]::uuid AND f.course_id = m.course_id
 WHERE r.activity_id > %s AND r.activity_id <= %s
    ON CONFLICT DO NOTHING
"""
OF_FILES = """
INSERT INTO courses_fileuse (activity_id, course_file_id)
SELECT c.activity_id, c.course_file_id
  FROM courses_filecontent c
  JOIN courses_activity a ON a.id = c.activity_id AND a.kind = 'file'
 WHERE c.activity_id > %s AND c.activity_id <= %s
    ON CONFLICT DO NOTHING
"""
BATCH = 500


def record(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM courses_activity")
        (last,) = cursor.fetchone()
        for after in range(0, last, BATCH):
            for statement in (OF_TEXTS, OF_FILES):
                cursor.execute(statement, [after, after + BATCH])


class Migration(migrations.Migration):
    # Each batch by itself: no lock is held from the first text to the last.
    atomic = False
    dependencies = [("courses", "0005_file_use")]
    operations = [migrations.RunPython(record, migrations.RunPython.noop)]
