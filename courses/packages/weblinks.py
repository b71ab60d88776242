"""Web links: an address in a small XML file, or in the manifest itself."""

from __future__ import annotations

import re

from . import limits, reasons
from .archive import Archive
from .manifest import Resource
from .markup import MarkupError, attribute, descendants, parse_xml, text_at, text_of
from .reasons import Reason
from .text import clean

_BARE = re.compile(r"^(?:www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:[:/?#]|$))", re.IGNORECASE)
MAX_URL = 4000


def read_weblink(archive: Archive, resource: Resource) -> tuple[str, str, list[Reason]]:
    """Address, title and what had to be mended. May raise DamagedFile or MarkupError."""
    root = resource.inline
    notes: list[Reason] = []
    if root is None:
        if not resource.main:
            raise MarkupError(reasons.NO_CONTENT)
        root, notes = parse_xml(archive.read(resource.main, limits.MAX_XML_BYTES))
    url = next(descendants(root, "url"), None)
    if url is None:
        return "", clean(text_at(root, "title")), notes
    address = attribute(url, "href") or text_of(url)
    address = "".join(char for char in address.strip() if char.isprintable())
    return address, clean(text_at(root, "title")), notes


def is_web(url: str) -> bool:
    """http or https with something after it."""
    return len(url) <= MAX_URL and bool(re.match(r"^https?://[^\s/?#]", url, re.IGNORECASE))


def is_bare(url: str) -> bool:
    """An address somebody typed without "https://"."""
    return bool(_BARE.match(url))
