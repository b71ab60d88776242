"""How the time of some work grows with the size of what it is given.

Time is the processor's and the best of several runs: others work on this machine. What is asserted is a ratio, since
machines differ; a second at the limit of a web process is the one figure.
"""

import time
from collections.abc import Callable, Collection, Iterable
from itertools import pairwise
from typing import Any

import pytest

# Letters that a normaliser has to put in order: to sort them takes time in the square of their number.
MARKS = "\u0315\u0300"

# Twice the size in four times the time is a square.
MOST_GROWTH = 3.0
MOST_SECONDS = 1.0
# Below it, what is measured is the clock.
LEAST_SECONDS = 0.01
RUNS = 3


def seconds(work: Callable[[Any], object], given: object, *, clock: Callable[[], float] = time.process_time) -> float:
    best = float("inf")
    for _ in range(RUNS):
        started = clock()
        work(given)
        best = min(best, clock() - started)
        if best < LEAST_SECONDS:
            break
    return best


def assert_in_step(
    work: Callable[[Any], object],
    make: Callable[[int], object],
    largest: int,
    *,
    doublings: int = 1,
    within: float | None = MOST_SECONDS,
    clock: Callable[[], float] = time.process_time,
) -> None:
    """`make(size)` is what `work` is given, at `largest` and at its halves. `within` is in seconds, at `largest`.

    Sizes that are done before a clock can tell are passed over: the one that counts is the last.
    """
    taken = [seconds(work, make(largest >> step), clock=clock) for step in range(doublings, -1, -1)]
    for half, whole in pairwise(taken):
        assert whole < MOST_GROWTH * max(half, LEAST_SECONDS), f"{taken} seconds at doubling sizes"
    assert within is None or taken[-1] < within, f"{taken[-1]} seconds at the limit"


def sampled(values: Iterable[str], sample: Collection[str]) -> list[object]:
    return [value if value in sample else pytest.param(value, marks=pytest.mark.soak) for value in values]
