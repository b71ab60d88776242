"""Places that a page keeps for apps its owner does not know; they fill them when Django starts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import User


@dataclass(frozen=True)
class Slot:
    """What an app puts on a page. The page says what its subject is: the id of a lesson, of a cohort, of a person."""

    label: "str | Promise"
    # Lower comes first.
    order: int
    # The address of a whole page about the subject: all that is there without JavaScript.
    page: Callable[[int], str]
    # The address of a part of a page, which htmx puts in the place of the link.
    fragment: Callable[[int], str] | None = None
    # Counts for a viewer and several subjects in one query; a slot with a count is left out where it is 0.
    count: "Callable[[User, Sequence[int]], Mapping[int, int]] | None" = None
    # Whether it is for those alone who study the subject.
    for_students: bool = False
    # What stands on the link to the page, in the place of "Open: " and the label.
    label_of_link: "str | Promise" = ""


@dataclass(frozen=True)
class Filled:
    """A slot for one subject, as `components/slots.html` shows it."""

    label: "str | Promise"
    page: str
    fragment: str
    count: int | None
    label_of_link: "str | Promise" = ""


class Slots:
    def __init__(self) -> None:
        self._slots: list[Slot] = []

    def register(self, slot: Slot) -> None:
        self._slots = sorted([*self._slots, slot], key=lambda one: one.order)

    def unregister(self, slot: Slot) -> None:
        self._slots.remove(slot)

    def filled(self, viewer: "User", subject: int, *, studies: bool = True, query: str = "") -> list[Filled]:
        """Costs a query for each slot that counts, and none for the others. `studies`: whether the viewer does.
        `query` is put behind the addresses, with its "?"."""
        found = []
        for slot in self._slots:
            if slot.for_students and not studies:
                continue
            count = slot.count(viewer, [subject]).get(subject, 0) if slot.count else None
            if count != 0:
                fragment = slot.fragment(subject) + query if slot.fragment else ""
                found.append(Filled(slot.label, slot.page(subject) + query, fragment, count, slot.label_of_link))
        return found


@dataclass(frozen=True)
class Remark:
    """What another app says beside a row of a list: plain text, and the page, if any, on which the whole is read."""

    text: str
    page: str = ""


Tell = Callable[["User", int, Sequence[int]], Mapping[int, Remark]]


class Remarks:
    """A place in every row of a list, filled by one app above."""

    def __init__(self) -> None:
        self._tell: Tell | None = None

    def register(self, tell: Tell) -> None:
        """`tell` gets the viewer, what the page is about, and the keys of its rows; in one query, however many."""
        self._tell = tell

    def unregister(self) -> None:
        self._tell = None

    def of(self, viewer: "User", subject: int, keys: Sequence[int]) -> Mapping[int, Remark]:
        return self._tell(viewer, subject, keys) if self._tell and keys else {}


def has_fragment(filled: Sequence[Any]) -> bool:
    """Whether a page with these slots needs htmx."""
    return any(slot.fragment for slot in filled)
