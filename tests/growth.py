"""How the time of some work grows with the size of what it is given.

Time is the processor's and the best of several runs: others work on this machine. What is asserted is a ratio, since
machines differ; a second at the limit of a web process is the one figure, and on a slower machine it is longer.
"""

import gc
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
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
RUNS = 4
# What `_known_work` of a million takes on the machine on which the limits were chosen.
KNOWN_SECONDS = 0.045


def seconds(work: Callable[[Any], object], given: object, *, clock: Callable[[], float] = time.process_time) -> float:
    """Of one run, without the search for rubbish among all that a process of tests holds: ours freeze what they begin
    with (common.collector)."""
    gc.freeze()
    try:
        started = clock()
        work(given)
        return clock() - started
    finally:
        gc.unfreeze()


def allowed(most: float = MOST_SECONDS) -> float:
    """So many seconds of the machine on which the limits were chosen, told by what a known piece of work takes here."""
    known = min(seconds(_known_work, 1_000_000) for _ in range(RUNS))
    return most * max(1.0, known / KNOWN_SECONDS)


def _known_work(count: int) -> int:
    return sum(number * number for number in range(count))


@contextmanager
def within(most: float, what: object = "") -> Iterator[None]:
    """Of the processor's seconds, for work that is done once; where it takes more, as `allowed` has it."""
    started = time.process_time()
    yield
    taken = time.process_time() - started
    assert taken < most or taken < allowed(most), f"{taken} seconds {what}"


def assert_within(
    work: Callable[[Any], object],
    given: object,
    most: float = MOST_SECONDS,
    *,
    clock: Callable[[], float] = time.process_time,
) -> None:
    best = float("inf")
    for _ in range(RUNS):
        best = min(best, seconds(work, given, clock=clock))
        if best < most:
            return
    assert best < allowed(most), f"{best} seconds for {str(given)[:40]!r}"


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

    Sizes that are done before a clock can tell are passed over: the one that counts is the last. What does not grow in
    step is measured again: others make a run longer, and nobody makes it shorter.
    """
    sizes = [largest >> step for step in range(doublings, -1, -1)]
    best = [float("inf")] * len(sizes)
    for _ in range(RUNS):
        for at, size in enumerate(sizes):
            given = make(size)
            best[at] = min(best[at], seconds(work, given, clock=clock))
        grew = [whole / max(half, LEAST_SECONDS) for half, whole in pairwise(best)]
        if max(grew) < MOST_GROWTH and (within is None or best[-1] < within):
            return
    assert max(grew) < MOST_GROWTH, f"{best} seconds at doubling sizes"
    assert within is None or best[-1] < allowed(within), f"{best[-1]} seconds at the limit"


def sampled(values: Iterable[str], sample: Collection[str]) -> list[object]:
    return [value if value in sample else pytest.param(value, marks=pytest.mark.soak) for value in values]
