"""Postgres multiranges, which Django does not know: sets of moments whose union is the `+` of SQL (docs/adr/0005)."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from psycopg.types.multirange import Multirange

# How many ranges of seconds a row holds: of more, the shortest gaps are closed (`progress_bounded` in the database).
MOST_STRETCHES = 2_000


class Int4MultiRangeField(models.Field):
    """Values are `psycopg.types.multirange.Multirange` of half-open integer ranges. Written by raw upserts only."""

    def db_type(self, connection: object) -> str:
        return "int4multirange"


class Int8MultiRangeField(Int4MultiRangeField):
    def db_type(self, connection: object) -> str:
        return "int8multirange"


def total(ranges: "Multirange[Any] | None") -> int:
    """How many whole units the set covers."""
    return sum(part.upper - part.lower for part in ranges or ())


def holds(ranges: "Multirange[Any] | None", number: int) -> bool:
    return any(number in part for part in ranges or ())


def literal(ranges: Iterable[tuple[int, int]]) -> str:
    """Half-open ranges as Postgres reads a multirange."""
    return "{" + ",".join(f"[{start},{end})" for start, end in ranges) + "}"
