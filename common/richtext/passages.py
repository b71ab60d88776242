"""Reading what is shown: the pieces that search keeps. Nothing is written here."""

from dataclasses import dataclass, field

import lxml.etree
from lxml.html import HtmlElement

from common.richtext.tree import parse
from common.richtext.vocabulary import BLOCK_ID, BLOCKS, FRAMES, HEADINGS

ANCHORED = BLOCKS | FRAMES
# Between what is in it and what is beside it a reader sees a space, or a new line.
BROKEN = ANCHORED | {"td", "th", "br", "hr", "tr", "tbody", "thead", "tfoot", "math", "mtext", "mtd", "mtr"}
BROKEN |= {"munder", "munderover"}
# Signs of a formula that nobody sees: what a letter is applied to, and what is multiplied.
INVISIBLE = dict.fromkeys(range(0x2061, 0x2065))
# What a formula shows by drawing it: a sign in front, or between the first and the second of its parts.
IN_FRONT = {"msqrt": "√", "mroot": "√"}
BETWEEN = {"mfrac": "/", "munder": " ", "mover": " ", "munderover": " "}
# Where words are that nothing with an id comes before: the id of no element, and so the top of the page.
TOP = f"{BLOCK_ID}0"


@dataclass(frozen=True)
class Block:
    """A piece of the text by itself, as search keeps it."""

    anchor: str
    heading: str
    text: str


@dataclass
class _Open:
    anchor: str
    heading: str
    words: list[str] = field(default_factory=list)
    # How words in it are read, which stands above them and must not part them.
    readings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join([*self.words, " ", *self.readings]).split())


# Above the words of which they are the reading, in an alphabet that says how.
READING = "rt"
# For browsers that know no readings; nobody sees them.
UNSEEN = "rp"


class _Reader:
    """Gives every word of a page to the innermost block with an id that it is in, and to that block alone.

    Words in none of them make a block of their own, which leads to the last id before them.
    """

    def __init__(self) -> None:
        self.found: list[_Open] = []
        self._heading = ""
        # For each element that is open, the block that its words belong to; None for a block of their own.
        self._around: list[_Open | None] = []
        self._own: _Open | None = None
        self._readings = self._unseen = 0

    def start(self, tag: str, anchor: str | None) -> None:
        if tag in BROKEN:
            self.say(" ")
        around = self._around[-1] if self._around else None
        if tag in ANCHORED and anchor:
            around, self._own = self._begin(anchor), None
        self._around.append(around)
        self._readings += tag == READING
        self._unseen += tag == UNSEEN
        self.say(IN_FRONT.get(tag, ""))

    def end(self, tag: str) -> None:
        if tag == READING:
            self.say(" ")
        self._readings -= tag == READING
        self._unseen -= tag == UNSEEN
        block = self._around.pop()
        if tag in BROKEN:
            self.say(" ")
        if tag in HEADINGS and block:
            block.heading = self._heading = block.text[:255]

    def say(self, words: str) -> None:
        block = self._around[-1] if self._around else None
        if block is None and (self._own or words.strip()):
            self._own = self._own or self._begin(self.found[-1].anchor if self.found else TOP)
            block = self._own
        if block and not self._unseen:
            (block.readings if self._readings else block.words).append(words)

    def _begin(self, anchor: str) -> _Open:
        self.found.append(_Open(anchor, self._heading))
        return self.found[-1]


def read(html: str) -> list[Block]:
    """Every word of `html`, each once, in blocks in the order in which they begin; several may share an anchor."""
    reader = _Reader()
    for event, element in lxml.etree.iterwalk(parse(html), events=("start", "end")):
        if event == "start":
            reader.start(element.tag, element.get("id"))
            reader.say(_spaced(element))
        else:
            reader.end(element.tag)
            if between := BETWEEN.get(element.getparent().tag):
                reader.say(between if element.getnext() is not None else "")
            if element.tag != "body":
                # Around the element, and no longer in it.
                reader.say(element.tail or "")
    return [Block(one.anchor, one.heading, one.text) for one in reader.found if one.text]


def _spaced(element: HtmlElement) -> str:
    """Its own words. In a formula a name of several letters is a word by itself."""
    words = element.text or ""
    if element.tag == "mo":
        words = words.translate(INVISIBLE)
    return f" {words} " if element.tag in ("mi", "mo") and len(words) > 1 and words.isalpha() else words
