"""Tables set aside: within one transaction, statements meet copies of some tables that hold one cohort and no other.

A rehearsal of a term writes for minutes. On the tables themselves it would hold locks that pages and workers wait for,
and plan for everybody on the site. Each copy is a temporary table of the same name, which Postgres finds first.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction

from accounts.models import OutgoingMail
from courses.models import Cohort, Enrolment
from notifications.models import Event, Mailbox, Notice

OF_COHORT = "WHERE cohort_id = %(cohort)s"
OF_ENROLMENTS = "WHERE enrolment_id IN (SELECT id FROM {schema}.courses_enrolment WHERE cohort_id = %(cohort)s)"
OF_PEOPLE = "WHERE person_id IN (SELECT user_id FROM {schema}.courses_enrolment WHERE cohort_id = %(cohort)s)"
NOTHING = "WHERE false"
# Ids of new rows begin beyond those of all rows that were copied.
FIRST_ID = 10**12


@contextmanager
def set_aside(cohort: Cohort, *, with_progress: bool) -> Iterator[None]:
    """All that is written inside is gone afterwards, and nobody else has seen or waited for it."""
    kept = {Enrolment: OF_COHORT, Mailbox: OF_PEOPLE, Notice: NOTHING, Event: NOTHING, OutgoingMail: NOTHING}
    kept |= dict.fromkeys(_progress(), OF_ENROLMENTS if with_progress else NOTHING)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_schema())")
            [schema] = cursor.fetchone()
            # By name, so that statements which this connection prepared before look their tables up again.
            cursor.execute(f"SET LOCAL search_path TO pg_temp, {schema}")
            for model, rows in kept.items():
                table = model._meta.db_table
                cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE {schema}.{table} INCLUDING ALL) ON COMMIT DROP")
                cursor.execute(
                    f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {schema}.{table} "  # noqa: S608  names of our own tables
                    + rows.format(schema=schema),
                    {"cohort": cohort.pk},
                )
                if model._meta.auto_field:
                    cursor.execute(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {FIRST_ID}")
                cursor.execute(f"ANALYZE {table}")
        yield
        transaction.set_rollback(True)


def _progress() -> list[type]:
    """What is known of one enrolment on its way through a course."""
    models = apps.get_app_config("progress").get_models()
    return [model for model in models if any(field.name == "enrolment" for field in model._meta.concrete_fields)]
