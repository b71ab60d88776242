"""An HTML page: its title, what its <meta> say, and its body with the references rewritten."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from . import limits, reasons
from .markup import Element, attribute, local
from .reasons import Refused
from .tags import has_bloated_tag
from .text import clean, to_utf8

# The address to use; None where it leads nowhere, "" where it leads to what may not be shown.
Resolve = Callable[[str], str | None]

_ADDRESSES = ("href", "src", "data", "poster", "background", "longdesc", "xlink:href")
_CONTENT = {"img", "iframe", "video", "audio", "source", "object", "embed", "svg", "math"}
# Those that show nothing without an address.
_LOADED = {"img", "iframe", "video", "audio", "source", "object", "embed"}
# What Canvas draws behind a link that leaves it.
_LINK_ICONS = {"ui-icon-extlink", "external_link_icon"}
_UNSEEN = {"script", "style", "template", "title"}
# Signs without width that str.strip() leaves.
_BLANKS = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"), "")


class PageError(Refused):
    """The page can't be used."""


@dataclass
class Page:
    title: str = ""
    html: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)  # addresses that lead nowhere, cut short
    links: int = 0  # addresses that were looked up
    is_empty: bool = False
    is_cut: bool = False  # nested deeper than the parser follows


def read_page(data: bytes, resolve: Resolve) -> Page:
    """Parse leniently and rewrite. The HTML stays as dangerous as it was: nothing is sanitised."""
    utf8, _ = to_utf8(data)
    utf8 = utf8.replace(b"\0", b"")
    markup = utf8.count(b"<") + utf8.count(b"=")
    if markup > limits.MAX_PAGE_MARKUP or has_bloated_tag(utf8):
        raise PageError(reasons.PAGE_TOO_LARGE)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(utf8, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return Page(is_empty=True)
    page = Page(is_cut=any("depth" in entry.message for entry in parser.error_log))
    body = _read_head(root, page)
    if body is None:
        page.is_empty = True
        return page
    _drop_link_marks(body)
    for element in body.iter():
        if isinstance(element.tag, str):
            _rewrite(element, resolve, page)
    page.is_empty = not any(_is_seen(element) for element in body.iter())
    page.html = _inner(body)
    return page


def _is_seen(element: Element) -> bool:
    """Whether it shows something by itself: a picture and the like, or words of its own or behind it."""
    name = local(element)
    if name in _CONTENT and (name not in _LOADED or any(attribute(element, source) for source in ("src", "data"))):
        return True
    own = element.text if name and name not in _UNSEEN else ""
    return any(words and words.translate(_BLANKS).strip() for words in (own, element.tail))


def _read_head(root: Element, page: Page) -> Element | None:
    """Fill in title and meta; the body, which the parser makes up where it is missing."""
    body: Element | None = None
    for element in root.iter():
        name = local(element)
        if name == "title" and not page.title and body is None:
            # Its own words: what is inside another title is looked at there.
            page.title = clean("".join([element.text or "", *(child.tail or "" for child in element)]))
        elif name == "meta":
            page.meta[attribute(element, "name").lower()] = attribute(element, "content")
        elif name == "body" and body is None:
            body = element
    return body


def _drop_link_marks(body: Element) -> None:
    """Canvas shows “(Links to an external site.)” behind a link; who copies a shown page copies that with it."""
    for mark in [span for span in body.iter("span") if _is_link_mark(span)]:
        tail = mark.tail
        mark.clear()
        mark.tail = tail


def _is_link_mark(span: Element) -> bool:
    classes = set(attribute(span, "class").split())
    # Other words for screen readers are an author's own.
    is_remark = "screenreader-only" in classes and (span.text or "").strip().startswith("(")
    link = next(span.iterancestors("a"), None) if is_remark or classes & _LINK_ICONS else None
    return link is not None and "external" in attribute(link, "class").split()


def _is_equation(element: Element) -> bool:
    """Canvas draws it when it is asked to; what counts is its source, which comes with it."""
    return "equation_image" in (element.get("class") or "") or "/equation_images/" in (element.get("src") or "")


def _rewrite(element: Element, resolve: Resolve, page: Page) -> None:
    if local(element) == "img" and _is_equation(element):
        return
    for name in _ADDRESSES:
        url = element.get(name)
        if url is None:
            continue
        _count(page, 1)
        target = resolve(url)
        if not target:
            if target is None:
                page.broken.append(clean(url))
            del element.attrib[name]
        elif target != url:
            element.set(name, target)
    if "srcset" in element.attrib:
        _rewrite_set(element, resolve, page)


def _rewrite_set(element: Element, resolve: Resolve, page: Page) -> None:
    kept = []
    candidates = str(element.attrib["srcset"]).split(", ", limits.MAX_SRCSET)[: limits.MAX_SRCSET]
    _count(page, len(candidates))
    for candidate in candidates:
        url, *size = candidate.strip().split(None, 1) or [""]
        target = resolve(url) if url else None
        if target:
            kept.append(" ".join([target, *size]))
        elif url and target is None:
            page.broken.append(clean(url))
    element.set("srcset", ", ".join(kept))


def _count(page: Page, more: int) -> None:
    page.links += more
    if page.links > limits.MAX_PAGE_LINKS:
        raise PageError(reasons.PAGE_TOO_LARGE)


def _inner(body: Element) -> str:
    parts = [html.escape(str(body.text or ""), quote=False)]
    parts += [str(etree.tostring(child, encoding="unicode", method="html")) for child in body]
    return "".join(parts).strip()
