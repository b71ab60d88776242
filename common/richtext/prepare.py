"""What the sanitiser cannot decide: addresses, foreign pictures and frames, names, and faults that can be mended."""

import re
from collections.abc import Callable
from enum import Enum
from urllib.parse import urlsplit

import lxml.html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from lxml.html import HtmlElement

from common.richtext.anchors import own_id
from common.richtext.embeds import described
from common.richtext.formulas import Formulas, latex_of
from common.richtext.sanitise import SCHEMES, allowed
from common.richtext.tree import DROP, UNWRAP, elements, take_out
from common.richtext.vocabulary import BLOCK_ID, BLOCKS, FRAME, FRAMES, HEADINGS, LANGUAGE, NO_TEXT, PLAYED


class Later(Enum):
    """What an address leads to is there, and cannot be shown yet."""

    LATER = "later"


LATER = Later.LATER
Resolve = Callable[[str], str | Later | None]
BREAKS = re.compile(r"[\t\r\n]+")
EMBEDS = ("iframe", "embed", "object")
# In a frame of their own, in the middle of a line.
BOXES = ("button", "input", "label", "output", "select")


def prepare(body: HtmlElement, resolve: Resolve, media: Resolve) -> None:
    """Judge addresses, make links of foreign media, prefix names, lower the first heading."""
    found = list(elements(body))
    for element in found:
        for name, value in element.attrib.items():
            if NO_TEXT.search(value):
                element.set(name, NO_TEXT.sub("", value))
        # lxml reads these from references such as `&#1;`, and refuses to write them.
        element.text, element.tail = _text(element.text), _text(element.tail)
    body.text = _text(body.text)
    formulas = Formulas()
    for element in found:
        _prepare(element, resolve, media, formulas)


def _text(words: str | None) -> str | None:
    return NO_TEXT.sub("", words) if words else words


def _prepare(element: HtmlElement, resolve: Resolve, media: Resolve, formulas: Formulas) -> None:
    if element.tag == "h1":
        element.tag = "h2"
    if own := element.get("id") or (element.get("name") if element.tag == "a" else None):
        element.set("id", own_id(own))
    if element.tag in EMBEDS:
        element = _without_rest(element)
        address = _embedded(element)
        _apart(element)
        _to_link(element, address, resolve)
    elif element.tag in BOXES:
        _apart(element)
    elif element.tag == "img" and (latex := latex_of(element)):
        _to_formula(element, formulas.html(latex, display=False))
    elif element.tag == "img" or element.tag in PLAYED:
        _own_media(element, resolve, media)
    elif element.tag == "a":
        _link(element, resolve)


def _link(element: HtmlElement, resolve: Resolve) -> None:
    """A link that leads nowhere is no link, and a place that others lead to none either."""
    address = element.get("href")
    target = _address(address, resolve) if address is not None else None
    if isinstance(target, str):
        element.set("href", target)
        return
    if target is LATER and element.text_content().strip():
        element.append(_not_yet())
    _no_link(element)


def _no_link(element: HtmlElement) -> None:
    element.attrib.pop("href", None)
    element.tag = "span" if element.get("id") else UNWRAP


def _not_yet() -> HtmlElement:
    note = lxml.html.Element("small", {"lang": get_language() or "en", "dir": "auto"})
    note.text = f" ({_('not available here yet')})"
    return note


def _address(address: str, resolve: Resolve) -> str | Later | None:
    address = address.strip()
    if address.startswith("#"):
        target: str | Later | None = f"#{own_id(address[1:])}"
    else:
        target = resolve(address) or _elsewhere(address)
    # What the last pass would not leave is no link from the beginning.
    return target if target is LATER or (isinstance(target, str) and allowed("a", "href", target)) else None


def _elsewhere(address: str) -> str | None:
    """As browsers read it: without line breaks, and with what has no place in an address escaped."""
    address = BREAKS.sub("", f"https:{address}" if address.startswith("//") else address)
    if _scheme(address) not in SCHEMES:
        return None
    return address.replace(" ", "%20").replace("\\", "%5C")


def _scheme(address: str) -> str:
    """'' for something that is no address at all."""
    try:
        return urlsplit(address).scheme.lower()
    except ValueError:
        return ""


def _own_media(element: HtmlElement, resolve: Resolve, media: Resolve) -> None:
    source = element.find("source")
    address = (element.get("src") or (source.get("src") if source is not None else "") or "").strip()
    here = media(address)
    if not isinstance(here, str):
        _to_link(element, address, resolve)
    elif element.tag == "img":
        element.attrib.update({"src": here, "alt": element.get("alt") or ""})
    else:
        element.attrib.update({"src": here, "controls": ""})


def _embedded(element: HtmlElement) -> str:
    """Old players name what they play in a parameter, or in another element inside them."""
    if own := element.get("src") or element.get("data"):
        return str(own)
    for inner in element.iter("param", "embed", "iframe"):
        if inner.tag != "param" or (inner.get("name") or "").lower() in ("movie", "src", "url"):
            return str(inner.get("src") or inner.get("value") or "")
    return ""


def _without_rest(element: HtmlElement) -> HtmlElement:
    """The tree's parser takes what follows an `<embed>` for its content."""
    if element.tag != "embed":
        return element
    alone = lxml.html.Element("embed", dict(element.attrib))
    alone.tail, element.text = element.text, None
    element.attrib.clear()
    element.tag = UNWRAP
    element.insert(0, alone)
    return alone


def _apart(element: HtmlElement) -> None:
    """What had a frame stood by itself; words in its place would run into those before and after."""
    if (before := element.getprevious()) is not None:
        before.tail = f"{before.tail or ''} "
    elif (around := element.getparent()) is not None:
        around.text = f"{around.text or ''} "
    element.tail = f" {element.tail or ''}"


def _to_link(element: HtmlElement, address: str, resolve: Resolve) -> None:
    """A link in the place of something that would have been fetched from another host, or cannot be shown here."""
    address = address.strip()
    here = resolve(address)
    target = here if isinstance(here, str) else _elsewhere(address)
    title = element.get("title") or element.get("aria-label") or ""
    words, target = described(element.tag, target or "", title)
    words = element.get("alt") or title if element.tag == "img" else words
    words = words or described("img", target or address, "")[0]
    tail = element.tail
    element.clear()
    element.tail = tail
    # A link inside a link is none: there the words alone stay.
    is_link = target and allowed("a", "href", target) and next(element.iterancestors("a"), None) is None
    element.tag = "a" if is_link else "span"
    element.text = words
    if is_link:
        element.set("href", target)
    elif here is LATER:
        element.append(_not_yet())


def _to_formula(picture: HtmlElement, mathml: str) -> None:
    """A formula that was drawn elsewhere, and whose source came with it."""
    formula = lxml.html.fragment_fromstring(mathml, create_parent="span")
    tail = picture.tail
    picture.clear()
    picture.tag, picture.tail, picture.text = UNWRAP, tail, formula.text
    picture.extend(list(formula))


def mend(body: HtmlElement) -> None:
    """Faults of accessibility that real course text is full of, where the mend is certain."""
    ids: set[str] = set()
    for element in list(elements(body)):
        if (own := element.get("id")) in ids:
            del element.attrib["id"]
        elif own:
            ids.add(own)
        if element.tag in HEADINGS and not _said(element):
            element.tag = "span" if own else UNWRAP
        elif element.tag == "a" and element.get("href") and not _said(element):
            element.text = element.get("title") or urlsplit(element.get("href")).netloc or element.get("href")
        elif element.tag == "table":
            _scrolling(element)
        elif element.tag == "p" and not _said(element) and not any(True for _ in element.iter("img", *PLAYED)):
            element.tag = "span" if own else DROP
        if (language := element.get("lang")) is not None and not LANGUAGE.fullmatch(language):
            del element.attrib["lang"]
    take_out(body)
    _end_dead_links(body, ids)


def _end_dead_links(body: HtmlElement, ids: set[str]) -> None:
    for link in list(body.iter("a")):
        if (address := link.get("href", "")).startswith("#") and address[1:] not in ids:
            _no_link(link)
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
