"""XML from strangers: bounded, without entities or network, and repaired where it is sloppy.

Namespaces differ by version and are often wrong, so everything is matched by local name, in lower
case.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from . import limits, reasons
from .mending import mend_references
from .reasons import Reason, Refused
from .tags import has_bloated_tag
from .text import is_mislabelled, to_utf8, without_controls

Element = etree._Element


class MarkupError(Refused):
    """It can't be read as XML."""


class Entities(MarkupError):
    """It declares entities of its own."""


class TooDeep(MarkupError):
    """It is nested deeper than libxml2 follows (256)."""


class TooMuch(MarkupError):
    """It has more elements than the limit."""


def parse_xml(data: bytes, markup_limit: int = limits.MAX_XML_MARKUP) -> tuple[Element, list[Reason]]:
    """The root element, and a remark for each defect that was mended on the way."""
    notes: list[Reason] = []
    utf8, actual = to_utf8(data)
    if is_mislabelled(data, actual):
        notes.append(reasons.encoding(actual))
    del data
    plain = without_controls(utf8)
    if len(plain) != len(utf8):
        notes.append(reasons.CONTROLS)
    del utf8
    if _is_too_much(plain, markup_limit):
        raise TooMuch(reasons.XML_TOO_LARGE)
    if declares_entities(plain):
        raise Entities(reasons.XML_ENTITIES)
    plain = plain.strip()
    root = _strictly(plain)
    if root is None:
        root, note = _leniently(plain)
        notes.append(note)
    if has_too_many_namespaces(root):
        raise TooMuch(reasons.XML_TOO_LARGE)
    return root, notes


def _is_too_much(data: bytes, limit: int) -> bool:
    """Counted before parsing; references cost less than elements, unless they need mending."""
    markup = data.count(b"<") + data.count(b"=")
    return markup > limit or data.count(b"&") > 2 * limit or has_bloated_tag(data, is_xml=True)


def has_too_many_namespaces(root: Element) -> bool:
    scope = 0
    for event, _ in etree.iterwalk(root, events=("start-ns", "end-ns")):
        scope += 1 if event == "start-ns" else -1
        if scope > limits.MAX_NAMESPACES:
            return True
    return False


def declares_entities(data: bytes) -> bool:
    """Whether a document type declares anything. Even unused, no honest package needs it."""
    at = data.find(b"<!DOCTYPE")
    return at >= 0 and data.find(b"<!ENTITY", at) >= 0


def _parser(recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )


def _strictly(data: bytes) -> Element | None:
    try:
        return etree.fromstring(data, _parser(recover=False))
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise TooDeep(reasons.XML_DEPTH) from error
        return None


def _leniently(data: bytes) -> tuple[Element, Reason]:
    """The root and what had to be done for it, from the mildest repair to the roughest."""
    mended = mend_references(data[max(0, data.find(b"<")) :])
    root = _strictly(mended)
    if root is not None:
        return root, reasons.AMPERSANDS
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(mended, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise MarkupError(reasons.NOT_XML)
    only_spaces = all(entry.domain_name == "NAMESPACE" for entry in parser.error_log)
    return root, reasons.NAMESPACES if only_spaces else reasons.REPAIRED


def local(element: Element) -> str:
    """The element's name without namespace or prefix; "" for comments and the like."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def attribute(element: Element, name: str) -> str:
    """An attribute by local name, in any namespace or case."""
    value = element.get(name)
    if value is not None:
        return str(value).strip()
    if len(element.attrib) > limits.MAX_ATTRIBUTES:  # looking at them all takes quadratic time
        return ""
    for key, other in element.attrib.items():
        if str(key).rpartition("}")[2].rpartition(":")[2].lower() == name:
            return str(other).strip()
    return ""


def children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if local(child) == name)


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant reached by these names, one level each."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def text_of(element: Element | None) -> str:
    """All text inside, as the author sees it."""
    return "".join(str(part) for part in element.itertext()) if element is not None else ""


def text_at(element: Element | None, *path: str) -> str:
    return text_of(child(element, *path)).strip()


def descendants(element: Element, name: str) -> Iterator[Element]:
    return (found for found in element.iter() if local(found) == name)


def serialise(element: Element) -> str:
    return str(etree.tostring(element, encoding="unicode", with_tail=False))
