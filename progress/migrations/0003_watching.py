from django.db import migrations

# Twice is the fastest that browsers offer in their own controls, and so the most that a second of time can cover.
CREATE = """
CREATE FUNCTION progress_covered_ms(ranges int4multirange) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(sum(upper(part) - lower(part)), 0) FROM unnest(ranges) AS part
$$;
CREATE FUNCTION progress_playable_ms(since timestamptz, until timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 2 * (date_part('epoch', until - since) * 1000)::bigint
$$;
"""
DROP = """
DROP FUNCTION progress_playable_ms(timestamptz, timestamptz);
DROP FUNCTION progress_covered_ms(int4multirange);
"""


class Migration(migrations.Migration):
    dependencies = [("progress", "0002_completion_is_insert_only")]
    operations = [migrations.RunSQL(CREATE, DROP)]
