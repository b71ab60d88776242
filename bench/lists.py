"""Every list with ten rows, with a full page and with ten thousand: what a page costs must not hang on the rest."""

import statistics
from dataclasses import dataclass

from django.test import override_settings

from bench import fill_lists, inside

# A page of fifty and one more; ten rows are written sooner than fifty, which is no matter of how many lie behind.
FEW, FULL, MANY = 10, 60, 10_000
MOST_TIMES = 1.3
ROUNDS = 15
# Below this a ratio is one of noise.
NOTICED_SECONDS = 0.002


@dataclass(frozen=True)
class Times:
    """Seconds: the median of ROUNDS at each length."""

    name: str
    few: float
    full: float
    many: float

    @property
    def ratio(self) -> float:
        return self.many / self.full

    @property
    def is_over(self) -> bool:
        return self.ratio > MOST_TIMES and self.many - self.full > NOTICED_SECONDS


@dataclass(frozen=True)
class Figures:
    times: list[Times]
    name: str = "lists"

    @property
    def words(self) -> str:
        worst = sorted(self.times, key=lambda one: one.ratio, reverse=True)[:5]
        told = "; ".join(
            f"{one.name} {one.few * 1000:.1f}, {one.full * 1000:.1f}, {one.many * 1000:.1f} ms ({one.ratio:.2f} times)"
            for one in worst
        )
        return (
            f"Lists at {FEW}, {FULL} and {MANY} rows, fifty of them shown; {MANY} may take {MOST_TIMES} times what "
            f"{FULL} take. The worst of {len(self.times)}: {told}."
        )

    @property
    def over(self) -> list[str]:
        return [f"{one.name}: {one.ratio:.2f} times of {MOST_TIMES}" for one in self.times if one.is_over]


def measured() -> Figures:
    """In this process and in one transaction, which is taken back: nothing of the ten thousand stays."""
    found: list[dict[str, float]] = []
    names: list[str] = []
    # Of a session with a second step, which is a query more at every length.
    with inside.undone(), override_settings(REQUIRE_STAFF_SECOND_FACTOR=False):
        lists = fill_lists.begin()
        grown = 0
        for length in (FEW, FULL, MANY):
            with inside.without_triggers():
                fill_lists.grow(lists, grown, length)
            grown = length
            inside.analyse()
            found.append({one.name: _seconds(lists, one) for one in fill_lists.every_list(lists)})
        names = [one.name for one in fill_lists.every_list(lists)]
    few, full, many = found
    return Figures([Times(name, few[name], full[name], many[name]) for name in names])


def _seconds(lists: fill_lists.Lists, one: fill_lists.List) -> float:
    client = inside.signed_in(getattr(lists, one.who))
    return statistics.median([inside.seconds(client, one.path) for _ in range(ROUNDS + 2)][2:])
