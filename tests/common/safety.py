"""What any rich text that is shown must be like, judged by two parsers that are not the sanitiser's."""

import re
from html.parser import HTMLParser

import lxml.html

from common.richtext.vocabulary import MATH, TAGS
from tests.common.payloads import LOCAL

PLAIN = {"lang", "dir", "title", "id"}
OF_TAG = {
    "a": {"href", "rel"},
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
    "div": {"class", "tabindex"},
    **{tag: {"displaystyle", "scriptlevel"} for tag in MATH},
}
for _tag, _names in {
    "math": "display",
    "mfrac": "linethickness",
    "mi": "mathvariant",
    "mo": "fence form largeop lspace maxsize minsize movablelimits rspace separator stretchy symmetric",
    "mover": "accent",
    "munder": "accentunder",
    "munderover": "accent accentunder",
    "mpadded": "width height depth lspace voffset",
    "mspace": "width height depth",
    "mrow": "class",
    "mtd": "columnspan rowspan class",
}.items():
    OF_TAG[_tag] = OF_TAG[_tag] | set(_names.split())
WORDS_OF_FORMULAS = {"mi", "mn", "mo", "ms", "mtext"}
CLASSES = {
    "div": {"", "table-scroll"},
    "mrow": {"", "math-box", "math-struck"},
    "mtd": {"", "math-start", "math-end", "math-above", "math-below", "math-before", "math-after"},
}

# What no browser takes for an address of another site.
OWN_PAGE = re.compile(r"/(?!/|%5[Cc])[!-\[\]-~]*")


def resolve(address: str) -> str | None:
    """Stands for the references of a course: only `local:` leads to a file of this site."""
    return LOCAL if address.startswith("local:") else None


class Tokens(HTMLParser):
    """The tags as a reader of tokens sees them, who mends nothing."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    unknown_decl = handle_pi = handle_decl


def assert_safe(html: str, *, own_pages: bool = False) -> None:
    """`own_pages` where people may link to pages of this site."""
    tree = lxml.html.document_fromstring(f"<html><body><section>{html}</section></body></html>")
    seen = [(element.tag, dict(element.attrib)) for element in tree.find(".//section").iterdescendants()]
    assert len(seen) == len(tree.findall(".//section//*")) == len(tree.findall(".//*")) - 2, html
    for tag, attributes in seen + Tokens(html).found:
        assert tag in TAGS, (tag, html)
        assert set(attributes) <= PLAIN | OF_TAG.get(tag, set()), (attributes, html)
        assert set((attributes.get("class") or "").split(" ")) <= CLASSES.get(tag, {""}), html
        assert attributes.get("tabindex") in (None, "0")
        assert attributes.get("src") in (None, LOCAL), html
        assert (attributes.get("id") or "c-").startswith(("c-", "p-")), html
        href = attributes.get("href")
        is_own = own_pages and OWN_PAGE.fullmatch(href or "")
        assert href is None or is_own or href.startswith(("https://", "http://", "mailto:", "#c-", LOCAL)), html
    assert_formulas_are_whole(tree.find(".//section"))
    ids = [attributes["id"] for _, attributes in seen if "id" in attributes]
    assert len(ids) == len(set(ids)), html


def assert_formulas_are_whole(page: lxml.html.HtmlElement) -> None:
    """MathML is in formulas, and formulas hold nothing else."""
    for element in page.iterdescendants():
        around = {one.tag for one in element.iterancestors()}
        assert (element.tag in MATH and element.tag != "math") == ("math" in around), element.tag
        assert not around & WORDS_OF_FORMULAS
