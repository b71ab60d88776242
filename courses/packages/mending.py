"""The commonest fault of hand-made XML: ampersands that are none, entities that nobody declared."""

from __future__ import annotations

import html
import re

_REFERENCE = re.compile(rb"&(?:(#\d{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);|(\w{2,31});)?")


def mend_references(data: bytes) -> bytes:
    """Bare ampersands escaped and HTML's entities spelt out, outside of CDATA sections.

    libxml2 would recover as well, but by dropping them: "R&D" would become "R".
    """
    pieces = []
    at = 0
    while at < len(data):
        start = data.find(b"<![CDATA[", at)
        end = data.find(b"]]>", start) if start >= 0 else -1
        if end < 0:
            pieces.append(_REFERENCE.sub(_mend, data[at:]))
            break
        pieces.append(_REFERENCE.sub(_mend, data[at:start]))
        pieces.append(data[start:end])
        at = end
    return b"".join(pieces)


def _mend(match: re.Match[bytes]) -> bytes:
    if match.group(1):
        return match.group(0)
    if match.group(2):
        entity = match.group(0).decode("ascii", errors="replace")
        text = html.unescape(entity)
        if text != entity:
            return text.encode("utf-8")
    return b"&amp;" + match.group(0)[1:]
