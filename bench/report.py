"""The table, and what in it is over its budget."""

from dataclasses import dataclass
from typing import Protocol

from bench.floors import TOLERANCE
from bench.measure import Timed
from bench.pages import BARE, SIGNED_IN, Page
from bench.weight import Weight

MOST_BYTES, MOST_SCRIPT = 80_000, 25_000
HEADINGS = (
    "page",
    "queries",
    "first visit",
    "of it JS",
    "HTML",
    "median",
    "95 %",
    "per second",
    "floors",
    "budget",
    "",
)


class Figures(Protocol):
    """What no row of the table can say: a name, a paragraph, and what is over its bound."""

    name: str

    @property
    def words(self) -> str: ...

    @property
    def over(self) -> list[str]: ...


@dataclass(frozen=True)
class Row:
    page: Page
    queries: int | None = None
    weight: Weight | None = None
    time: Timed | None = None
    per_second: float | None = None
    ratio: float | None = None

    @property
    def name(self) -> str:
        return self.page.name

    @property
    def over(self) -> list[str]:
        """What of it is over its budget, in words."""
        found = []
        if self.page.floors and self.ratio and self.ratio > self.page.floors * (1 + TOLERANCE):
            found.append(f"{self.ratio:.2f} floors of {self.page.floors:g}")
        if self.queries is not None and self.queries > self.page.queries:
            found.append(f"{self.queries} queries of {self.page.queries}")
        if self.page.steady and self.time and self.time.p95 > 2 * self.time.median:
            found.append(f"95 % at {self.time.p95 / self.time.median:.1f} medians of 2")
        if self.weight and self.weight.all > MOST_BYTES:
            found.append(f"{_kilobytes(self.weight.all)} of {_kilobytes(MOST_BYTES)}")
        if self.weight and self.weight.scripts > MOST_SCRIPT:
            found.append(f"{_kilobytes(self.weight.scripts)} JS of {_kilobytes(MOST_SCRIPT)}")
        return found

    def cells(self) -> list[str]:
        weight, time = self.weight, self.time
        return [
            self.page.name,
            "" if self.queries is None else str(self.queries),
            _kilobytes(weight.all) if weight else "",
            _kilobytes(weight.scripts) if weight else "",
            _kilobytes(weight.page) if weight else "",
            _milliseconds(time.median) if time else "",
            _milliseconds(time.p95) if time else "",
            f"{self.per_second:.0f}" if self.per_second else "",
            f"{self.ratio:.2f}" if self.ratio else "",
            f"{self.page.floors:g}" if self.page.floors else "",
            "" if self.page.name in (BARE, SIGNED_IN) else "OVER" if self.over else "ok",
        ]


def table(rows: list[Row], *, markdown: bool) -> str:
    lines = [list(HEADINGS), *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    aligned = [
        [_aligned(cell, width, n) for n, (cell, width) in enumerate(zip(line, widths, strict=True))] for line in lines
    ]
    if not markdown:
        return "\n".join("  ".join(line).rstrip() for line in aligned)
    rule = ["-" * width if n == 0 else "-" * (width - 1) + ":" for n, width in enumerate(max(w, 3) for w in widths)]
    return "\n".join(f"| {' | '.join(line)} |" for line in [aligned[0], rule, *aligned[1:]])


def footnotes(rounds: int, connections: int) -> str:
    return (
        f"Server time from the request to the finished answer, {rounds} rounds, pages in turn; `floors` is the median "
        f"over that of the signed-in floor, with session and account as Django reads them. Requests per second at "
        f"{connections} connections. First visit: the page and all it fetches but a recording, headers included, "
        f"compressed, nothing cached; at most {_kilobytes(MOST_BYTES)}, {_kilobytes(MOST_SCRIPT)} of it JS. Queries: "
        f"the most of three first visits, at most 8, and 12 on a class page, whose 95 % may be twice its median. "
        f"OVER: beyond the budget by more than {TOLERANCE:.0%} for `floors`, by anything for what is counted."
    )


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column in (0, len(HEADINGS) - 1) else cell.rjust(width)


def _kilobytes(count: int) -> str:
    return f"{count / 1000:.1f} KB"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
