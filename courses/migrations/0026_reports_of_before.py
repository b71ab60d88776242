from typing import Any

from django.db import migrations, transaction

# What `courses.services.import_reports` keeps at the end of a run, for those that had ended before.
LINES_AND_FOLDS = """
WITH said AS (
    SELECT place, coalesce(line ->> 'outcome', '') AS outcome, coalesce(line ->> 'kind', '') AS kind,
           coalesce(line ->> 'identifier', '') AS identifier, coalesce(line ->> 'title', '') AS title,
           coalesce(line ->> 'reason', '') AS reason
      FROM courses_courseimport, jsonb_array_elements(lines) WITH ORDINALITY AS each(line, place)
     WHERE id = %(run)s
), each AS (
    SELECT *, outcome = 'kept' AND kind = 'file' AS inside,
           CASE WHEN outcome = 'kept' AND kind = 'file' THEN '' ELSE reason END AS alike,
           CASE outcome WHEN 'kept' THEN 'kept' WHEN 'left out' THEN 'left_out'
                WHEN 'imported' THEN CASE reason WHEN '' THEN 'imported' ELSE 'remarked' END
                ELSE 'unchanged' END AS result
      FROM said
), fold AS (
    SELECT result, inside, alike, count(*) AS count, min(place) AS first, min(reason) AS reason,
           (array_agg(coalesce(nullif(title, ''), identifier) ORDER BY place))[1:3] AS titles,
           row_number() OVER (
               ORDER BY array_position('{left_out,remarked,kept,unchanged,imported}', result), count(*) DESC, min(place)
           ) AS place
      FROM each GROUP BY result, inside, alike
), kept AS (
    INSERT INTO courses_reportline (run_id, place, fold, result, outcome, kind, identifier, title, reason)
    SELECT %(run)s, each.place, fold.place, result, left(outcome, 20), left(kind, 20), identifier, title, each.reason
      FROM each JOIN fold USING (result, inside, alike)
)
INSERT INTO courses_reportfold (run_id, place, result, reason, inside, count, titles, first)
SELECT %(run)s, place, result, CASE WHEN inside AND count > 1 THEN '' ELSE reason END, inside AND count > 1, count,
       to_jsonb(titles), first
  FROM fold
"""
FAULTS = """
INSERT INTO courses_reportfault (run_id, place, message, count, "where")
SELECT %(run)s, row_number() OVER (ORDER BY count(*) DESC, min(place)), coalesce(fault ->> 'message', ''), count(*),
       jsonb_agg(coalesce(fault ->> 'where', '') ORDER BY place)
  FROM courses_courseimport, jsonb_array_elements(faults) WITH ORDINALITY AS each(fault, place)
 WHERE id = %(run)s
 GROUP BY coalesce(fault ->> 'message', '')
"""
COUNTS = """
UPDATE courses_courseimport SET counts = jsonb_build_object(
    'results', (SELECT coalesce(jsonb_object_agg(result, count), '{}') FROM (
        SELECT result, count(*) FROM courses_reportline WHERE run_id = %(run)s GROUP BY result
    ) AS counted),
    'kept', (SELECT coalesce(jsonb_agg(jsonb_build_array(kind, count) ORDER BY count DESC, first), '[]') FROM (
        SELECT kind, count(*), min(place) AS first FROM courses_reportline
         WHERE run_id = %(run)s AND result = 'kept' GROUP BY kind
    ) AS counted)
) WHERE id = %(run)s
"""


def keep(apps: Any, schema_editor: Any) -> None:
    runs = apps.get_model("courses", "CourseImport").objects.filter(state="done", counts__isnull=True)
    for key in list(runs.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            if not runs.select_for_update().filter(pk=key).values("pk"):
                continue
            for statement in (LINES_AND_FOLDS, FAULTS, COUNTS):
                cursor.execute(statement, {"run": key})


class Migration(migrations.Migration):
    """Each run by itself: no lock is held from the first to the last, and it may be done again."""

    atomic = False
    dependencies = [("courses", "0025_reports_in_rows")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
