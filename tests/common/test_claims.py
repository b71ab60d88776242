"""Work in rows, taken by any number of workers; the rows are those of imports, because `common` has none of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.claims import Claims, pause
from courses.models import CourseImport

LEASE = timedelta(minutes=5)
CLAIMS = Claims(lease=LEASE, oldest="requested_at")
WORKERS = 4


def waiting(count: int, **values: object) -> list[CourseImport]:
    """Rows to work at, the oldest first."""
    now = timezone.now()
    rows = [CourseImport(file_name=f"{n}.imscc", requested_at=now - timedelta(hours=n), **values) for n in range(count)]
    return CourseImport.objects.bulk_create(rows)[::-1]


def take(most: int = 1, claims: Claims = CLAIMS) -> list[CourseImport]:
    return claims.take(CourseImport.objects.filter(finished_at=None), most)


@pytest.fixture
def clock(db: None) -> time_machine.Traveller:
    with time_machine.travel("2026-11-24T10:00Z", tick=False) as stopped:
        yield stopped


def test_rows_are_taken_oldest_first_and_each_once(db: None) -> None:
    rows = waiting(5)
    assert [take(2), take(2), take(2), take(2)] == [rows[:2], rows[2:4], rows[4:], []]


def test_claim_is_one_statement_however_many_rows_it_takes(db: None) -> None:
    waiting(30)
    with CaptureQueriesContext(connection) as seen:
        assert len(take(20)) == 20
    assert len([query for query in seen if "UPDATE" in query["sql"]]) == 1
    assert len([query for query in seen if "SAVEPOINT" not in query["sql"]]) == 1


def test_what_is_taken_carries_its_lease_its_attempts_and_what_was_set(clock: time_machine.Traveller) -> None:
    waiting(1)
    (row,) = CLAIMS.take(CourseImport.objects.all(), state="running")
    assert (row.attempts, row.lease_until, row.state) == (1, timezone.now() + LEASE, "running")
    stored = CourseImport.objects.get()
    assert (stored.attempts, stored.lease_until, stored.state) == (row.attempts, row.lease_until, row.state)


def test_what_a_dead_worker_held_is_taken_again_once_its_lease_ran_out(clock: time_machine.Traveller) -> None:
    rows = waiting(1)
    take()
    clock.shift(LEASE)
    assert take() == []
    clock.shift(timedelta(seconds=1))
    (again,) = take()
    assert (again, again.attempts) == (rows[0], 2)


def test_row_that_was_claimed_too_often_is_not_handed_out_again(clock: time_machine.Traveller) -> None:
    waiting(1)
    taken = 0
    for _ in range(5):
        taken += len(take(claims=Claims(lease=LEASE, most_attempts=3)))
        clock.shift(LEASE * 2)
    assert taken == 3


def test_renewed_lease_keeps_the_rows_of_a_batch(clock: time_machine.Traveller) -> None:
    waiting(2)
    held = take(2)
    clock.shift(LEASE)
    assert CLAIMS.renew(held) == 2
    clock.shift(LEASE)
    assert take(2) == []
    assert CLAIMS.held(held).count() == 2


def test_worker_that_was_taken_for_dead_can_neither_renew_nor_end_what_another_has(
    clock: time_machine.Traveller,
) -> None:
    waiting(2)
    slow = take(2)
    clock.shift(LEASE * 2)
    (other,) = take(1)
    assert CLAIMS.renew(slow) == 1
    assert list(CLAIMS.held(slow)) == [slow[1]]
    assert list(CLAIMS.held([other])) == [other]


def test_putting_off_needs_a_field_for_it(db: None) -> None:
    waiting(1)
    with pytest.raises(ValueError, match="no field"):
        CLAIMS.put_off(take(), LEASE)


def test_pauses_grow_and_the_last_counts_for_all_later_attempts() -> None:
    minutes = [timedelta(minutes=n) for n in (1, 5, 30)]
    assert [pause(n, minutes) for n in (1, 2, 3, 4, 99)] == [*minutes, minutes[2], minutes[2]]


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_share_the_rows_without_taking_one_twice() -> None:
    rows = waiting(40)
    at_once = threading.Barrier(WORKERS)

    def work() -> list[int]:
        at_once.wait(10)
        mine: list[int] = []
        try:
            while claimed := take(3):
                mine += [row.pk for row in claimed]
        finally:
            connections.close_all()
        return mine

    taken = in_threads(work)
    assert sorted(pk for mine in taken for pk in mine) == sorted(row.pk for row in rows)


@pytest.mark.django_db(transaction=True)
def test_worker_does_not_wait_for_a_row_that_another_is_just_taking() -> None:
    rows = waiting(2)

    def other() -> list[CourseImport]:
        try:
            return take()
        finally:
            connections.close_all()

    with transaction.atomic():
        assert take() == rows[:1]
        assert in_threads(other, 1) == [rows[1:]]


def in_threads(work: Callable[[], list], count: int = WORKERS) -> list[list]:
    with ThreadPoolExecutor(count) as pool:
        return [running.result(20) for running in [pool.submit(work) for _ in range(count)]]
