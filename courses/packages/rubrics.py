"""Rubrics of a Canvas export (course_settings/rubrics.xml), as plain lists that any kind with criteria can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from . import limits
from .markup import Element, attribute, child, children, descendants, text_at
from .metadata import plain
from .text import clean

_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
# For a level that has neither name nor points.
_NAMELESS = "–"


@dataclass
class Rubric:
    """`criteria` have `key`, `title`, `sentence` and `levels`; levels the same, and `points` as text, or None."""

    criteria: list[dict[str, Any]] = field(default_factory=list)
    # Whether there was more of it than has room.
    is_cut: bool = False


def read_rubrics(root: Element) -> dict[str, Rubric]:
    """By their identifiers."""
    found = {attribute(one, "identifier"): _rubric(one) for one in descendants(root, "rubric")}
    return {identifier: rubric for identifier, rubric in found.items() if identifier and rubric.criteria}


def without_points(rubric: Rubric) -> list[dict[str, Any]]:
    return [one | {"levels": [level | {"points": None} for level in one["levels"]]} for one in rubric.criteria]


def number(text: str, most: int = 10_000) -> str:
    """Points with two decimals; "" for what is none."""
    try:
        found = Decimal(text.strip()[:40])
        return f"{found.quantize(Decimal('0.01')).normalize() + 0:f}" if 0 <= found < most else ""
    except InvalidOperation:
        return ""


def _rubric(one: Element) -> Rubric:
    rubric, keys = Rubric(), _Keys("c")
    block = child(one, "criteria")
    for criterion in children(block, "criterion") if block is not None else ():
        if len(rubric.criteria) == limits.MAX_CRITERIA:
            rubric.is_cut = True
            break
        levels = list(_levels(criterion))
        rubric.is_cut |= len(levels) > limits.MAX_LEVELS
        rubric.criteria.append(
            {
                "key": keys.given(text_at(criterion, "criterion_id")),
                "title": _title(criterion, f"{len(rubric.criteria) + 1}"),
                "sentence": _sentence(criterion),
                "levels": levels[: limits.MAX_LEVELS],
            }
        )
    return rubric


def _levels(criterion: Element) -> Iterator[dict[str, Any]]:
    keys, is_unscored = _Keys("l"), text_at(criterion, "ignore_for_scoring") == "true"
    block = child(criterion, "ratings")
    for number_of, rating in enumerate(children(block, "rating") if block is not None else ()):
        if number_of > limits.MAX_LEVELS:
            return
        points = "" if is_unscored else number(text_at(rating, "points"))
        yield {
            "key": keys.given(text_at(rating, "id")),
            "title": _title(rating, points or _NAMELESS),
            "sentence": _sentence(rating),
            "points": points or None,
        }


def _title(one: Element, otherwise: str) -> str:
    return clean(plain(text_at(one, "description")), limits.MAX_CRITERION_TITLE) or otherwise


def _sentence(one: Element) -> str:
    return clean(plain(text_at(one, "long_description")), limits.MAX_CRITERION_SENTENCE)


class _Keys:
    """Those of the package where they can be used, so that the next import gives the same."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.used: set[str] = set()

    def given(self, wanted: str) -> str:
        key = wanted if _KEY.fullmatch(wanted) and wanted not in self.used else f"{self.prefix}{len(self.used) + 1}"
        while key in self.used:
            key += "_"
        self.used.add(key)
        return key
