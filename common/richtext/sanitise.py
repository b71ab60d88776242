"""The last pass over rich text. Nothing writes its output again but this pass itself, which changes nothing."""

import re
from html import escape

import lxml.html
import nh3

from common.richtext.tree import formulas_are_whole
from common.richtext.vocabulary import (
    ATTRIBUTES,
    BLOCK_ID,
    CLASSES,
    ID_LENGTH,
    LANGUAGE,
    MATH,
    NO_TEXT,
    OWN_ID,
    TAGS,
)

SCHEMES = {"http", "https", "mailto"}
# Browsers read a backslash as a slash and skip control characters: `/\host` is another host.
OWN_PATH = re.compile(r"/(?!/)[^\\\x00-\x20\x7f]*")
OWN_PLACE = re.compile(rf"#({OWN_ID}|{BLOCK_ID})[^\x00-\x20\x7f]+")
ELSEWHERE = re.compile(r"(https?://|mailto:)[^\\\x00-\x20\x7f]+", re.IGNORECASE)
ID = re.compile(rf"({OWN_ID}[^\x00-\x1f\x7f]+|{BLOCK_ID}[0-9]+)")
# A browser lays out every cell that a number here asks for.
NUMBER = re.compile(r"[0-9]{1,4}")
NUMBERS = {"width", "height", "start", "value", "colspan", "rowspan", "columnspan", "span"}
# In a formula. Nothing of it is moved or stretched beyond what a formula asks for.
LENGTH = re.compile(r"[+-]?(?:[0-9]{1,2}(?:\.[0-9]{1,10})?|\.[0-9]{1,10})(?:em|ex|rem|px|pt|cm|mm|in|%)?")
LENGTHS = {"width", "height", "depth", "lspace", "rspace", "voffset", "maxsize", "minsize", "linethickness"}
YES_OR_NO = {
    "displaystyle", "accent", "accentunder", "fence", "largeop", "movablelimits", "separator", "stretchy", "symmetric",
}  # fmt: skip
WORDS = {
    "dir": {"ltr", "rtl", "auto"},
    "type": {"1", "a", "A", "i", "I"},
    "scope": {"row", "col", "rowgroup", "colgroup"},
    "tabindex": {"0"},
    "display": {"block", "inline"},
    "form": {"prefix", "infix", "postfix"},
    "mathvariant": {"normal"},
    "scriptlevel": {f"{sign}{level}" for sign in ("", "+", "-") for level in range(4)},
    **{key: {"true", "false"} for key in YES_OR_NO},
    **{key: {""} for key in ("controls", "reversed", "open")},
}
# What a browser mends once, such as words between the rows of a table, it leaves alone the next time.
ROUNDS = 8


def settle(html: str, rounds: int = ROUNDS) -> str:
    """What is left of `html` when this pass changes nothing any more; its words alone if that does not come about."""
    for _ in range(rounds):
        cleaned = _clean(html)
        if cleaned == html:
            return html if formulas_are_whole(html) else words_alone(html)
        html = cleaned
    return words_alone(html)


def words_alone(html: str) -> str:
    words = str(lxml.html.document_fromstring(f"<html><body>{html}</body></html>").xpath("string()"))
    return _clean(f"<p>{escape(NO_TEXT.sub('', words))}</p>")


def _clean(html: str) -> str:
    ids: set[str] = set()

    def judge(tag: str, attribute: str, value: str) -> str | None:
        if attribute != "id":
            return value if allowed(tag, attribute, value) else None
        if value in ids or len(value) > ID_LENGTH or not ID.fullmatch(value):
            return None
        ids.add(value)
        return value

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=judge,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )


def allowed(tag: str, attribute: str, value: str) -> bool:
    """Each value by itself, whatever another parser took it for before."""
    if attribute == "href":
        return any(kind.fullmatch(value) for kind in (OWN_PATH, OWN_PLACE, ELSEWHERE))
    if attribute == "src":
        return bool(OWN_PATH.fullmatch(value))
    if tag in MATH and attribute in LENGTHS:
        return bool(LENGTH.fullmatch(value))
    if attribute == "class":
        return set(value.split(" ")) <= CLASSES.get(tag, set())
    if attribute in NUMBERS:
        return bool(NUMBER.fullmatch(value))
    if attribute == "lang":
        return bool(LANGUAGE.fullmatch(value))
    return attribute not in WORDS or value in WORDS[attribute]
