"""Reading what is shown: the pieces that search keeps. Nothing is written here."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from common.richtext.tree import parse
from common.richtext.vocabulary import BLOCKS, HEADINGS

BROKEN = BLOCKS | {"td", "th", "br", "tr"}


@dataclass(frozen=True)
class Block:
    """A piece of the text by itself, as search keeps it."""

    anchor: str
    heading: str
    text: str


def read(html: str) -> Iterator[Block]:
    """Each block with an id and its own text; a block inside a block is yielded once, as itself."""
    heading = ""
    for element in parse(html).iter(*BLOCKS):
        anchor = element.get("id")
        text = " ".join("".join(_own_text(element)).split())
        if element.tag in HEADINGS:
            heading = text[:255]
        if text and anchor:
            yield Block(anchor, heading, text)


def _own_text(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in BLOCKS:
            yield from _own_text(child)
        yield " " + (child.tail or "") if child.tag in BROKEN else child.tail or ""
