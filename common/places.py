"""The entries of the main navigation. Each app names its own when Django starts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import User


@dataclass(frozen=True, eq=False)
class Place:
    """`shown` and `count` look at the account's own row alone: every page asks them."""

    label: "str | Promise"
    icon: str
    # The name of its page.
    url: str
    # Lower comes first; the bar of a phone has room for five.
    order: int
    # The URL namespaces in which one is there; where none is given, its own page alone.
    spaces: frozenset[str] = frozenset()
    shown: "Callable[[User], bool]" = lambda user: True
    # Beside the label, where it is not 0.
    count: "Callable[[User], int] | None" = None


_places: list[Place] = []
# Pages that lie in a place other than that of their space, by their names or by that of the space: its `url`.
_joined: dict[str, str] = {}


def register(place: Place) -> None:
    _places.append(place)
    _places.sort(key=lambda one: one.order)


def unregister(place: Place) -> None:
    _places.remove(place)


def join(url: str, *names: str) -> None:
    """Say of pages, or of a whole space, that one is at the place with this `url` there, whatever its spaces."""
    _joined.update(dict.fromkeys(names, url))


def at(name: str, space: str, offered: Iterable[Place]) -> str:
    """To which of these a page of this name belongs, as its `url`: that which names it, else that of its space."""
    offered = list(offered)
    urls = {place.url for place in offered}
    if name in urls:
        return name
    joined = (url for one in (name, space) if (url := _joined.get(one)) in urls)
    in_space = (place.url for place in offered if space in place.spaces)
    return next(joined, "") or next(in_space, "")


def of(user: "User") -> tuple[tuple[Place, int], ...]:
    """What this person is offered, in order, each with its count. Costs no query."""
    return tuple((place, place.count(user) if place.count else 0) for place in _places if place.shown(user))
