"""Places in a recording, as people read them."""

import re

from django.utils.translation import gettext

# What an `integer` of Postgres, and so an `int4multirange`, holds: almost 25 days.
LONGEST_MS = 2**31 - 1
TYPED = re.compile(r"^(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})$|^(\d{1,7})$")


def clock(milliseconds: int) -> str:
    """`61500` as "1:01", `3661000` as "1:01:01"."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def typed(text: str) -> int:
    """Milliseconds of "1:23", "1:02:03" or seconds; of anything else 0, the beginning."""
    found = TYPED.match(text.strip())
    if not found:
        return 0
    hours, minutes, seconds, plain = (int(part or 0) for part in found.groups())
    return min((hours * 3600 + minutes * 60 + seconds + plain) * 1000, LONGEST_MS)


def spoken(milliseconds: int) -> str:
    """`61500` as "1 min 1 s": for sentences, which a screen reader reads aloud."""
    seconds = milliseconds // 1000
    if seconds < 60:
        return gettext("%(seconds)d s") % {"seconds": seconds}
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if seconds == 0:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    return gettext("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds}
