"""A page of rows in the order of another table: the cohorts of a teacher by name, the students of a cohort by theirs.

A few are gathered and sorted. Of thousands, that would cost more than all the rest of the page: then the other table
is walked in its own order, by an index, and each of its rows is asked whether it belongs, until the page is full.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

FEW = 500
KEYS = """
WITH mine AS MATERIALIZED ({gathered} LIMIT {few} + 1)
SELECT key FROM (
    (SELECT DISTINCT {key} AS key, r.{order}, r.id FROM {rows} JOIN {those} m ON m.row_id = r.id
      WHERE (SELECT count(*) FROM mine) <= {few} AND {which})
     UNION ALL
    (SELECT {key}, r.{order}, r.id FROM {rows} CROSS JOIN LATERAL ({asked} LIMIT 1) m
      WHERE (SELECT count(*) FROM mine) > {few} AND {which} ORDER BY r.{order}, r.id LIMIT {{stop}})
) AS found ORDER BY {order}, id OFFSET {{start}} LIMIT {{stop}} - {{start}}
"""
NAMED = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Walk:
    """All of it is SQL, written by us."""

    # What is walked, as `r`, with what `found` looks at besides; `order` is the column that it is sorted by.
    rows: str
    order: str
    # All that belong, each with its `id` and the `row_id` of its row …
    gathered: str
    # … and the `id` of what belongs to one row `r`.
    asked: str
    which: str = "true"
    # What is asked of a row where words were typed.
    found: str = "true"
    # The key of what the page shows: of what belongs, or of the row.
    key: str = "m.id"
    # Where another table has to say which row is whose: what was gathered, joined to it for a few alone.
    those: str = "mine"

    def keys(self, *, found: bool) -> str:
        which = f"{self.which} AND ({self.found})" if found else self.which
        return KEYS.format(**{**vars(self), "which": which, "few": FEW})


class Keyed:
    """Reads only the part it is asked for, in one query: those rows of `shown` whose keys a statement by hand names.

    The statement has {start} and {stop}; what people typed only ever comes in the values.
    """

    def __init__(self, shown: QuerySet[Any], keys: str, **values: Any) -> None:
        self._shown, self._keys, self._values = shown, keys, values

    def __getitem__(self, part: slice) -> list[Any]:
        sql = self._keys.format(start=part.start, stop=part.stop)
        values = [self._values[name] for name in NAMED.findall(sql)]
        meta = self._shown.model._meta
        # An array is made first and looked up; beside IN, the planner may read the whole table for fifty keys.
        among = f'"{meta.db_table}"."{meta.pk.column}" = ANY(ARRAY({NAMED.sub("%s", sql)}))'
        return list(self._shown.filter(RawSQL(among, values, output_field=BooleanField())))  # noqa: S611  see above


def walked(shown: QuerySet[Any], walk: Walk, *, words: str = "", **values: Any) -> Keyed:
    return Keyed(shown, walk.keys(found=bool(words)), words=words, **values)
