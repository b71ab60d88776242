import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from progress import beacons
from progress.fields import total
from progress.models import Completion, Presence, Visit
from tests.cast import Cast
from tests.conftest import SOAK

OPENED = datetime(2026, 11, 22, 9, 59, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(OPENED, tick=False) as traveller:
        yield traveller


def test_the_block_that_was_read_last_is_gone_on_with(
    cast: Cast, client: Client, clock: time_machine.Traveller
) -> None:
    client.force_login(cast.student)
    path = f"/lessons/{cast.reading.pk}/"

    def left_off() -> str:
        return json.loads(html.fromstring(client.get(path).content).get_element_by_id("opening").text)["block"]

    def send(**more: object) -> None:
        body = json.dumps({"opening": opening, "visible": [[0, 1]], **more})
        assert client.post(f"{path}beacon/", body, content_type="application/json").status_code == 200

    assert left_off() == ""
    opening = beacons.sign(cast.enrolment.pk, cast.reading.pk)
    clock.shift(5)
    send(block="p-12")
    assert left_off() == "p-12"
    # What was kept and comes late says nothing of it, and what is no block of a text is not kept.
    for block in (None, "", "p-", 'p-1"><script>', 7, ["p-1"], "p-12345678"):
        send(block=block)
    send()
    assert left_off() == "p-12"
    client.post(f"{path}done/")
    assert left_off() == ""


def report(client: Client, cast: Cast, opening: str, visible: object) -> HttpResponse:
    body = json.dumps({"opening": opening, "visible": visible})
    return client.post(f"/lessons/{cast.reading.pk}/beacon/", body, content_type="application/json")


def opening_of(cast: Cast) -> str:
    return beacons.sign(cast.enrolment.pk, cast.reading.pk)


def seen(cast: Cast) -> int:
    visit = Visit.objects.filter(enrolment=cast.enrolment, activity=cast.reading).first()
    return total(visit.visible) if visit else 0


def test_reading_long_enough_ticks_with_its_evidence(cast: Cast, client: Client, clock: time_machine.Traveller) -> None:
    opening = opening_of(cast)
    client.force_login(cast.student)
    clock.shift(60)
    assert report(client, cast, opening, [[0, 4]]).json() == {"done": False}
    assert report(client, cast, opening, [[0, 5]]).json() == {"done": True}
    completion = Completion.objects.get()
    assert completion.how == "read"
    assert completion.evidence == {"visible_seconds": 5, "needed_seconds": 5}


def test_reports_may_come_twice_late_and_out_of_order(
    cast: Cast, client: Client, clock: time_machine.Traveller
) -> None:
    opening = opening_of(cast)
    client.force_login(cast.student)
    clock.shift(60)
    for visible in ([[20, 30]], [[0, 10]], [[20, 30]], [[5, 25]]):
        report(client, cast, opening, visible)
    assert seen(cast) == 30


def test_two_devices_at_once_count_each_second_once(cast: Cast, client: Client, clock: time_machine.Traveller) -> None:
    phone = opening_of(cast)
    clock.shift(10)
    laptop = opening_of(cast)
    client.force_login(cast.student)
    clock.shift(60)
    report(client, cast, phone, [[0, 40]])
    report(client, cast, laptop, [[0, 40]])
    assert seen(cast) == 50


def test_no_more_counts_than_time_has_passed(cast: Cast, client: Client, clock: time_machine.Traveller) -> None:
    opening = opening_of(cast)
    client.force_login(cast.student)
    clock.shift(3)
    report(client, cast, opening, [[-500, 86_400]])
    assert seen(cast) == 3


@pytest.mark.parametrize(
    "visible",
    [None, "all", [[1]], [[1, 2, 3]], [["a", "b"]], [[0, float("inf")]], [{}], 7, [[0, 1]] * 201],
)
def test_what_is_no_report_is_refused(cast: Cast, client: Client, visible: object) -> None:
    client.force_login(cast.student)
    assert report(client, cast, opening_of(cast), visible).status_code == 400
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        "{}",
        '{"opening": "forged", "visible": []}',
        '{"opening": [":"], "visible": []}',
        "[" * 9000,
    ],
)
def test_what_is_no_message_is_refused(cast: Cast, client: Client, body: str) -> None:
    client.force_login(cast.student)
    response = client.post(f"/lessons/{cast.reading.pk}/beacon/", body, content_type="application/json")
    assert response.status_code == 400


def test_an_opening_is_too_old_after_a_fortnight(cast: Cast, client: Client, clock: time_machine.Traveller) -> None:
    opening = opening_of(cast)
    clock.shift(timedelta(days=15))
    client.force_login(cast.student)
    assert report(client, cast, opening, [[0, 30]]).status_code == 400


def test_opening_of_a_classmate_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_student)
    assert report(client, cast, opening_of(cast), [[0, 1]]).status_code == 409
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("person", "status"), [("outsider", 404), ("teacher", 403), ("observer", 403), ("editor", 403), ("admin", 403)]
)
def test_only_students_report(cast: Cast, client: Client, person: str, status: int) -> None:
    client.force_login(cast.person(person))
    assert report(client, cast, opening_of(cast), [[0, 1]]).status_code == status


def test_signed_out_page_is_told_to_keep_its_report(cast: Cast, client: Client) -> None:
    response = client.post(f"/lessons/{cast.reading.pk}/beacon/", {}, headers={"Sec-Fetch-Dest": "empty"})
    assert response.status_code == 401
    assert "error" in response.json()


def test_minutes_are_kept_by_the_day_of_the_students_own_zone(
    cast: Cast, client: Client, clock: time_machine.Traveller
) -> None:
    cast.student.timezone = "Pacific/Kiritimati"  # 14 hours ahead: 09:59:30 UTC is 23:59:30 of the same day there
    cast.student.save()
    opening = opening_of(cast)
    client.force_login(cast.student)
    clock.shift(120)
    report(client, cast, opening, [[0, 100]])
    days = {row.day.isoformat(): str(row.minutes) for row in Presence.objects.all()}
    assert days.keys() == {"2026-11-22", "2026-11-23"}
    assert total(Presence.objects.get(day="2026-11-22").minutes) == 1
    assert total(Presence.objects.get(day="2026-11-23").minutes) == 2


RANGES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)).map(sorted), min_size=1, max_size=6)


@settings(
    max_examples=300 if SOAK else 15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(reports=st.lists(RANGES, min_size=1, max_size=5), data=st.data())
def test_any_order_and_repetition_gives_the_same_end(
    cast: Cast, client: Client, reports: list, data: st.DataObject
) -> None:
    Visit.objects.all().delete()
    with time_machine.travel(OPENED, tick=False) as traveller:
        opening = opening_of(cast)
        client.force_login(cast.student)
        traveller.shift(400)
        shuffled = data.draw(st.permutations(reports + data.draw(st.lists(st.sampled_from(reports), max_size=5))))
        for visible in shuffled:
            report(client, cast, opening, visible)
    expected = {second for visible in reports for start, end in visible for second in range(start, end)}
    assert seen(cast) == len(expected)
