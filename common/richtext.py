"""Text that people bring, made safe to show: Markdown or HTML in, a small set of elements out.

Nothing in the result makes a request to another host: pictures and frames from elsewhere become plain links. Every
block gets an id, so that search can land on it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import lxml.html
import nh3
from lxml.html import HtmlElement
from markdown_it import MarkdownIt

Resolve = Callable[[str], str | None]

TAGS = {
    "a", "abbr", "audio", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var", "video",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"lang", "dir", "title", "id"},
    "a": {"href"},
    "abbr": {"title"},
    "audio": {"src", "controls"},
    "video": {"src", "controls"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
}
BLOCKS = {"p", "li", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "dt", "dd", "figure", "summary"}
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
PLAYED = ("audio", "video")
EMBEDS = ("iframe", "embed", "object")
# `id`s that people bring are kept for their own links, but can never take the name of one of the page's elements.
OWN_ID = "c-"
BLOCK_ID = "p-"
# The longest anchor that search keeps.
ID_LENGTH = 40
# What neither XML nor Postgres takes; it also comes as `&#1;`, after the parse.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# libxml2 drops the words after these; a browser keeps them.
ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
# Every address is judged once, by `_address` and the sanitiser; markdown-it would drop ours (`file:`) unseen.
_markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # it is made to be replaced


@dataclass(frozen=True)
class Block:
    """A piece of the text by itself, as search keeps it."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True)
class RichText:
    html: str
    blocks: list[Block]

    @property
    def words(self) -> int:
        return sum(len(block.text.split()) for block in self.blocks)


def from_markdown(source: str, resolve: Resolve) -> RichText:
    return from_html(_markdown.render(source), resolve)


def from_html(source: str, resolve: Resolve) -> RichText:
    """Sanitise `source`. `resolve` is asked for every address in it and answers with one of this site, or None.

    Never raises for what people write: HTML that is broken is mended the way a browser would.
    """
    root = _parse(source)
    elements = list(root.iter(lxml.etree.Element))
    for element in elements:
        for name, value in element.attrib.items():
            if NO_TEXT.search(value):
                element.set(name, NO_TEXT.sub("", value))
    for element in elements:
        _prepare(element, resolve)
    clean = nh3.clean(
        _inner(root),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    body = _parse(clean)
    _mend(body)
    blocks = list(_anchored(body))
    return RichText(_inner(body), blocks)


def _parse(source: str) -> HtmlElement:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    # A control character would end the parse; the text around it is worth more.
    source = ENDS.sub("", NO_TEXT.sub("", source)) or " "
    tree = lxml.html.document_fromstring(f"<html><body>{source}</body></html>".encode(), parser=parser)
    return tree.find("body")


def _inner(root: HtmlElement) -> str:
    parts = [lxml.html.tostring(child, encoding="unicode") for child in root]
    return (root.text or "").replace("&", "&amp;").replace("<", "&lt;") + "".join(parts)


def _prepare(element: HtmlElement, resolve: Resolve) -> None:
    """What the sanitiser cannot decide: addresses, foreign pictures and frames, the level of headings, ids."""
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
    return resolve(address) or (address if urlsplit_safe(address) in ("http", "https", "mailto") else None)


def urlsplit_safe(address: str) -> str:
    """The scheme, or '' for something that is no address at all."""
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
    target = resolve(address) or (address if urlsplit_safe(address) in ("http", "https") else None)
    words = element.get("alt") or element.get("title") or (urlsplit(target).netloc if target else "")
    tail = NO_TEXT.sub("", element.tail or "")
    element.clear()
    element.tail = tail
    # A link inside a link is none: there the words alone stay.
    target = target if next(element.iterancestors("a"), None) is None else None
    element.tag = "a" if target else "span"
    element.text = words or address[:100]
    if target:
        element.set("href", target)


def _mend(body: HtmlElement) -> None:
    """Faults of accessibility that real course text is full of, where the mend is certain."""
    ids: set[str] = set()
    for element in list(body.iter(lxml.etree.Element)):
        if (own := element.get("id")) in ids:
            del element.attrib["id"]
        elif own:
            ids.add(own)
        if element.tag in HEADINGS and not _said(element):
            element.drop_tag()
        elif element.tag == "a" and element.get("href") and not _said(element):
            element.text = element.get("title") or urlsplit(element.get("href")).netloc or element.get("href")
        elif element.tag == "li" and element.getparent().tag not in ("ul", "ol"):
            element.tag = "div"
        elif element.tag == "table":
            _scrolling(element)
        elif element.tag == "p" and not _said(element) and not any(True for _ in element.iter("img", *PLAYED)):
            element.drop_tree()
        if (language := element.get("lang")) is not None and not LANGUAGE.match(language):
            del element.attrib["lang"]


def _said(element: HtmlElement) -> bool:
    """Whether a screen reader would say anything of it."""
    return bool(element.text_content().strip()) or any(picture.get("alt") for picture in element.iter("img"))


def _scrolling(table: HtmlElement) -> None:
    """A wide table scrolls in a frame of its own, which the keyboard can reach."""
    frame = lxml.html.Element("div", {"class": "table-scroll", "tabindex": "0"})
    frame.tail, table.tail = table.tail, None
    table.getparent().replace(table, frame)
    frame.append(table)


def _anchored(body: HtmlElement) -> Iterator[Block]:
    """Give every block an id and yield its own text; a block inside a block is yielded once, as itself."""
    heading = ""
    for number, element in enumerate(body.iter(*BLOCKS), start=1):
        anchor = element.get("id")
        if not anchor:
            anchor = f"{BLOCK_ID}{number}"
            element.set("id", anchor)
        text = " ".join("".join(_own_text(element)).split())
        if element.tag in HEADINGS:
            heading = text[:255]
        if text:
            yield Block(anchor, heading, text)


def _own_text(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in BLOCKS:
            yield from _own_text(child)
        yield " " + (child.tail or "") if child.tag in BLOCKS | {"td", "th", "br", "tr"} else child.tail or ""
