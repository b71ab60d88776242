import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import User
from tests.cast import Cast, Rehearsed

SOAK = bool(os.environ.get("OWNPACE_SOAK"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`make test` has eight minutes: what is marked `soak` is told as deselected there, not as skipped."""
    left = [] if SOAK else [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The processes of a run copy the tables that the first of them made, so that every migration runs once."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        yield
        return
    asked, template = connection.settings_dict["TEST"], f"test_template_{run}"
    with (tmp_path_factory.getbasetemp().parent / "template").open("a+") as made, django_db_blocker.unblock():
        fcntl.flock(made, fcntl.LOCK_EX)
        is_first = os.fstat(made.fileno()).st_size == 0
        if is_first:
            own, name = asked["NAME"], connection.settings_dict["NAME"]
            asked["NAME"] = template
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
            connection.close()
            asked["NAME"], connection.settings_dict["NAME"] = own, name
            made.write("made")
    asked |= {"TEMPLATE": template, "MIGRATE": False}
    yield
    if is_first:
        with django_db_blocker.unblock(), connection.creation._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {connection.ops.quote_name(template)} WITH (FORCE)")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _media_is_swept() -> Iterator[None]:
    yield
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def _rehearsed(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Rehearsed:
    with django_db_blocker.unblock():
        return Rehearsed()


@pytest.fixture
def cast(_rehearsed: Rehearsed, db: None) -> Cast:
    return _rehearsed.enter()


@pytest.fixture
def as_user() -> Callable[[User | None], Client]:
    """A browser in which somebody is signed in; None for nobody."""

    def sign_in(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def untraced() -> Iterator[None]:
    """Without coverage, for tests that time. pytest-cov's own marker does not stop it in the processes of xdist."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)
