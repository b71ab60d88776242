"""The report of an import as its reader needs it: counted, folded, and a page at a time. It may hold 10,000 lines."""

import json
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from common.numbers import row_key
from courses.models import CourseImport

# The results that a reader tells apart, in the order in which they need one.
RESULTS = ("left_out", "remarked", "kept", "unchanged", "imported")
LINES = """
WITH each AS (
    SELECT line, place, coalesce(line ->> 'reason', '') AS said,
           CASE WHEN line ->> 'outcome' = 'kept' AND line ->> 'kind' = 'file' THEN %(part)s
                ELSE coalesce(line ->> 'reason', '') END AS reason,
           CASE line ->> 'outcome' WHEN 'kept' THEN 'kept' WHEN 'left out' THEN 'left_out'
                WHEN 'imported' THEN CASE WHEN coalesce(line ->> 'reason', '') = '' THEN 'imported' ELSE 'remarked' END
                ELSE 'unchanged' END AS result
      FROM courses_courseimport, jsonb_array_elements(lines) WITH ORDINALITY AS each(line, place)
     WHERE id = %(run)s
)
"""
COUNTS = "{lines} SELECT result, line ->> 'kind', count(*) FROM each GROUP BY 1, 2".replace("{lines}", LINES)
# The titles are gathered of the folds of a page alone: of ten thousand, that would take most of the time.
FOLDED = """{lines}, fold AS (
    SELECT result, reason, array_position(%(order)s::text[], result) AS rank, count(*) AS lines, min(place) AS first
      FROM each GROUP BY result, reason ORDER BY rank, lines DESC, first OFFSET %(start)s LIMIT %(count)s
)
SELECT result, CASE fold.lines WHEN 1 THEN min(said) ELSE reason END, fold.lines,
       (array_agg(coalesce(nullif(line ->> 'title', ''), line ->> 'identifier') ORDER BY place))[1:3], fold.first
  FROM fold JOIN each USING (result, reason)
 GROUP BY result, reason, rank, fold.lines, fold.first ORDER BY rank, fold.lines DESC, fold.first
""".replace("{lines}", LINES)
# What is written once for many lines is the same in every word; the place of one of them names it in an address.
FOUND = """{lines}
SELECT line, result FROM each
 WHERE (%(words)s::text = '' OR strpos(lower(line ->> 'title'), lower(%(words)s::text)) > 0)
   AND (%(result)s::text = '' OR result = %(result)s::text)
   AND (%(like)s::bigint = 0 OR (result, reason) = (SELECT result, reason FROM each WHERE place = %(like)s::bigint))
 ORDER BY place OFFSET %(start)s LIMIT %(count)s
""".replace("{lines}", LINES)
FAULTS = """
WITH each AS (
    SELECT line ->> 'message' AS message, line ->> 'where' AS said_of, place
      FROM courses_courseimport, jsonb_array_elements(faults) WITH ORDINALITY AS each(line, place) WHERE id = %(run)s
), fold AS (
    SELECT message, count(*) AS lines, min(place) AS first FROM each GROUP BY message
     ORDER BY lines DESC, first OFFSET %(start)s LIMIT %(count)s
)
SELECT message, fold.lines, (array_agg(said_of ORDER BY place))[1:20]
  FROM fold JOIN each USING (message) GROUP BY message, fold.lines, fold.first ORDER BY fold.lines DESC, fold.first
"""


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see of it: a result, the lines that are like one of them, words of a title."""

    result: str = ""
    like: int = 0
    words: str = ""

    @classmethod
    def of(cls, values: Any, words: str) -> "Asked":
        result = values.get("result", "")
        return cls(result if result in RESULTS else "", row_key(values.get("like", "")), words)

    def __bool__(self) -> bool:
        return bool(self.result or self.like or self.words)


@dataclass(frozen=True)
class Fold:
    """Lines of one result and one reason; `titles` are the first of them, `like` the place of the very first."""

    result: str
    reason: str
    count: int
    titles: list[str]
    like: int

    @property
    def more(self) -> int:
        return self.count - len(self.titles)


@dataclass(frozen=True)
class Fault:
    """What is wrong in so many places of the package, of which the first are named."""

    message: str
    count: int
    places: list[str]

    @property
    def more(self) -> int:
        return self.count - len(self.places)


def _part() -> str:
    """What folds the files that are kept inside other things: the reason of each names another of these."""
    return gettext("Kept with the item that needs it.")


class _Part(ABC):
    """A list that reads only the part it is asked for."""

    sql: str

    def __init__(self, run: CourseImport, **values: Any) -> None:
        self._values = {"run": run.pk, "order": list(RESULTS), "part": _part(), **values}

    def __getitem__(self, part: slice) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, {**self._values, "start": part.start, "count": part.stop - part.start})
            return [self.row(*row) for row in cursor]

    @abstractmethod
    def row(self, *columns: Any) -> Any: ...


class Folded(_Part):
    sql = FOLDED

    def row(self, *columns: Any) -> Fold:
        return Fold(*columns)


class Lines(_Part):
    sql = FOUND

    def __init__(self, run: CourseImport, asked: Asked) -> None:
        super().__init__(run, result=asked.result, like=asked.like, words=asked.words)

    def row(self, line: Any, result: str) -> dict[str, str]:
        return {**(json.loads(line) if isinstance(line, str) else line), "result": result}


class Faults(_Part):
    sql = FAULTS

    def row(self, *columns: Any) -> Fault:
        return Fault(*columns)


@dataclass(frozen=True)
class Counts:
    """How many lines there are of each result, and of what kinds those kept for later are."""

    by_result: Counter[str]
    kept: list[tuple[str, int]]

    @property
    def total(self) -> int:
        return self.by_result.total()


def counts(run: CourseImport) -> Counts:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"run": run.pk, "part": _part()})
        rows = cursor.fetchall()
    by_result: Counter[str] = Counter()
    for result, _, count in rows:
        by_result[result] += count
    kept = sorted(((kind, count) for result, kind, count in rows if result == "kept"), key=lambda one: -one[1])
    return Counts(by_result, kept)
