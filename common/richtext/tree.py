"""From a source to a tree that a browser would read the same: the only parser that meets what people bring."""

import re
from collections.abc import Iterator

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from common.richtext import limits
from common.richtext.vocabulary import HEADINGS, MATH, MATH_WORDS, NO_TEXT, TAGS

# libxml2 drops the words after these; a browser keeps them.
ENDS = re.compile(r"</(?:body|html)\s*+>", re.IGNORECASE)
# Their content is no text of the page.
DROPPED = {"script", "style", "template"}
# What is a block to a browser, and what else is rich text by another name.
AS_DIV = {
    "address", "article", "aside", "center", "dialog", "fieldset", "footer", "form", "header", "hgroup", "legend",
    "main", "multicol", "nav", "noframes", "noscript", "optgroup", "option", "search", "section", "textarea",
}  # fmt: skip
RENAMED = {
    **dict.fromkeys(AS_DIV, "div"),
    **dict.fromkeys(("listing", "plaintext", "xmp"), "pre"),
    "acronym": "abbr",
    "dir": "ul",
    "menu": "ul",
    "strike": "s",
    "tt": "code",
}
# An element that a page made up is named with a hyphen, and mostly stands by itself; of Word's, "o:p" is none of them.
MADE_UP = re.compile(r"[a-z][a-z0-9]*-[a-z0-9-]*")
FORMATS = {"a", "b", "code", "em", "i", "s", "small", "strong", "u"}
# Where a paragraph ends, because no paragraph can be around it.
ENDS_PARAGRAPH = HEADINGS | {
    "blockquote", "details", "div", "dl", "dd", "dt", "figcaption", "figure", "hr", "li", "ol", "p", "pre", "summary",
    "table", "ul",
}  # fmt: skip
SECTIONS = {"thead", "tbody", "tfoot"}
PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl"},
    "dd": {"dl"},
    "td": {"tr"},
    "th": {"tr"},
    "tr": SECTIONS | {"table"},
    **{key: {"table"} for key in [*SECTIONS, "caption", "colgroup"]},
    "col": {"colgroup", "table"},
    "rt": {"ruby"},
    "rp": {"ruby"},
}
# Elements are renamed to these and taken out together: one by one, each would move the text of all its neighbours.
UNWRAP, DROP = "unwrap", "drop"


def parse(source: str) -> HtmlElement:
    """The body; whatever the source holds, it has one."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    # A control character would end the parse; the text around it is worth more.
    source = ENDS.sub("", NO_TEXT.sub("", source)) or " "
    tree = lxml.html.document_fromstring(f"<html><body>{source}</body></html>".encode(), parser=parser)
    return tree.find("body")


def write(body: HtmlElement) -> str:
    parts = [lxml.html.tostring(child, encoding="unicode") for child in body]
    return (body.text or "").replace("&", "&amp;").replace("<", "&lt;") + "".join(parts)


def elements(body: HtmlElement) -> Iterator[HtmlElement]:
    return body.iterdescendants(lxml.etree.Element)


def check(body: HtmlElement) -> None:
    """Raise TooMuch for a tree that is too deep or too large."""
    depth = 0
    for count, (event, _) in enumerate(lxml.etree.iterwalk(body, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > limits.DEEPEST:
            raise limits.too_deep()
        if count > 2 * limits.MOST_TAGS:
            raise limits.too_many_elements()


def strip_unknown(body: HtmlElement) -> None:
    """Only elements of rich text are left, with the words of those that are not, and the places that links lead to."""
    for element in list(elements(body)):
        if other := RENAMED.get(element.tag):
            element.tag = other
        elif MADE_UP.fullmatch(element.tag):
            element.tag = "div"
        if element.tag in DROPPED:
            element.tag = DROP
        elif element.tag not in TAGS:
            element.tag = "span" if element.get("id") else UNWRAP
    take_out(body)


def take_out(body: HtmlElement) -> None:
    lxml.etree.strip_elements(body, DROP, with_tail=False)
    lxml.etree.strip_tags(body, UNWRAP)


def straighten(body: HtmlElement) -> None:
    """Let no element be where a browser would move it, nor so many marks of text around each other."""
    open_ones: list[HtmlElement] = [body]
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        if element is body:
            continue
        if event == "end":
            open_ones.pop()
            continue
        _place(element, open_ones)
        open_ones.append(element)
    take_out(body)


def _place(element: HtmlElement, around: list[HtmlElement]) -> None:
    parent = next(one for one in reversed(around) if one.tag != UNWRAP)
    if element.tag in PARENTS and parent.tag not in PARENTS[element.tag]:
        element.tag = UNWRAP if element.tag in ("tr", "colgroup", "col", "rt", "rp") else "div"
    tags = [one.tag for one in around]
    if (
        (element.tag in HEADINGS and parent.tag in HEADINGS)
        or (element.tag == "a" and "a" in tags)
        or (element.tag in FORMATS and sum(tag in FORMATS for tag in tags) >= limits.MOST_FORMATS)
    ):
        element.tag = UNWRAP
    elif element.tag in ENDS_PARAGRAPH:
        for one in around:
            if one.tag == "p":
                one.tag = "div"
    if element.tag == "pre" and element.text:
        # A browser drops the first of them, and so would each pass.
        element.text = element.text.lstrip("\r\n")


def formulas_are_whole(html: str) -> bool:
    """Whether there is nothing but MathML in each formula, nothing in its words but words, and none of it elsewhere."""
    if "<m" not in html:
        return True
    depth = 0
    for event, element in lxml.etree.iterwalk(parse(html), events=("start", "end")):
        if event == "end":
            depth -= element.tag == "math"
            continue
        if depth and (element.tag == "math" or element.tag not in MATH or element.getparent().tag in MATH_WORDS):
            return False
        if not depth and element.tag in MATH and element.tag != "math":
            return False
        depth += element.tag == "math"
    return True
