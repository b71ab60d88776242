"""A second of a person's life makes one tick: lessons that are open at once do not earn at once."""

import json
import threading
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.kinds import Who
from courses.models import Activity
from progress import beacons
from progress.models import Completion, Spent, Visit, Watch
from progress.played import Report
from progress.services import ticks, visits, watching
from tests.cast import Cast, gather
from tests.conftest import SOAK
from tests.factories import courses as make
from tests.factories import lectures
from tests.progress.watch import OPENED, played, send

START = int(OPENED.timestamp())
NEEDED = 60


def readings(cast: Cast, count: int, dwell: int = NEEDED) -> list[Activity]:
    made = [make.reading(cast.module, "Bees.", position=20 + number) for number in range(count)]
    Activity.objects.filter(pk__in=[one.pk for one in made]).update(dwell_seconds=dwell)
    return made


def opening(cast: Cast, activity: Activity) -> str:
    return beacons.sign(cast.enrolment.pk, activity.pk)


def report(client: Client, activity: Activity, token: str, visible: list) -> bool:
    body = json.dumps({"opening": token, "visible": visible})
    answer = client.post(f"/lessons/{activity.pk}/beacon/", body, content_type="application/json")
    assert answer.status_code == 200
    return answer.json()["done"]


def spent(cast: Cast) -> set[int]:
    row = Spent.objects.filter(user=cast.student).first()
    return {second for part in row.seconds for second in range(part.lower, part.upper)} if row else set()


def test_lessons_open_at_once_earn_no_more_than_the_time_that_passed(
    cast: Cast, client: Client, clock: time_machine.Traveller
) -> None:
    """As it was found: after 214 seconds fifteen readings and three lectures were ticked."""
    client.force_login(cast.student)
    texts = readings(cast, 15, dwell=118)
    films = [lectures.bare_lecture(cast.module, seconds=120, position=50 + number) for number in range(3)]
    tokens = {one.pk: opening(cast, one) for one in [*texts, *films]}
    clock.shift(214)
    done = [report(client, one, tokens[one.pk], [[0, 214]]) for one in texts]
    done += [send(client, one, played(tokens[one.pk], [(0, 120_000)])).json()["done"] for one in films]
    # A reading of 118 s, and a lecture of which 108 s take 54 s at twice the speed.
    assert (sum(done), Completion.objects.count(), len(spent(cast))) == (2, 2, 118 + 54)
    clock.shift(300)
    assert report(client, texts[1], tokens[texts[1].pk], [[0, 514]])
    assert len(spent(cast)) == 118 * 2 + 54


def test_seconds_seen_nowhere_else_are_spent_first(cast: Cast, client: Client, clock: time_machine.Traveller) -> None:
    client.force_login(cast.student)
    one, other = readings(cast, 2)
    tokens = [opening(cast, one), opening(cast, other)]
    clock.shift(200)
    report(client, other, tokens[1], [[0, 30]])
    assert report(client, one, tokens[0], [[0, 90]])
    assert spent(cast) == set(range(START + 30, START + 90))
    assert report(client, other, tokens[1], [[100, 130]])
    assert spent(cast) == set(range(START, START + 90)) | set(range(START + 100, START + 130))


def test_old_report_without_the_clock_covers_and_the_open_page_earns(
    cast: Cast, lecture: Activity, client: Client, opening: str
) -> None:
    old = played(opening, [(0, 60_000)])
    del old["wall"]
    told = send(client, lecture, old).json()
    assert (told["covered"], told["done"], told["later"]) == ([[0, 60_000]], False, False)
    assert not report(client, lecture, opening, [[0, 26]])
    assert report(client, lecture, opening, [[0, 27]])


def test_wall_is_cut_to_the_time_since_the_opening(cast: Cast, lecture: Activity, client: Client, opening: str) -> None:
    send(client, lecture, played(opening, [], wall=[(0, START + 5), (START + 110, START + 10**6)]))
    ranges = [(part.lower - START, part.upper - START) for part in Watch.objects.get().played]
    assert ranges == [(0, 5), (110, 120)]


@pytest.mark.parametrize("wall", [None, "all", [[1]], [["a", "b"]], [[0, float("inf")]], [[0, 1]] * 501])
def test_wall_that_is_none_is_refused(
    cast: Cast, lecture: Activity, client: Client, opening: str, wall: object
) -> None:
    assert send(client, lecture, played(opening, []) | {"wall": wall}).status_code == 400
    assert not Watch.objects.exists()


def test_tick_by_hand_spends_nothing_and_a_lower_share_spends(
    cast: Cast, lecture: Activity, client: Client, opening: str
) -> None:
    ticks.complete(cast.enrolment, cast.reading, how="marked", evidence={}, by=cast.student)
    send(client, lecture, played(opening, [(0, 30_000)]))
    assert spent(cast) == set()
    lecture.lecture.needed_percent = 50
    lecture.lecture.save()
    assert ticks.recount(lecture) == 1
    assert spent(cast) == set(range(START, START + 15))


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_spend_no_second_twice() -> None:
    cast = gather()
    first, second = readings(cast, 2)
    enrolment, barrier, answers = cast.enrolment, threading.Barrier(2), []
    for one in (first, second):
        one.refresh_from_db()
        visits.add_visible(enrolment, one, [(START, START + 100)], zone="UTC")

    def count(activity: Activity) -> None:
        barrier.wait()
        answers.append(ticks.tick_when_read(enrolment, activity, 100, by=cast.student))
        connection.close()

    threads = [threading.Thread(target=count, args=[one]) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, True]
    assert (Completion.objects.count(), len(spent(cast))) == (1, NEEDED)


EXAMPLES = settings(
    max_examples=300 if SOAK else 15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# For each stretch: the pause before it, which activity, and how long.
STRETCHES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), st.integers(1, 50)), min_size=1, max_size=14)


@EXAMPLES
@given(stretches=STRETCHES, data=st.data())
def test_honest_history_ends_ticked_in_whatever_order_it_arrives(
    cast: Cast, client: Client, stretches: list, data: st.DataObject
) -> None:
    """Three readings and a lecture, one at a time, on two devices without a connection; some of it arrives twice."""
    for model in (Completion, Spent, Visit, Watch):
        model.objects.all().delete()
    Activity.objects.filter(position__gte=20).delete()
    client.force_login(cast.student)
    things = [*readings(cast, 3, dwell=30), lectures.bare_lecture(cast.module, seconds=60, position=50)]
    with time_machine.travel(OPENED, tick=False) as clock:
        tokens = [opening(cast, one) for one in things]
        at, seen = 0, [[] for _ in things]
        for pause, which, seconds in stretches:
            seen[which].append((at + pause, at + pause + seconds))
            at += pause + seconds
        clock.shift(at + 40)
        sent = [(which, part) for which, parts in enumerate(seen) for part in parts]
        made: dict[int, set[int]] = {}
        for which, (start, end) in data.draw(st.permutations(sent * 2)):
            before = spent(cast)
            if which < 3:
                report(client, things[which], tokens[which], [[start, end]])
            else:
                done = sum(b - a for a, b in seen[3] if b <= start)
                film = [(min(60_000, done * 1000), min(60_000, (done + end - start) * 1000))]
                send(client, things[3], played(tokens[3], film, wall=[(START + start, START + end)]))
            if new := spent(cast) - before:
                made[which] = new
    # What a tick spent was its own, as much as it needs, and nobody else's.
    for which, new in made.items():
        own = {START + second for a, b in seen[which] for second in range(a, b)}
        assert new <= own
        assert len(new) == (30 if which < 3 else 27)
    assert len(spent(cast)) == sum(len(new) for new in made.values())
    finished = {which for which, parts in enumerate(seen) if sum(b - a for a, b in parts) >= (30 if which < 3 else 54)}
    assert made.keys() == finished
    assert set(Completion.objects.values_list("activity", flat=True)) == {things[which].pk for which in finished}


def test_ranges_without_end_are_a_bounded_row_and_a_small_page(
    cast: Cast, client: Client, clock: time_machine.Traveller
) -> None:
    """As it was found: 47,200 ranges of a millisecond in one lecture made a page of 3.9 MB."""
    client.force_login(cast.student)
    film = lectures.bare_lecture(cast.module, seconds=1180, position=50)
    begun = datetime.fromtimestamp(START, UTC)
    clock.shift(60)
    tiny = [(place * 25, place * 25 + 1) for place in range(47_200)]
    many = Report(tiny, 0, begun)
    # Widened it would be more than a minute allows: what is believed is what it comes to on the grid.
    assert not watching.add(cast.enrolment, film, many, opened_at=begun).taken
    clock.shift(timedelta(hours=1))
    sparse = Report([(place * 1180, place * 1180 + 1) for place in range(1000)], 0, begun)
    assert len(watching.add(cast.enrolment, film, sparse, opened_at=begun).covered) == 1000
    assert len(client.get(f"/lessons/{film.pk}/").content) < 200_000
    assert len(watching.add(cast.enrolment, film, many, opened_at=begun).covered) == 1


def test_seconds_in_a_row_are_bounded_by_closing_the_shortest_gaps(cast: Cast) -> None:
    flicker = [(START + 3 * second, START + 3 * second + 1) for second in range(2_100)]
    flicker += [(START + 10_000, START + 10_001)]
    visits.add_visible(cast.enrolment, cast.reading, flicker, zone="UTC")
    stretches = [(part.lower - START, part.upper - START) for part in Visit.objects.get().visible]
    assert len(stretches) == 2_000
    assert (stretches[0], stretches[-1]) == ((0, 304), (10_000, 10_001))


def test_tick_is_not_made_and_taken_back_without_end(cast: Cast) -> None:
    for _ in range(22):
        ticks.complete(cast.enrolment, cast.reading, how="marked", evidence={}, by=cast.student)
        ticks.withdraw(cast.enrolment, cast.reading, acting=Who.STUDENT, by=cast.student)
    assert Completion.objects.count() == 21


def test_rows_from_before_the_grid_are_laid_on_it(cast: Cast, lecture: Activity) -> None:
    now = datetime.fromtimestamp(START, UTC)
    Watch.objects.create(enrolment=cast.enrolment, activity=lecture, position_at=now, since=now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE progress_watch SET covered = '{[1,2),[700,1001),[59990,60000),[61000,61001)}'")
    migration = import_module("progress.migrations.0005_edges_on_a_grid")
    for _ in range(2):
        migration.snap(None, None)
        found = [(part.lower, part.upper) for part in Watch.objects.get().covered]
        # A recording that was replaced may have been longer.
        assert found == [(0, 250), (500, 1250), (59_750, 60_000), (61_000, 61_001)]
