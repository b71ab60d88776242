"""A player as the tests drive it: what it opens, what it reports, and what the server then believes."""

import json
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from courses.models import Activity
from progress import beacons
from progress.models import Watch
from progress.played import GRACE
from tests.cast import Cast

OPENED = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
Ranges = list[tuple[int, int]]


def opening_of(cast: Cast, lecture: Activity) -> str:
    """What a page that the student opens now carries."""
    return beacons.sign(cast.enrolment.pk, lecture.pk)


def unix_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def played(
    opening: object, ranges: object, position: object = 0, at: datetime | None = None, wall: object = None
) -> dict[str, object]:
    """Played all the time since the opening, where `wall` says nothing else."""
    report = {"opening": opening, "ranges": ranges, "position": position, "at": unix_ms(at or timezone.now())}
    return report | {"wall": [(0, unix_ms(timezone.now()) // 1000)] if wall is None else wall}


def send(client: Client, lecture: Activity, report: object) -> HttpResponse:
    return client.post(f"/lessons/{lecture.pk}/watch/", json.dumps(report), content_type="application/json")


def kept(cast: Cast, lecture: Activity) -> Watch | None:
    return Watch.objects.filter(enrolment=cast.enrolment, activity=lecture).first()


def covered(cast: Cast, lecture: Activity) -> Ranges:
    row = kept(cast, lecture)
    return [(part.lower, part.upper) for part in row.covered] if row else []


def total(ranges: Ranges) -> int:
    return sum(end - start for start, end in ranges)


def united(ranges: Ranges) -> Ranges:
    """The union, made by the tests themselves and not by Postgres."""
    found: Ranges = []
    for start, end in sorted(part for part in ranges if part[0] < part[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def on_the_grid(ranges: Ranges, step: int = 250) -> Ranges:
    """As `united`, with every edge moved outward to the grid of a lecture of a minute."""
    return united([(start // step * step, -(-end // step) * step) for start, end in ranges])


def most_ms(since: datetime) -> int:
    """What can have been played since an opening, at the highest speed."""
    return int(2 * (timezone.now() - since + GRACE) / timedelta(milliseconds=1))
