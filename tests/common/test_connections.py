"""A connection that outlives a request is looked at before the next one uses it, and asked only in doubt."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from accounts.models import User
from common.postgres.base import TRUSTED_SECONDS, DatabaseWrapper
from tests.factories.people import UserFactory

QUESTION, MARK = "SELECT 1", "SELECT 40 + 2"


@pytest.fixture
def kept(db: None) -> Iterator[DatabaseWrapper]:
    """A connection of its own, in no transaction, as a process has between two requests."""
    made = connection.copy()
    made.settings_dict = {**made.settings_dict, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    made.connect()
    yield made
    made.close()


@pytest.fixture
def impatient(transactional_db: None) -> Iterator[DatabaseWrapper]:
    """As a process has whose statements may take a fifth of a second."""
    made = connection.copy()
    options = made.settings_dict["OPTIONS"]
    shorter = options["options"].replace(settings.STATEMENT_TIMEOUT, "200ms")
    made.settings_dict = {**made.settings_dict, "OPTIONS": {**options, "options": shorter}}
    yield made
    made.close()


def ask(of: DatabaseWrapper, statement: str) -> object:
    with of.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def last_heard(pid: object) -> object:
    return ask(connection, f"SELECT query FROM pg_stat_activity WHERE pid = {pid}")


def next_request(of: DatabaseWrapper) -> None:
    of.close_if_unusable_or_obsolete()
    of.cursor().close()


def test_connection_that_the_server_ended_is_replaced(kept: DatabaseWrapper) -> None:
    pid = ask(kept, "SELECT pg_backend_pid()")
    assert ask(connection, f"SELECT pg_terminate_backend({pid}, 5000)")
    kept.close_if_unusable_or_obsolete()
    assert ask(kept, "SELECT pg_backend_pid()") != pid


@pytest.mark.parametrize(("quiet_for", "heard"), [(0, MARK), (TRUSTED_SECONDS + 1, QUESTION)])
def test_connection_is_asked_only_after_it_was_quiet_for_long(
    quiet_for: int, heard: str, kept: DatabaseWrapper
) -> None:
    pid = ask(kept, "SELECT pg_backend_pid()")
    next_request(kept)
    ask(kept, MARK)
    kept.looked_at -= quiet_for
    next_request(kept)
    assert last_heard(pid) == heard


def test_commit_waits_no_longer_for_a_row_it_points_to_than_a_statement_may_take(impatient: DatabaseWrapper) -> None:
    person = UserFactory()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        with pytest.raises(OperationalError) as ended:
            impatient.cursor().execute(
                "INSERT INTO notifications_mailbox (person_id, leads) VALUES (%s, '{}')", [person.pk]
            )
    assert isinstance(ended.value.__cause__, LockNotAvailable)
