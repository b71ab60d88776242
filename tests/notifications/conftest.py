from collections.abc import Iterator

import pytest
from pytest_django import Settings

from courses.models import Cohort
from tests.factories.smtp import Inbox, mail_server
from tests.notifications.school import make_school


@pytest.fixture
def server(settings: Settings) -> Iterator[Inbox]:
    with mail_server(settings) as inbox:
        yield inbox


@pytest.fixture
def school() -> Cohort:
    return make_school()
