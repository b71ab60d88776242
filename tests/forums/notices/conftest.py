from collections.abc import Iterator

import pytest
import time_machine

from courses.models import Cohort, Enrolment
from tests.cast import Cast
from tests.courses.notices.days import START
from tests.factories.courses import LONG_AGO
from tests.forums.notices.living import EVERYBODY


@pytest.fixture
def clock(cast: Cast) -> Iterator[time_machine.Traveller]:
    """A Tuesday morning in Berlin, where everybody lives."""
    Enrolment.objects.update(state_changed_at=LONG_AGO)
    Cohort.objects.update(timezone="Europe/Berlin")
    for cohort in (cast.cohort, cast.elsewhere):
        cohort.refresh_from_db()
    for name in EVERYBODY:
        person = cast.person(name)
        person.display_name = name.replace("_", " ").title()
        person.save()
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller
