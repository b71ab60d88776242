"""Which way the blocks of a text run that has letters from right to left: each by its first letter.

A text without such letters gets nothing: where it is shown, `dir="auto"` says the same of it.
"""

import re
from unicodedata import bidirectional

import lxml.etree
from lxml.html import HtmlElement

from common.richtext.addresses import ADDRESS
from common.richtext.vocabulary import BLOCKS, FRAMES

RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
LETTER = re.compile(r"[^\W\d_]")
DIRECTED = BLOCKS | FRAMES | {"td", "th"}
# Their letters say nothing of the words around them.
SIGNS = {"code", "kbd", "math", "samp", "var"}
RTL, LTR = "rtl", "ltr"


def direct(body: HtmlElement) -> None:
    """What its author gave a direction keeps it, with all that is inside."""
    if not any(RIGHT.search(words) for words in body.itertext()):
        return
    waiting: list[HtmlElement] = []
    silent: list[HtmlElement] = []
    first, passed_over, settled = "", 0, [False]
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            settled.append(_is_settled(element))
            passed_over += settled[-1]
            if element.tag in DIRECTED and not passed_over:
                waiting.append(element)
            words = element.text
        else:
            passed_over -= settled.pop()
            if waiting and waiting[-1] is element:
                silent.append(waiting.pop())
            words = element.tail
        if waiting and not passed_over and (way := _way(words or "")):
            first = first or way
            for block in waiting:
                block.set("dir", way)
            waiting.clear()
    for block in silent:
        # Without a letter it runs as the text begins, unless it is inside something that runs another way.
        if first and all(around.get("dir") is None for around in block.iterancestors(*DIRECTED)):
            block.set("dir", first)


def _is_settled(element: HtmlElement) -> bool:
    if element.tag == "pre" and element.get("dir") is None and element.find("code") is not None:
        element.set("dir", LTR)
    is_address = element.tag == "a" and ADDRESS.match(element.text or "") is not None
    return element.tag in SIGNS or is_address or element.get("dir") is not None


def _way(words: str) -> str | None:
    for letter in LETTER.finditer(words):
        kind = bidirectional(letter[0])
        if kind in ("R", "AL"):
            return RTL
        if kind == "L":
            return LTR
    return None
