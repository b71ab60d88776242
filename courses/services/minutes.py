"""How many minutes an activity takes: told by a person, by its title or text, measured, or unknown. Decided here."""

from collections.abc import Iterable

from courses import lengths
from courses.models import Activity


def settle(activity: Activity, *, texts: Iterable[str] = (), measured: int | None = None) -> None:
    """Set `minutes`, without saving, unless a person did.

    What a recording or the words of a page measure is the last resort: a page that says "12 min" may be about a video.
    None where nobody knows: then no page shows or adds up a number that was made up.
    """
    if activity.minutes_by_hand:
        return
    activity.minutes = lengths.in_title(activity.title) or lengths.in_text(texts) or measured
