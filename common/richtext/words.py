"""The bare words of HTML that is too much to parse, in one reading."""

import re
from collections.abc import Iterator

from common.numbers import characters

TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9]*)?[^<>]*+>?+")
BREAKS = {"br", "/p", "/div", "/li", "/tr", "/h1", "/h2", "/h3", "/h4", "/h5", "/h6", "/blockquote", "/pre", "/dd"}
MOST_PARAGRAPHS = 1_000
MOST_CHARACTERS = 100_000


def words_of(source: str) -> Iterator[str]:
    """Paragraphs, up to a number of them and of characters."""
    text = characters(TAG.sub(lambda tag: "\n" if (tag[1] or "").lower() in BREAKS else " ", source))
    lines = [" ".join(line.split()) for line in text[:MOST_CHARACTERS].split("\n")]
    yield from [line for line in lines if line][:MOST_PARAGRAPHS]
