from django.db import migrations

# Quiet hours are whole hours of the reader's own clock: from `quiet_from`, for `quiet_hours`, past midnight or not.
# `decent` is the instant itself, or the end of the quiet hours that it falls into. `at_hour` is an hour of a day, moved
# out of quiet hours within that day: to their end where that is later the same day, else to the hour before they begin.
CREATE = """
CREATE FUNCTION notifications_decent(at timestamptz, zone text, quiet_from int, quiet_hours int)
RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN wall < began + make_interval(hours => quiet_hours)
                THEN (began + make_interval(hours => quiet_hours)) AT TIME ZONE zone ELSE at END
      FROM (SELECT wall, CASE WHEN today > wall THEN today - interval '1 day' ELSE today END AS began
              FROM (SELECT at AT TIME ZONE zone AS wall,
                           date_trunc('day', at AT TIME ZONE zone) + make_interval(hours => quiet_from) AS today) AS a) AS b
$$;
CREATE FUNCTION notifications_at_hour(day date, hour int, zone text, quiet_from int, quiet_hours int)
RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (day + make_interval(hours =>
               CASE WHEN (hour - quiet_from + 24) % 24 >= quiet_hours THEN hour
                    WHEN hour < (quiet_from + quiet_hours) % 24 THEN (quiet_from + quiet_hours) % 24
                    ELSE quiet_from - 1 END)) AT TIME ZONE zone
$$;
"""
DROP = """
DROP FUNCTION notifications_at_hour(date, int, text, int, int);
DROP FUNCTION notifications_decent(timestamptz, text, int, int);
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
