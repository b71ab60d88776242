"""Identifiers that stand only inside the files of a thing, and that links name it by.

Canvas's graded quizzes and topics are assignments too: the assignment's own identifier is in assessment_meta.xml, or
in the file that holds a topic's settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from . import limits, names
from .archive import Archive
from .draft import DamagedFile
from .manifest import Resource

# What lies between a tag's name and its identifier is bounded, so that a search reads each byte once or so.
_OWN = re.compile(
    rb"""<(?:assignment|quiz|topicMeta)\s[^<>]{0,1000}?\bidentifier\s*=\s*["']([^"'<>]{1,200})["']"""
    rb"""|<(?:topic_id|quiz_identifierref)>\s*([^\s<>]{1,200})\s*</"""
)


def read_aliases(archive: Archive, resources: Iterable[Resource], objects: dict[str, str]) -> dict[str, str]:
    """Identifier -> item. Read once, and only for a package with a link that nothing else explains."""
    found: dict[str, str] = {}
    left = limits.MAX_ALIAS_BYTES
    for resource in resources:
        item = objects.get(resource.key)
        for path in resource.files if item else []:
            if names.extension(path) != "xml" or archive.size(path) > min(left, limits.MAX_XML_BYTES):
                continue
            left -= archive.size(path)
            try:
                data = archive.read(path, limits.MAX_XML_BYTES)
            except DamagedFile:
                continue
            for match in _OWN.finditer(data):
                found.setdefault((match[1] or match[2]).decode("utf-8", "replace"), str(item))
    return found
