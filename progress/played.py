"""What a student played of a lecture: reports of the player, how far they are believed, and the row they make.

A report carries absolute ranges of milliseconds. Ranges are united, so a report may come late, twice, out of order or
from two devices. It is believed as far as it can be true: nobody has played more than the time since the lecture was
first opened allows at the highest speed. What exceeds that is not cut off but answered "later": whoever watched
without a connection sends it again, and time makes it true.

Beside them it carries the seconds of the wall clock in which they were played: a tick spends them
(`progress/services/spending.py`). A report that an older page left in a browser has none, and covers as much.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from psycopg.types.multirange import Multirange

from common import dates
from common.timecode import LONGEST_MS
from progress.beacons import Refused

# Edges lie on a grid of so many milliseconds at least, and of so many steps to a lecture at most.
FINEST_MS, MOST_STEPS = 250, 2_000
# As `progress_playable_ms` in the database has it.
FASTEST = 2
# A player counts in steps, and a signed opening in whole seconds.
GRACE = timedelta(seconds=1)
# A clock that says less is not set.
EARLIEST = dates.FIRST.replace(tzinfo=UTC)
MOST_RANGES = 500
Ranges = list[tuple[int, int]]


@dataclass(frozen=True)
class Report:
    """Half-open ranges in milliseconds, and where the player stood at an instant of its corrected clock."""

    ranges: Ranges
    position_ms: int
    at: datetime
    # Half-open ranges of Unix seconds in which it was played.
    wall: Ranges = field(default_factory=list)


def parse_report(sent: dict[str, Any], duration_ms: int) -> Report:
    """A report as a player sends it, within the lecture's length. Raises Refused for what is no report."""
    try:
        if max(len(sent["ranges"]), len(sent.get("wall", ()))) > MOST_RANGES:
            raise Refused("Too many ranges at once.")
        ranges = [(int(start), int(end)) for start, end in sent["ranges"]]
        wall = [(int(start), int(end)) for start, end in sent.get("wall", ())]
        position, at = int(sent["position"]), datetime.fromtimestamp(int(sent["at"]) / 1000, UTC)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise Refused("A report holds ranges, a position and when it was there.") from error
    return Report(
        within(ranges, 0, min(duration_ms, LONGEST_MS)),
        min(max(0, position), duration_ms),
        min(max(at, EARLIEST), timezone.now()),
        wall,
    )


def snapped(ranges: Ranges, duration_ms: int) -> Ranges:
    """Edges laid outward on the lecture's grid, so that what was played of it is at most a thousand ranges."""
    grid = max(FINEST_MS, -(-duration_ms // MOST_STEPS))
    return [(start // grid * grid, min(-(-end // grid) * grid, duration_ms)) for start, end in ranges]


def needed_seconds(needed_ms: int) -> int:
    """How long it takes at the highest speed: what a tick by the player spends."""
    return -(-needed_ms // (FASTEST * 1000))


def within(ranges: Ranges, first: int, last: int) -> Ranges:
    cut = [(max(start, first), min(end, last)) for start, end in ranges]
    return [(start, end) for start, end in cut if start < end]


def length(ranges: Ranges) -> int:
    return sum(end - start for start, end in ranges)


def pairs(covered: "Multirange[int] | None", duration_ms: int) -> Ranges:
    """What was played, within the lecture: an earlier recording of it may have been longer."""
    bounds = [(int(part.lower), int(part.upper)) for part in covered or ()]
    return [(start, min(end, duration_ms)) for start, end in bounds if start < duration_ms]
