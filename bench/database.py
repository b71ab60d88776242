"""The database of the measurements: made once, used again while it would come out the same."""

import hashlib
import sys
import time
from datetime import UTC, datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench import fill

MARK = "bench_fill"
TABLES = "SELECT count(*), count(*) FILTER (WHERE tablename = %s) FROM pg_tables WHERE schemaname = 'public'"


def prepare() -> None:
    """Leave a filled database behind, and say how long that took."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    if _filled_with() == (wanted := _fingerprint()):
        print("The database is filled already.", flush=True)
        return
    started = time.monotonic()
    print("Filling the database …", flush=True)
    _empty()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    fill.everything()
    with connection.cursor() as cursor:
        # What autovacuum does on a site that lives longer than a measurement.
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(f"INSERT INTO {MARK} VALUES (%s)", [wanted])
    print(f"Filled in {time.monotonic() - started:.0f} s.", flush=True)


def _fingerprint() -> str:
    """What the content depends on: the schema, the code that fills it, and the day that its dates are told from."""
    root = settings.BASE_DIR
    sources = sorted([*root.glob("*/migrations/*.py"), *root.glob("bench/fill*.py"), root / "bench" / "words.py"])
    text = b"".join(source.read_bytes() for source in [*sources, *sorted((root / "common" / "richtext").glob("*.py"))])
    return f"{hashlib.sha256(text).hexdigest()[:16]} {datetime.now(UTC).date()}"


def _filled_with() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [MARK])
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute(f"SELECT fingerprint FROM {MARK}")
        row = cursor.fetchone()
    return row[0] if row else None


def _empty() -> None:
    """Drop everything, but only what an earlier run made: the address may name a database that somebody needs."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [MARK])
        tables, marked = cursor.fetchone()
        if tables and not marked:
            sys.exit("DATABASE_URL names a database that holds something else. The bench fills an empty one.")
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
        cursor.execute(f"CREATE TABLE {MARK} (fingerprint text)")
