"""What a player reports: what counts, what waits, and what is refused."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from courses.models import Activity
from progress.models import Completion
from progress.services import ticks
from tests.cast import Cast
from tests.factories import lectures
from tests.progress.watch import OPENED, covered, kept, opening_of, played, send, unix_ms

pytestmark = pytest.mark.usefixtures("clock")
MINUTE = [(0, 60_000)]


def test_watching_enough_ticks_with_its_evidence(cast: Cast, lecture: Activity, client: Client, opening: str) -> None:
    assert send(client, lecture, played(opening, [(0, 53_750)])).json() == {
        "covered": [[0, 53_750]],
        "done": False,
        "later": False,
    }
    assert not Completion.objects.exists()
    assert send(client, lecture, played(opening, [(59_750, 60_000)])).json()["done"] is True
    tick = Completion.objects.get()
    assert (tick.how, tick.recorded_by) == ("watched", cast.student)
    assert tick.evidence == {"covered_ms": 54_000, "duration_ms": 60_000, "needed_percent": 90}


def test_share_that_is_no_whole_millisecond_is_rounded_up(
    cast: Cast, client: Client, clock: time_machine.Traveller
) -> None:
    third = lectures.bare_lecture(cast.module, seconds=2.501, needed_percent=30, position=8)
    client.force_login(cast.student)
    token = opening_of(cast, third)
    clock.shift(5)
    # 750 ms are no 30 percent.
    assert send(client, third, played(token, [(0, 750)])).json()["done"] is False
    assert send(client, third, played(token, [(750, 751)])).json()["done"] is True


def test_second_completion_is_not_made_by_watching_on(
    cast: Cast, lecture: Activity, client: Client, opening: str
) -> None:
    for _ in range(2):
        assert send(client, lecture, played(opening, MINUTE)).json()["done"] is True
    assert Completion.objects.count() == 1


def test_lecture_that_only_the_hand_ticks_is_not_ticked(
    cast: Cast, lecture: Activity, client: Client, opening: str
) -> None:
    Activity.objects.filter(pk=lecture.pk).update(rule="marked")
    assert send(client, lecture, played(opening, MINUTE)).json()["done"] is False
    assert covered(cast, lecture) == MINUTE
    assert not Completion.objects.exists()


def test_too_much_waits_and_keeps_what_was_there(
    cast: Cast, lecture: Activity, client: Client, clock: time_machine.Traveller
) -> None:
    client.force_login(cast.student)
    token = opening_of(cast, lecture)
    clock.shift(10)
    assert send(client, lecture, played(token, [(0, 10_000)])).status_code == 200
    late = send(client, lecture, played(token, MINUTE, position=60_000))
    assert (late.status_code, late.json()["later"], late.json()["covered"]) == (202, True, [[0, 10_000]])
    # Ten seconds and the grace of one allow 22; thirty in all allow the sixty.
    clock.shift(18.999)
    assert send(client, lecture, played(token, MINUTE)).status_code == 202
    clock.shift(0.001)
    assert send(client, lecture, played(token, MINUTE)).json()["done"] is True


@pytest.mark.parametrize("ranges", [[], [[5, 5]], [[9, 3]], [[-9, 0]], [[60_000, 99_000]], [[10**30, 10**31]]])
def test_range_of_which_nothing_is_left_covers_nothing(
    cast: Cast, lecture: Activity, client: Client, opening: str, ranges: list
) -> None:
    assert send(client, lecture, played(opening, ranges)).status_code == 200
    assert covered(cast, lecture) == []


def test_ranges_and_position_are_cut_to_the_lecture(
    cast: Cast, lecture: Activity, client: Client, opening: str
) -> None:
    send(client, lecture, played(opening, [(-(10**12), 10), (59_990, 10**12)], position=10**12))
    assert covered(cast, lecture) == [(0, 250), (59_750, 60_000)]
    assert kept(cast, lecture).position_ms == 60_000


def test_position_is_the_latest_by_the_clock_and_never_of_a_moment_to_come(
    cast: Cast, lecture: Activity, client: Client, opening: str, clock: time_machine.Traveller
) -> None:
    now = OPENED + timedelta(seconds=120)
    for position, at in ((9_000, now - timedelta(seconds=5)), (4_000, now - timedelta(seconds=60))):
        send(client, lecture, played(opening, [], position, at))
    assert kept(cast, lecture).position_ms == 9_000
    send(client, lecture, played(opening, [], 20_000, now + timedelta(days=900)))
    assert (kept(cast, lecture).position_ms, kept(cast, lecture).position_at) == (20_000, now)
    clock.shift(1)
    send(client, lecture, played(opening, [], 1_000))
    assert kept(cast, lecture).position_ms == 1_000


def test_page_left_open_for_a_month_still_counts(
    cast: Cast, lecture: Activity, client: Client, opening: str, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=30))
    client.force_login(cast.student)
    assert send(client, lecture, played(opening, MINUTE)).json()["done"] is True


FAILING = """
CREATE FUNCTION fail_for_the_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$;
CREATE TRIGGER fail_for_the_test BEFORE INSERT ON progress_completion EXECUTE FUNCTION fail_for_the_test();
"""


def test_tick_that_could_not_be_written_is_made_by_the_next_report(
    cast: Cast, lecture: Activity, client: Client, opening: str
) -> None:
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute(FAILING)
        assert send(client, lecture, played(opening, MINUTE)).status_code == 500
        cursor.execute("DROP TRIGGER fail_for_the_test ON progress_completion")
    assert covered(cast, lecture) == MINUTE
    assert not Completion.objects.exists()
    assert send(client, lecture, played(opening, [], 1_000)).json()["done"] is True
    assert Completion.objects.get().how == "watched"


def test_lower_share_ticks_whoever_has_it_and_a_higher_one_takes_no_tick(
    cast: Cast, lecture: Activity, client: Client, opening: str
) -> None:
    send(client, lecture, played(opening, [(0, 30_000)]))
    client.force_login(cast.editor)
    path = f"/edit/activities/{lecture.pk}/"
    sent = {"title": "Bees on film", "rule": "watched", "required": "on", "published": "on", "note": ""}
    for percent, count in ((51, 0), (50, 1), (100, 1)):
        assert client.post(path, sent | {"needed_percent": percent}).status_code == 302
        assert Completion.objects.standing().count() == count
    assert Completion.objects.get().evidence["needed_percent"] == 50
    assert ticks.recount(Activity.objects.select_related("lecture__recording").get(pk=lecture.pk)) == 0


def test_position_of_the_year_one_is_an_old_one(cast: Cast, lecture: Activity, client: Client, opening: str) -> None:
    report = played(opening, [(0, 1_000)], 5_000) | {"at": -62_135_596_800_000}
    assert send(client, lecture, report).status_code == 200
    send(client, lecture, played(opening, [], 7_000, OPENED - timedelta(days=9)))
    assert kept(cast, lecture).position_ms == 7_000
    assert unix_ms(kept(cast, lecture).position_at) == unix_ms(OPENED - timedelta(days=9))
