"""What the sanitiser cannot decide: addresses, foreign pictures and frames, names, and faults that can be mended."""

from collections.abc import Callable
from urllib.parse import urlsplit

import lxml.html
from lxml.html import HtmlElement

from common.richtext.sanitise import SCHEMES
from common.richtext.tree import DROP, UNWRAP, elements, take_out
from common.richtext.vocabulary import (
    BLOCK_ID,
    BLOCKS,
    FRAME,
    FRAMES,
    HEADINGS,
    ID_LENGTH,
    LANGUAGE,
    NO_TEXT,
    OWN_ID,
    PLAYED,
)

Resolve = Callable[[str], str | None]
EMBEDS = ("iframe", "embed", "object")


def prepare(body: HtmlElement, resolve: Resolve) -> None:
    """Judge addresses, make links of foreign media, prefix names, lower the first heading."""
    found = list(elements(body))
    for element in found:
        for name, value in element.attrib.items():
            if NO_TEXT.search(value):
                element.set(name, NO_TEXT.sub("", value))
        # lxml reads these from references such as `&#1;`, and refuses to write them.
        element.text, element.tail = _text(element.text), _text(element.tail)
    for element in found:
        _prepare(element, resolve)


def _text(words: str | None) -> str | None:
    return NO_TEXT.sub("", words) if words else words


def _prepare(element: HtmlElement, resolve: Resolve) -> None:
    if element.tag == "h1":
        element.tag = "h2"
    if own := element.get("id") or (element.get("name") if element.tag == "a" else None):
        element.set("id", _own_id(own))
    if element.tag in EMBEDS:
        _to_link(element, element.get("src") or element.get("data") or "", resolve)
    elif element.tag == "img" or element.tag in PLAYED:
        _own_media(element, resolve)
    elif element.tag == "a" and (address := element.get("href")) is not None:
        _set_or_drop(element, "href", _address(address, resolve))


def _own_id(name: str) -> str:
    return (OWN_ID + name)[:ID_LENGTH]


def _address(address: str, resolve: Resolve) -> str | None:
    address = address.strip()
    if address.startswith("#"):
        return f"#{_own_id(address[1:])}" if len(address) > 1 else None
    return resolve(address) or (address if _scheme(address) in SCHEMES else None)


def _scheme(address: str) -> str:
    """'' for something that is no address at all."""
    try:
        return urlsplit(address).scheme.lower()
    except ValueError:
        return ""


def _set_or_drop(element: HtmlElement, name: str, value: str | None) -> None:
    if value is None:
        del element.attrib[name]
    else:
        element.set(name, value)


def _own_media(element: HtmlElement, resolve: Resolve) -> None:
    source = element.find("source")
    address = (element.get("src") or (source.get("src") if source is not None else "") or "").strip()
    here = resolve(address)
    if here is None:
        _to_link(element, address, resolve)
    elif element.tag == "img":
        element.attrib.update({"src": here, "alt": element.get("alt") or ""})
    else:
        element.attrib.update({"src": here, "controls": ""})


def _to_link(element: HtmlElement, address: str, resolve: Resolve) -> None:
    """A link in the place of something that would have been fetched from another host."""
    address = f"https:{address}" if address.startswith("//") else address
    target = resolve(address) or (address if _scheme(address) in ("http", "https") else None)
    words = element.get("alt") or element.get("title") or (urlsplit(target).netloc if target else "")
    tail = element.tail
    element.clear()
    element.tail = tail
    # A link inside a link is none: there the words alone stay.
    target = target if next(element.iterancestors("a"), None) is None else None
    element.tag = "a" if target else "span"
    element.text = words or address[:100]
    if target:
        element.set("href", target)


def mend(body: HtmlElement) -> None:
    """Faults of accessibility that real course text is full of, where the mend is certain."""
    ids: set[str] = set()
    for element in list(elements(body)):
        if (own := element.get("id")) in ids:
            del element.attrib["id"]
        elif own:
            ids.add(own)
        if element.tag in HEADINGS and not _said(element):
            element.tag = UNWRAP
        elif element.tag == "a" and element.get("href") and not _said(element):
            element.text = element.get("title") or urlsplit(element.get("href")).netloc or element.get("href")
        elif element.tag == "table":
            _scrolling(element)
        elif element.tag == "p" and not _said(element) and not any(True for _ in element.iter("img", *PLAYED)):
            element.tag = DROP
        if (language := element.get("lang")) is not None and not LANGUAGE.fullmatch(language):
            del element.attrib["lang"]
    take_out(body)


def _said(element: HtmlElement) -> bool:
    """Whether a screen reader would say anything of it."""
    return bool(element.text_content().strip()) or any(picture.get("alt") for picture in element.iter("img"))


def _scrolling(table: HtmlElement) -> None:
    """A wide table scrolls in a frame of its own, which the keyboard can reach."""
    frame = lxml.html.Element("div", {"class": FRAME, "tabindex": "0"})
    frame.tail, table.tail = table.tail, None
    table.getparent().replace(table, frame)
    frame.append(table)


def anchor(body: HtmlElement) -> None:
    """Give every block an id, on which search can land."""
    blocks = (one for one in body.iter(*BLOCKS, *FRAMES) if one.tag in BLOCKS or _has_own_words(one))
    for number, element in enumerate(list(blocks), start=1):
        if not element.get("id"):
            element.set("id", f"{BLOCK_ID}{number}")


def _has_own_words(element: HtmlElement) -> bool:
    """Words that are in no block inside it."""
    if (element.text or "").strip():
        return True
    return any(
        (child.tail or "").strip() or (child.tag not in BLOCKS | FRAMES and _has_own_words(child)) for child in element
    )
