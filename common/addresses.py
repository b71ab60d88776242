"""Addresses that are made quickly, because a page has many."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=64)
def _pattern(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[0]).partition("0")
    return before, after


def quick_url(name: str, number: int) -> str:
    """`reverse` for a page with hundreds of addresses of one route, resolved once."""
    before, after = _pattern(name)
    return f"{before}{number}{after}"


@lru_cache(maxsize=4096)
def address(name: str, *args: object) -> str:
    """`reverse`, remembered: a page has twenty addresses, and those of its head and foot are on every page."""
    return reverse(name, args=args)
