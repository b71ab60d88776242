"""Whether nudges help: who came back within 72 hours, of those who were sent one and of a tenth who were not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from courses.models import Enrolment
from notifications import selectors
from notifications.models import Notice
from notifications.selectors import Side, Trial
from progress.models import Presence
from progress.selectors.returns import came_back
from tests.cast import Cast
from tests.factories.people import UserFactory

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOLD = datetime(2026, 11, 10, 16, 0, tzinfo=UTC)


def test_interval_is_that_of_newcombe() -> None:
    """The example (a) of Newcombe 1998, method 10: 56/70 against 48/80."""
    low, high = Trial(Side(70, 56), Side(80, 48)).interval() or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize(
    ("sent", "held_out", "clear"),
    [((70, 56), (80, 48), True), ((700, 300), (80, 30), False), ((0, 0), (10, 5), False), ((90, 90), (10, 0), True)],
)
def test_difference_is_clear_only_where_its_interval_leaves_out_nothing(
    sent: tuple[int, int], held_out: tuple[int, int], clear: bool
) -> None:
    assert Trial(Side(*sent), Side(*held_out)).is_clear is clear


def nudge(person: User, **values: Any) -> Notice:
    given = {"kind": "nudge", "subject": 0, "lead": 1, "local_day": TOLD.date(), "not_before": TOLD, "state": "told"}
    return Notice.objects.create(person=person, **{**given, "settled_at": TOLD, **values})


@pytest.mark.django_db
def test_adults_who_were_sent_a_nudge_are_compared_with_those_who_were_not() -> None:
    people = [UserFactory(email=None) for _ in range(6)]
    minor = UserFactory(email=None, minor=True)
    for person in people[:4]:
        nudge(person)
    for person in people[4:]:
        nudge(person, state="held out")
    nudge(minor)
    nudge(people[0], lead=2, state="skipped")
    # Its 72 hours are not over.
    nudge(people[0], lead=3, settled_at=NOW - timedelta(hours=71))
    backs = {people[0].pk, people[1].pk, people[2].pk, people[4].pk, minor.pk}

    def returned(told: Sequence[tuple[int, datetime]], within: timedelta) -> list[bool]:
        assert within == timedelta(hours=72)
        return [person in backs for person, _ in told]

    assert selectors.trial("nudge", returned, NOW) == Trial(Side(4, 3), Side(2, 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "day", "minutes", "back"),
    [
        # Told at 17:00 in Berlin: at work until then is no return, a minute later is.
        ("Europe/Berlin", "2026-11-10", "{[1000,1020)}", False),
        ("Europe/Berlin", "2026-11-10", "{[1000,1021)}", True),
        ("Europe/Berlin", "2026-11-13", "{[1019,1030)}", True),
        ("Europe/Berlin", "2026-11-13", "{[1020,1030)}", False),
        # The same instants on another wall: 05:00 of the next day.
        ("Pacific/Auckland", "2026-11-11", "{[299,300)}", False),
        ("Pacific/Auckland", "2026-11-11", "{[300,301)}", True),
    ],
)
def test_return_is_a_minute_at_work_within_72_hours(cast: Cast, zone: str, day: str, minutes: str, back: bool) -> None:
    User.objects.filter(pk=cast.student.pk).update(timezone=zone)
    Presence.objects.create(enrolment=Enrolment.objects.get(user=cast.student), day=day, minutes=minutes)
    told = [(cast.other_student.pk, TOLD), (cast.student.pk, TOLD)]
    assert came_back(told, timedelta(hours=72)) == [False, back]
