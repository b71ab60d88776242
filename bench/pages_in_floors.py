"""Pages that are asked by turns with the signed-in floor in one process, and what each may cost."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import User
from bench import floors, inside
from bench.floors import FLOOR, TOLERANCE


@dataclass(frozen=True)
class Most:
    floors: float
    queries: int


OF_STAFF = Most(6.0, 12)


@dataclass(frozen=True)
class Page:
    """Seconds of a page in the middle and of its slowest twentieth, of the floor beside it; and its queries."""

    name: str
    median: float
    slowest: float
    floor: float
    queries: int
    most: Most

    @property
    def floors(self) -> float:
        return self.median / (self.floor + floors.spared())

    @property
    def words(self) -> str:
        return (
            f"{self.name} {self.floors:.2f} of {self.most.floors:g} floors ({self.median * 1000:.1f} ms, its "
            f"95th percentile {self.slowest / self.median:.1f} times that; {self.queries} queries)"
        )

    @property
    def over(self) -> list[str]:
        found = []
        if self.floors > self.most.floors * (1 + TOLERANCE):
            found.append(f"{self.name} in {self.floors:.2f} floors of {self.most.floors:g}")
        if self.queries > self.most.queries:
            found.append(f"{self.name}: {self.queries} queries")
        return found


def measured(asked: Mapping[str, tuple[str, User, Most]], by: User, rounds: int) -> list[Page]:
    """Each by its name, with its path, who asks and what it may cost; the floor is asked by `by`."""
    paths = {name: (path, person) for name, (path, person, _) in asked.items()}
    found = inside.by_turns({FLOOR: (FLOOR, by), **paths}, rounds)
    floor = found.pop(FLOOR).median
    return [
        Page(name, one.median, statistics.quantiles(one.wall, n=20)[-1], floor, one.queries, asked[name][2])
        for name, one in found.items()
    ]
