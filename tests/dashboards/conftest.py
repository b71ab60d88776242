from collections.abc import Iterator

import pytest
import time_machine

from tests.dashboards.steps import NOW


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It stands still, on a Tuesday morning, until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
