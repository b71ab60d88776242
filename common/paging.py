"""Pages of lists that may grow for ever, and what was typed into the search box above one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest

PAGE = 50
# A page further back than this is asked for by nobody who reads.
LAST = 100_000


class Sliced(Protocol):
    """A queryset or a list."""

    def __getitem__(self, part: slice, /) -> Any: ...


@dataclass(frozen=True)
class Page:
    """A page without the number of all pages: counting ten thousand rows would cost more than reading fifty."""

    rows: Sequence[Any]
    number: int
    has_next: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


def page_of(found: Sliced, request: HttpRequest, *, size: int = PAGE) -> Page:
    """The page that `?page=` asks for, in one query; the first where it names none, or one beyond the end."""
    asked = request.GET.get("page", "")
    number = min(int(asked), LAST) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 1
    return _page(found, max(number, 1), size)


def _page(found: Sliced, number: int, size: int) -> Page:
    start = (number - 1) * size
    rows = list(found[start : start + size + 1])
    if not rows and number > 1:
        return _page(found, 1, size)
    return Page(rows[:size], number, len(rows) > size)


def sought(request: HttpRequest) -> str:
    """What was typed into the search box of a list, `components/find.html`."""
    return request.GET.get("q", "").replace("\0", "").strip()[:100]
