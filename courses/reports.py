"""The report of an import as its reader needs it: counted, folded, and a page at a time. It may hold 10,000 lines."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Subquery

from common.numbers import row_key
from common.parts import holds
from courses.models import CourseImport, ReportFault, ReportFold, ReportLine


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see of it: a result, the lines that are like one of them, words of a title."""

    result: str = ""
    like: int = 0
    words: str = ""

    @classmethod
    def of(cls, values: Any, words: str) -> "Asked":
        result = values.get("result", "")
        return cls(result if result in ReportLine.Result else "", row_key(values.get("like", "")), words)

    def __bool__(self) -> bool:
        return bool(self.result or self.like or self.words)


@dataclass(frozen=True)
class Counts:
    """How many lines there are of each result, and of what kinds those kept for later are."""

    by_result: Counter[str]
    kept: list[tuple[str, int]]

    @property
    def total(self) -> int:
        return self.by_result.total()


def counts(run: CourseImport) -> Counts:
    told = run.counts or {"results": {}, "kept": []}
    return Counts(Counter(told["results"]), [(kind, count) for kind, count in told["kept"]])


def folds(run: CourseImport) -> QuerySet[ReportFold]:
    return run.report_folds.order_by("place")


def faults(run: CourseImport) -> QuerySet[ReportFault]:
    return run.report_faults.order_by("place")


def lines(run: CourseImport, asked: Asked) -> QuerySet[ReportLine]:
    found = run.report_lines.order_by("place")
    if asked.result:
        found = found.filter(result=asked.result)
    if asked.like:
        found = found.filter(fold=Subquery(run.report_lines.filter(place=asked.like).values("fold")))
    if asked.words:
        found = found.filter(holds("title", asked.words))
    return found
