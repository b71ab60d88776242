"""A rubric as a plain document: criteria, each with its levels, each with a sentence. Knows no model and no request.

A version of a rubric is stored whole and never changes, so a mark names a criterion and a level by their keys.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

MOST_CRITERIA, MOST_LEVELS = 20, 8
LONGEST_TITLE, LONGEST_SENTENCE = 120, 1_000


@dataclass(frozen=True)
class Level:
    key: str
    title: str
    sentence: str = ""
    # None where levels are worth no points.
    points: Decimal | None = None


@dataclass(frozen=True)
class Criterion:
    key: str
    title: str
    sentence: str = ""
    levels: tuple[Level, ...] = ()

    def level(self, key: str) -> Level | None:
        return next((level for level in self.levels if level.key == key), None)

    @property
    def most_points(self) -> Decimal | None:
        return max((level.points for level in self.levels if level.points is not None), default=None)


@dataclass(frozen=True)
class Mark:
    """What a marker said of one criterion: the key of its level ("" for none yet), and words."""

    level: str = ""
    words: str = ""

    @property
    def says_something(self) -> bool:
        return bool(self.level or self.words.strip())


Marks = Mapping[str, Mark]


@dataclass(frozen=True)
class Criteria:
    criteria: tuple[Criterion, ...] = field(default_factory=tuple)

    def __bool__(self) -> bool:
        return bool(self.criteria)

    @property
    def most_points(self) -> Decimal | None:
        """What can be had in all; None where no level is worth points."""
        return added(criterion.most_points for criterion in self.criteria)

    def points(self, marks: Marks) -> Decimal | None:
        """What the chosen levels are worth; None where none of them is worth points."""
        chosen = (criterion.level(marks.get(criterion.key, Mark()).level) for criterion in self.criteria)
        return added(level.points for level in chosen if level)


def added(points: Iterable[Decimal | None]) -> Decimal | None:
    known = [one for one in points if one is not None]
    return sum(known, Decimal()) if known else None


def from_plain(plain: Sequence[Mapping[str, Any]]) -> Criteria:
    """Of what `to_plain` made."""
    return Criteria(
        tuple(
            Criterion(
                one["key"],
                one["title"],
                one["sentence"],
                tuple(Level(v["key"], v["title"], v["sentence"], number(v["points"])) for v in one["levels"]),
            )
            for one in plain
        )
    )


def to_plain(criteria: Criteria) -> list[dict[str, Any]]:
    """For a JSON column; points are text, as a float is no exact number."""
    return [
        asdict(one)
        | {"levels": [asdict(v) | {"points": None if v.points is None else str(v.points)} for v in one.levels]}
        for one in criteria.criteria
    ]


def marks_from_plain(plain: Mapping[str, Any]) -> dict[str, Mark]:
    return {key: Mark(one.get("level", ""), one.get("words", "")) for key, one in plain.items()}


def marks_to_plain(marks: Marks) -> dict[str, Any]:
    return {key: asdict(one) for key, one in marks.items() if one.says_something}


def number(typed: object) -> Decimal | None:
    """Points as they were typed, with two decimals; None for what is none, or would not fit a column."""
    if typed is None:
        return None
    try:
        found = Decimal(str(typed).strip().replace(",", "."))
        return found.quantize(Decimal("0.01")).normalize() + 0 if 0 <= found < 10_000 else None
    except (InvalidOperation, ValueError):
        return None


def as_typed(points: Decimal | None) -> str:
    """What `number` reads again: "7.5"; "" for none."""
    return "" if points is None else f"{points.normalize():f}"
