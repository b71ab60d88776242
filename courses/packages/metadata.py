"""What a manifest says about the course itself: title, language, description, version, maker."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from . import limits
from .markup import Element, attribute, child, children, descendants, serialise, text_at, text_of
from .tags import has_bloated_tag
from .text import clean

_LANGUAGE = re.compile(r"^([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?\b")
_NUMBER = re.compile(r"\b1\.([0-4])\b")
_PROFILE = re.compile(r"(?:imsccv1p|imscc_xmlv1p|/ccv1p)([0-4])")
_MAKERS = (
    ("canvas.instructure.com", "Canvas"),
    ("moodle", "Moodle"),
    ("desire2learn", "Brightspace"),
    ("brightspace", "Brightspace"),
    ("blackboard", "Blackboard"),
    ("schoology", "Schoology"),
    ("sakai", "Sakai"),
    ("tsugi", "Tsugi"),
    ("libretexts", "LibreTexts"),
    ("pressbooks", "Pressbooks"),
    ("imathas", "IMathAS"),
)


@dataclass
class Metadata:
    title: str = ""
    language: str = ""
    description: str = ""
    version: str = ""
    producer: str = ""


def read_metadata(top: Element) -> Metadata:
    block = child(top, "metadata")
    general = next(descendants(block, "general"), None) if block is not None else None
    title, language = _string(child(general, "title"))
    description, _ = _string(child(general, "description"))
    return Metadata(
        title=clean(title),
        language=language_tag(text_at(general, "language")) or language_tag(language),
        description=plain(description),
        version=_version(top, block),
        producer=_producer(block),
    )


def language_tag(text: str) -> str:
    """A BCP 47 tag from what packages write ("en_US", "EN-us", "de"), or ""."""
    found = _LANGUAGE.match(text.strip())
    if not found:
        return ""
    language, script, region = found.groups()
    parts = [language.lower(), script.title() if script else "", (region or "").upper()]
    return "-".join(part for part in parts if part)


def plain(text: str) -> str:
    """Text of a description, which may be HTML."""
    text = text[: limits.MAX_DESCRIPTION * 20]
    if "<" in text and ">" in text and not has_bloated_tag(text.encode("utf-8", "replace")):
        parser = etree.HTMLParser(no_network=True, encoding="utf-8")
        try:
            root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError:
            root = None
        text = " ".join(str(part) for part in root.itertext()) if root is not None else ""
    return clean(text, limits.MAX_DESCRIPTION)


def _string(element: Element | None) -> tuple[str, str]:
    """The first filled string of a LOM field, and its language. CC 1.0 says <langstring>."""
    if element is None:
        return "", ""
    for name in ("string", "langstring"):
        for string in children(element, name):
            text = text_of(string).strip()
            if text:
                return text, attribute(string, "language") or attribute(string, "lang")
    return text_of(element).strip(), ""


def _version(top: Element, block: Element | None) -> str:
    schema = text_at(block, "schema")
    found = _NUMBER.search(text_at(block, "schemaversion"))
    if found is None:
        spaces = " ".join(space for space in top.nsmap.values() if space)
        types = " ".join(attribute(r, "type") for r in list(descendants(top, "resource"))[:50])
        found = _PROFILE.search(f"{spaces} {types}")
    if found is None:
        return ""
    return f"1.{found.group(1)}" + (" thin" if "thin" in schema.lower() else "")


def _producer(block: Element | None) -> str:
    """A guess for the report's heading; nothing depends on it."""
    words = serialise(block)[:20_000].lower() if block is not None else ""
    return next((maker for mark, maker in _MAKERS if mark in words), "")
