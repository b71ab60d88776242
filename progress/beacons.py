"""What a lesson page reports of itself, and how far it is believed.

The page carries a signed note of who opened which activity and when. It reports the stretches in which it was
visible, in seconds since that opening; nothing earlier than the opening or later than now is taken.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils import timezone

from common.richtext.vocabulary import BLOCK_ID

SALT = "progress.opening"
# A page may report what it saw before it lost its connection, but not for ever.
OLDEST_SECONDS = 60 * 60 * 24 * 14
MOST_RANGES = 200
# A player may send 500 ranges, each of two numbers of ten digits; the token takes 100 bytes.
MOST_BYTES = 32 * 1024
BLOCK = re.compile(rf"{BLOCK_ID}[0-9]{{1,6}}")


class Refused(Exception):
    """The report is not one that a page of ours sent; its text says why."""


@dataclass(frozen=True)
class Opening:
    enrolment_id: int
    activity_id: int
    at: int


def sign(enrolment_id: int, activity_id: int) -> str:
    return signing.dumps([enrolment_id, activity_id, int(timezone.now().timestamp())], salt=SALT)


def message(body: bytes | str) -> Any:
    """The JSON that a page sent. Raises Refused for what is too large, too deep or no JSON."""
    if len(body) > MOST_BYTES:
        raise Refused("This report is too large.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("This is not JSON.") from error


def read(token: Any, *, oldest: int | None = OLDEST_SECONDS) -> Opening:
    """Raises Refused. `oldest` in seconds; None for what time only makes truer."""
    try:
        return Opening(*signing.loads(str(token), salt=SALT, max_age=oldest))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise Refused("This page was opened too long ago, or not here.") from error


def block(said: Any) -> str:
    """The id of a block of a text (`common.richtext`), or ""."""
    return said if isinstance(said, str) and BLOCK.fullmatch(said) else ""


def visible_seconds(opening: Opening, ranges: Any) -> list[tuple[int, int]]:
    """Reported stretches as Unix seconds, cut to what can be true. Raises Refused for what is no list of pairs."""
    now = int(timezone.now().timestamp())
    if not isinstance(ranges, list) or len(ranges) > MOST_RANGES:
        raise Refused("Too many ranges, or none.")
    return [pair for pair in (_believed(opening, part, now) for part in ranges) if pair]


def _believed(opening: Opening, part: Any, now: int) -> tuple[int, int] | None:
    try:
        start, end = (int(edge) for edge in part)
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused("A range is two numbers.") from error
    start, end = opening.at + max(0, start), min(opening.at + end, now)
    return (start, end) if start < end else None
