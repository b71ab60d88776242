"""To whom in a cohort a teacher writes, in plain words. Apps add theirs when Django starts; nothing here knows any."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from courses.models import Cohort

# The keys of enrolments: students of the cohort, and maybe of others, who have not left.
Find = Callable[["Cohort", datetime], set[int]]
# Kept with a check-in whose people were ticked one by one.
TICKED = "ticked"
EVERYONE = "all"


@dataclass(frozen=True)
class Segment:
    code: str
    label: "str | Promise"
    # Lower comes first.
    order: int
    find: Find


SEGMENTS: dict[str, Segment] = {}


def register(segment: Segment) -> None:
    SEGMENTS[segment.code] = segment


def in_order() -> list[Segment]:
    return sorted(SEGMENTS.values(), key=lambda one: one.order)
