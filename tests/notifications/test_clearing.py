"""What is kept of notices, and that those of the day are found among all that were ever told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from common.literals import Literal
from notifications.models import Notice
from notifications.services.clearing import TOLD_FOR
from notifications.tasks import clear_old_notices
from tests.cast import Cast
from tests.factories.notices import notice

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_what_was_settled_long_ago_is_deleted_and_nothing_that_is_planned(cast: Cast) -> None:
    old, kept = datetime.now(UTC) - TOLD_FOR - timedelta(days=1), datetime.now(UTC) - TOLD_FOR + timedelta(days=1)
    for subject, values in enumerate(
        ({"settled_at": old}, {"settled_at": old, "state": "skipped"}, {"settled_at": kept}, {"state": "planned"})
    ):
        notice(cast.student, subject=subject, **values)
    clear_old_notices()
    assert sorted(Notice.objects.values_list("subject", flat=True)) == [2, 3]


def test_what_was_held_out_is_kept_as_long_as_what_it_is_compared_with(cast: Cast) -> None:
    at = datetime.now(UTC) - TOLD_FOR + timedelta(days=1)
    for subject, state in enumerate(("told", "held out", "skipped")):
        notice(cast.student, subject=subject, state=state, settled_at=at)
    clear_old_notices()
    assert sorted(Notice.objects.values_list("state", flat=True)) == ["held out", "told"]


@pytest.mark.parametrize(
    ("index", "rows"),
    [
        ("notice_to_tell", lambda cast: Notice.objects.ready(NOW)),
        ("notice_to_mail", lambda cast: Notice.objects.to_mail(NOW)),
        ("inbox_by_person", lambda cast: Notice.objects.laid_before(cast.student).order_by("-settled_at", "-pk")),
    ],
)
def test_plan_that_knows_no_values_takes_the_index_that_was_made_for_it(cast: Cast, index: str, rows: object) -> None:
    assert callable(rows)
    found: QuerySet[Notice] = rows(cast)
    statement, values = found.query.sql_with_params()
    for number in range(len(values)):
        statement = statement.replace("%s", f"${number + 1}", 1)
    with connection.cursor() as cursor:
        # So few rows are read through otherwise.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("PREPARE found AS " + statement)
        given = sql.SQL(", ").join(sql.Literal(value) for value in values)
        cursor.execute(sql.SQL("EXPLAIN EXECUTE found({})").format(given).as_string())
        plan = " ".join(line for (line,) in cursor.fetchall())
        cursor.execute("DEALLOCATE found")
    assert index in plan


def test_literal_is_a_plain_word() -> None:
    with pytest.raises(ValueError, match="no plain word"):
        Literal("told' OR '1' = '1")
