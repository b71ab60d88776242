from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from courses.models import Activity
from tests.cast import Cast
from tests.factories import lectures as make
from tests.progress.watch import OPENED, opening_of


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It stands still until a test moves it."""
    with time_machine.travel(OPENED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lecture(cast: Cast) -> Activity:
    """A minute long; watched at 90 percent."""
    return make.lecture(cast.module, title="Bees on film", position=7)


@pytest.fixture
def opening(cast: Cast, lecture: Activity, client: Client, clock: time_machine.Traveller) -> str:
    """Of a page that the student opened two minutes ago."""
    token = opening_of(cast, lecture)
    client.force_login(cast.student)
    clock.shift(120)
    return token
