from collections.abc import Iterator

import pytest
import time_machine

from courses.models import Cohort, Enrolment
from tests.cast import Cast
from tests.courses.notices.days import START
from tests.factories.courses import LONG_AGO


@pytest.fixture
def clock(cast: Cast) -> Iterator[time_machine.Traveller]:
    """A Tuesday morning in Berlin, where everybody lives; they have been in their cohorts since January."""
    Enrolment.objects.update(state_changed_at=LONG_AGO)
    Cohort.objects.update(timezone="Europe/Berlin")
    cast.cohort.refresh_from_db()
    cast.elsewhere.refresh_from_db()
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller
