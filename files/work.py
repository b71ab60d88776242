"""Who still needs a file that no row has claimed yet, such as an app that keeps texts which are being written."""

from collections.abc import Callable, Collection
from uuid import UUID

# Which of these files are needed; an app above adds one when it is ready.
Holder = Callable[[Collection[UUID]], set[UUID]]
HOLDERS: list[Holder] = []


def needed(files: Collection[UUID]) -> set[UUID]:
    return set().union(*(holder(files) for holder in HOLDERS))
