"""Who knows what a place is: an app above, which registers how the places with its prefix are called and reached."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

# For a person and places: a title and an address for each that this person can still reach, in one query for all.
Label = Callable[["User", Sequence[str]], dict[str, tuple[str, str]]]
LABELS: dict[str, Label] = {}


def register(prefix: str, label: Label) -> None:
    """`prefix` is the first part of a place, such as "forums". Raises ValueError where it is taken."""
    if prefix in LABELS:
        raise ValueError(f"Places of {prefix!r} are registered twice.")
    LABELS[prefix] = label


def labels(person: "User", places: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Those that are known; a place that is gone, or out of reach, is left out."""
    found: dict[str, tuple[str, str]] = {}
    for prefix, label in LABELS.items():
        if some := [place for place in places if place.partition("/")[0] == prefix]:
            found |= label(person, some)
    return found
