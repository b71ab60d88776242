"""The bare words of HTML that is too much to parse, in one reading."""

import re
from collections.abc import Iterator

from common.numbers import characters

TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9]*)?[^<>]*+>?+")
BREAKS = {"br", "/p", "/div", "/li", "/tr", "/h1", "/h2", "/h3", "/h4", "/h5", "/h6", "/blockquote", "/pre", "/dd"}
DROPPED = {"script", "style", "template"}
MOST_PARAGRAPHS = 1_000
MOST_CHARACTERS = 100_000


def words_of(source: str) -> Iterator[str]:
    """Paragraphs, up to a number of them and of characters."""
    text = characters("".join(_between_tags(source)))
    lines = [" ".join(line.split()) for line in text[:MOST_CHARACTERS].split("\n")]
    yield from [line for line in lines if line][:MOST_PARAGRAPHS]


def _between_tags(source: str) -> Iterator[str]:
    """The words so far as they are enough: a character can be written with several."""
    at, inside, left = 0, "", 10 * MOST_CHARACTERS
    for tag in TAG.finditer(source):
        name = (tag[1] or "").lower()
        if not inside:
            words = source[at : tag.start()]
            left -= len(words) + 1
            if left < 0:
                return
            yield words
            yield "\n" if name in BREAKS else " "
            inside = name if name in DROPPED else ""
        elif name == f"/{inside}":
            inside = ""
        at = tag.end()
    if not inside:
        yield source[at:]
