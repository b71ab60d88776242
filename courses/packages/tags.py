"""Refuses tags with absurdly many attributes before a parser sees them.

libxml2's HTML parser, and the sanitiser after it, take time in the square of a tag's attributes:
60,000 of them, in a page of half a megabyte, take six seconds. Its XML parser does so with the
namespaces that a tag declares.
"""

from __future__ import annotations

import re

from . import limits

_HTML_TAG = re.compile(rb"<[A-Za-z][^\s/>]*")
_XML_TAG = re.compile(rb"<[^\s/>!?][^\s/>]*")
_ATTRIBUTE = re.compile(rb"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s>]*+))?+""")


def has_bloated_tag(page: bytes, is_xml: bool = False) -> bool:
    """Whether any tag has too many attributes, or is so tangled that it can't be told cheaply.

    Every "<" with a letter counts as the beginning of a tag, whatever came before: otherwise a
    quotation mark in a comment could hide the tag after it.
    """
    left = limits.TAG_SCAN_FACTOR * len(page) + limits.MIB
    for tag in (_XML_TAG if is_xml else _HTML_TAG).finditer(page):
        at = tag.end()
        for count in range(limits.MAX_ATTRIBUTES + 1):
            attribute = _ATTRIBUTE.match(page, at)
            if attribute is None:
                break
            if count == limits.MAX_ATTRIBUTES:
                return True
            at = attribute.end()
        left -= at - tag.start()
        if left < 0:
            return True
    return False
