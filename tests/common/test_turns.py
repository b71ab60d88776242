"""Turns are told apart by connections, so each of these has one of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from common.turns import turn

pytestmark = pytest.mark.django_db


def elsewhere(work: Callable[[], bool]) -> bool:
    """In another thread, which has another connection."""

    def with_a_connection() -> bool:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        return other.submit(with_a_connection).result()


def taken(name: str, most: int = 1) -> bool:
    with turn(name, most) as mine:
        return mine


def test_a_turn_is_had_by_one_and_given_back() -> None:
    with turn("digging") as mine:
        assert mine
        assert not elsewhere(lambda: taken("digging"))
        assert elsewhere(lambda: taken("digging", 2))
        assert elsewhere(lambda: taken("sowing"))
    assert elsewhere(lambda: taken("digging"))


def test_a_turn_is_given_back_when_the_work_fails() -> None:
    with pytest.raises(ZeroDivisionError), turn("digging"):
        raise ZeroDivisionError
    assert elsewhere(lambda: taken("digging"))


def test_a_turn_ends_with_its_connection() -> None:
    def die() -> bool:
        held = turn("digging")
        return held.__enter__()

    assert elsewhere(die)
    assert elsewhere(lambda: taken("digging"))
