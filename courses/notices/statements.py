"""The parts that statements of several kinds share."""

from collections.abc import Mapping

from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from courses.work import through_sql
from notifications.services.planning import AGAIN


def filled(statement: str, parts: Mapping[str, str] | None = None) -> str:
    """`statement` with its own `parts` in place, and what everything means by shown, active and through."""
    shared = {"{active}": ACTIVE_SQL, "{shown}": SHOWN_SQL, "{through}": through_sql(), "{again}": AGAIN}
    for name, sql in {**(parts or {}), **shared}.items():
        statement = statement.replace(name, sql)
    return statement
