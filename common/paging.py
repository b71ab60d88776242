"""Pages of lists that may grow for ever, and what was typed into the search box above one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest

PAGE = 50
# Rows are counted up to here and no further; `capped` of the template tags then says "1,000+".
COUNTED = 1_000
# A page further back than this is asked for by nobody who reads.
LAST = 100_000


class Sliced(Protocol):
    """A queryset, a list, or anything else that reads only the part it is asked for."""

    def __getitem__(self, part: slice, /) -> Any: ...


@dataclass(frozen=True)
class Page:
    """A page without the number of all pages: counting ten thousand rows would cost more than reading fifty.

    `before` and `after` are the queries of the neighbours' addresses, "" where there is none.
    """

    rows: Sequence[Any]
    number: int
    before: str = ""
    after: str = ""

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_one_of_many(self) -> bool:
        return bool(self.before or self.after)


def page_of(found: Sliced, request: HttpRequest, *, size: int = PAGE, name: str = "page") -> Page:
    """The page that `?page=` asks for, in one query; the first where it names none, or one beyond the end.

    A page with two lists gives the second another `name`.
    """
    number = asked_for(request, name)
    rows = _read(found, number, size)
    if not rows and number > 1:
        number, rows = 1, _read(found, 1, size)
    before = _query(request, name, number - 1) if number > 1 else ""
    after = _query(request, name, number + 1) if len(rows) > size else ""
    return Page(rows[:size], number, before, after)


def asked_for(request: HttpRequest, name: str = "page") -> int:
    asked = request.GET.get(name, "")
    return max(1, min(int(asked), LAST)) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 1


def _read(found: Sliced, number: int, size: int) -> list[Any]:
    """One more than are shown says whether there is another page."""
    return list(found[(number - 1) * size : number * size + 1])


def _query(request: HttpRequest, name: str, number: int) -> str:
    values = request.GET.copy()
    values[name] = str(number)
    return f"?{values.urlencode()}"


def sought(request: HttpRequest, name: str = "q") -> str:
    """What was typed into the search box of a list, `components/find.html`."""
    return request.GET.get(name, "").replace("\0", "").strip()[:100]
