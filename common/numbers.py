"""Numbers as they come in text from anywhere. Python refuses to read more than 4,300 digits, with a ValueError."""

import re
from html import unescape

# Every character has a number of seven digits or less.
_LEADING = re.compile(r"&#0++(?=[0-9])")
_NO_CHARACTER = re.compile(r"&#[0-9]{8,}+;?")
# Every key of a row has fewer.
_KEY = re.compile(r"[0-9]{1,18}")


def characters(text: str) -> str:
    """`html.unescape` for text of any kind: a number that is no character becomes U+FFFD, however long it is."""
    return unescape(_NO_CHARACTER.sub("\ufffd", _LEADING.sub("&#", text)))


def row_key(typed: str) -> int:
    """The key of a row as a form sends it; 0, which no row has, for anything else."""
    return int(typed) if _KEY.fullmatch(typed) else 0
