"""Marks of where and when a post was written, kept among its words for search.

A word that everybody uses stands in a hundred thousand posts, and to order these by how well they fit takes seconds.
By its marks the index of words itself knows the posts of a cohort, and of the months from which the latest come.
No word holds their first sign, so nobody finds a post by typing one.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, pairwise

from courses import words

SIGN = "§"
# What the words of a post are kept by: how they are cut, and these marks.
VERSION = 10 * words.VERSION + 1
# How many months a search goes back for enough, before it asks for all.
BACK = (2, 4, 8)


def of_course(course: int) -> str:
    return f"{SIGN}{course}"


def of_cohort(cohort: int) -> str:
    return f"{SIGN}{SIGN}{cohort}"


def in_month(place: str, day: date) -> str:
    return f"{place}.{day:%Y%m}"


def kept(course: int, cohort: int, day: date) -> str:
    """As Postgres reads a tsvector."""
    places = (of_course(course), of_cohort(cohort))
    return " ".join(f"'{mark}'" for place in places for mark in (place, in_month(place, day)))


def latest_first(places: Sequence[str], today: date) -> Iterator[str]:
    """Questions to Postgres for the posts of `places`, in parts: those of a month or more, and the older ones last."""
    marks = [[f"'{in_month(place, month)}'" for place in places] for month in _months(today, BACK[-1])]
    for start, end in pairwise((0, *BACK)):
        yield _any(chain(*marks[start:end]))
    everything = _any(f"'{place}'" for place in places)
    yield f"{everything} & !{_any(chain(*marks))}"


def _any(marks: Iterable[str]) -> str:
    return f"({'|'.join(marks)})"


def _months(today: date, count: int) -> list[date]:
    """This month and those before it, by their first day."""
    last = today.year * 12 + today.month - 1
    return [date(year, month + 1, 1) for year, month in (divmod(last - back, 12) for back in range(count))]
