"""What digests list of dates. Only `progress.apps` loads this."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from common.addresses import quick_url
from common.dates import at, moment
from notifications.kinds import COMING, Coming, Words
from progress.selectors import due


class ComingDates(Coming):
    def find(self, until: Mapping[int, datetime], now: datetime) -> Mapping[int, list[dict[str, Any]]]:
        return due.coming(until, now)

    def render(self, rows: Sequence[Mapping[str, Any]]) -> list[Words]:
        return [
            Words(
                gettext("“%(name)s” is due %(at)s") % {"name": row["title"], "at": at(moment(row["due"]))},
                row["course"],
                quick_url("progress:lesson", row["subject"]),
            )
            for row in rows
        ]


COMING["activity"] = ComingDates()
