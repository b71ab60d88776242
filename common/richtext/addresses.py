"""Web addresses that stand in a text as they are, made links."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Each is an element to prepare and to clean.
MOST = 2_000
# No part of a word or of another address; as long as people paste them.
ADDRESS = re.compile(r"""(?<![\w@/.:-])(?:https?://\w|www\.[\w-]+\.\w)[^\s<>"“”«»\[\]\\`]{0,1000}""", re.IGNORECASE)
# What ends a sentence around it.
ENDS = ".,;:!?'’*_"
PAIRS = {")": "(", "}": "{"}


def add_addresses(markdown: MarkdownIt) -> None:
    markdown.core.ruler.push("addresses", _link)


def _link(state: StateCore) -> None:
    left = MOST
    for block in state.tokens:
        inside, made = 0, []
        for token in block.children or []:
            inside += (token.type == "link_open") - (token.type == "link_close")
            parts = [token] if token.type != "text" or inside else list(_linked(state.md, token.content, left))
            left -= sum(part.type == "link_open" for part in parts) if not inside else 0
            made += parts
        block.children = made or block.children


def _linked(markdown: MarkdownIt, words: str, most: int) -> Iterator[Token]:
    at = 0
    for found in ADDRESS.finditer(words):
        address = _without_ends(found[0])
        if most <= 0:
            break
        most -= 1
        if found.start() > at:
            yield _text(words[at : found.start()])
        whole = address if "://" in address[:8] else f"https://{address}"
        yield Token("link_open", "a", 1, attrs={"href": markdown.normalizeLink(whole)})
        yield _text(address)
        yield Token("link_close", "a", -1)
        at = found.start() + len(address)
    if at < len(words):
        yield _text(words[at:])


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _without_ends(address: str) -> str:
    """A bracket that was opened before the address is closed after it."""
    opened = {end: address.count(begin) for end, begin in PAIRS.items()}
    closed = {end: address.count(end) for end in PAIRS}
    end = len(address)
    while end and (last := address[end - 1]) and (last in ENDS or closed.get(last, 0) > opened.get(last, 0)):
        closed[last] = closed.get(last, 0) - 1
        end -= 1
    return address[:end]
