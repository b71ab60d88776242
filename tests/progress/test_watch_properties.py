"""Reports in any order, twice, late and from two devices; and a browser that claims more than time allows."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import Activity
from progress.models import Watch
from tests.cast import Cast
from tests.conftest import SOAK
from tests.progress.watch import OPENED, covered, kept, most_ms, on_the_grid, opening_of, played, send, total, united

pytestmark = pytest.mark.django_db
LENGTH, GRID = 60_000, 250
LATER = timedelta(seconds=7)


def examples(few: int, many: int) -> settings:
    return settings(
        max_examples=many if SOAK else few,
        deadline=None,
        # Each example begins by forgetting what the one before it left.
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


EDGES = st.integers(-5_000, LENGTH + 5_000)
RANGES = st.lists(st.tuples(EDGES, EDGES), max_size=5)
INSIDE = st.lists(st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)), max_size=5)
SECONDS = st.integers(0, 300)
# Which of two devices, what it played, where it stood, and when (seconds after the first opening; some lie ahead).
REPORTS = st.lists(st.tuples(st.sampled_from([0, 1]), RANGES, EDGES, SECONDS), min_size=1, max_size=6)


def cut(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    inside = [(max(0, start), min(end, LENGTH)) for start, end in ranges]
    return [(start, end) for start, end in inside if start < end]


@examples(25, 400)
@given(reports=REPORTS, data=st.data())
def test_any_order_and_repetition_gives_the_same_end(
    cast: Cast, lecture: Activity, client: Client, reports: list, data: st.DataObject
) -> None:
    Watch.objects.all().delete()
    client.force_login(cast.student)
    with time_machine.travel(OPENED, tick=False) as clock:
        openings = [opening_of(cast, lecture)]
        clock.shift(LATER)
        openings.append(opening_of(cast, lecture))
        clock.move_to(OPENED + timedelta(seconds=200))
        now = OPENED + timedelta(seconds=200)
        again = data.draw(st.lists(st.sampled_from(reports), max_size=4))
        for device, ranges, position, second in data.draw(st.permutations(reports + again)):
            at = OPENED + timedelta(seconds=second)
            assert send(client, lecture, played(openings[device], ranges, position, at)).status_code == 200
    row = kept(cast, lecture)
    assert covered(cast, lecture) == on_the_grid([part for _, ranges, _, _ in reports for part in cut(ranges)])
    moments = [
        (min(OPENED + timedelta(seconds=second), now), min(max(0, position), LENGTH))
        for _, _, position, second in reports
    ]
    assert (row.position_at, row.position_ms) == max(moments)
    assert row.since == OPENED + LATER * min(device for device, *_ in reports)


@examples(25, 400)
@given(steps=st.lists(st.tuples(st.sampled_from([0, 1]), RANGES, st.integers(0, 9)), min_size=1, max_size=8))
def test_nothing_a_browser_sends_counts_for_more_than_twice_the_time(
    cast: Cast, lecture: Activity, client: Client, steps: list
) -> None:
    Watch.objects.all().delete()
    client.force_login(cast.student)
    with time_machine.travel(OPENED, tick=False) as clock:
        openings = [opening_of(cast, lecture)]
        clock.shift(LATER)
        openings.append(opening_of(cast, lecture))
        before: list = []
        for device, ranges, seconds in steps:
            clock.shift(seconds)
            answer = send(client, lecture, played(openings[device], ranges))
            now = covered(cast, lecture)
            assert total(now) <= most_ms(OPENED)
            assert all(0 <= start < end <= LENGTH for start, end in now)
            # Whatever the answer, nothing that was there is gone; and it says truly whether it took the report.
            assert united(before + now) == now
            assert [tuple(part) for part in answer.json()["covered"]] == now
            taken = united(now + on_the_grid(cut(ranges))) == now
            assert answer.status_code == (200 if taken else 202)
            assert answer.json()["later"] is not taken
            before = now


@examples(25, 400)
@given(reports=st.lists(st.tuples(st.sampled_from([0, 1]), INSIDE), min_size=1, max_size=5), data=st.data())
def test_what_was_put_off_counts_once_time_has_passed(
    cast: Cast, lecture: Activity, client: Client, reports: list, data: st.DataObject
) -> None:
    Watch.objects.all().delete()
    client.force_login(cast.student)
    with time_machine.travel(OPENED, tick=False) as clock:
        openings = [opening_of(cast, lecture)]
        clock.shift(LATER)
        openings.append(opening_of(cast, lecture))
        waiting = list(enumerate(reports))
        for _ in range(12):
            waiting = data.draw(st.permutations(waiting))
            answers = [send(client, lecture, played(openings[device], ranges)) for _, (device, ranges) in waiting]
            waiting = [one for one, answer in zip(waiting, answers, strict=True) if answer.status_code == 202]
            clock.shift(5)
    assert waiting == []
    assert covered(cast, lecture) == on_the_grid([part for _, ranges in reports for part in cut(ranges)])


@examples(25, 400)
@given(
    played_for=st.lists(st.tuples(st.integers(0, 20), st.integers(0, LENGTH), st.integers(1, 12)), max_size=6),
    speed=st.sampled_from([0.5, 1, 1.5, 2]),
    sent_each=st.booleans(),
)
def test_honest_watching_counts_at_any_speed_and_at_once_below_the_highest(
    cast: Cast, lecture: Activity, client: Client, played_for: list, speed: float, sent_each: bool
) -> None:
    """Somebody pauses, jumps and plays, with a connection or without one until the end.

    What the grid adds to many jumps at the highest speed counts as soon as time allows, a moment later.
    """
    Watch.objects.all().delete()
    client.force_login(cast.student)
    with time_machine.travel(OPENED + timedelta(milliseconds=700), tick=False) as clock:
        opening, mine = opening_of(cast, lecture), []
        for pause, start, seconds in played_for:
            clock.shift(pause + seconds)
            mine.append((start, min(LENGTH, start + round(seconds * speed * 1000))))
            if sent_each:
                answer = send(client, lecture, played(opening, mine[-1:]))
                assert answer.status_code == 200 or speed == 2
        clock.shift(len(mine) * GRID / 1000)
        assert send(client, lecture, played(opening, mine)).status_code == 200
    assert covered(cast, lecture) == on_the_grid([part for part in mine if part[0] < part[1]])
