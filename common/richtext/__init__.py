"""Text that people bring, made safe to show: Markdown or HTML in, a small set of elements out.

Nothing in the result makes a request to another host: pictures and frames from elsewhere become plain links. Every
block gets an id, so that search can land on it. The sanitiser comes last, and nothing writes after it.
"""

from dataclasses import dataclass
from html import escape

from common.richtext import directions, limits, markdown, mathml, passages, sanitise, tree
from common.richtext.anchors import own_id
from common.richtext.limits import LONGEST, TooMuch
from common.richtext.markdown import link
from common.richtext.passages import Block
from common.richtext.prepare import LATER, Later, Resolve, anchor, mend, prepare
from common.richtext.words import words_of
from common.scripts import word_count

__all__ = [
    "LATER",
    "LONGEST",
    "VERSION",
    "Block",
    "Later",
    "Resolve",
    "RichText",
    "TooMuch",
    "bare_words",
    "from_html",
    "from_markdown",
    "from_words",
    "kept_safe",
    "link",
    "own_id",
]

# Raise it when the same source would give different HTML or passages: stored texts are then rendered again.
VERSION = 7


@dataclass(frozen=True)
class RichText:
    html: str
    blocks: list[Block]

    @property
    def words(self) -> int:
        return word_count(" ".join(block.text for block in self.blocks))


def from_markdown(source: str, resolve: Resolve, media: Resolve | None = None) -> RichText:
    """Raises TooMuch, as `from_html` does.

    `media` is asked in the place of `resolve` for what a page would fetch by itself: pictures, sound and video.
    """
    return _made(markdown.to_html(source), resolve, media)


def from_html(source: str, resolve: Resolve) -> RichText:
    """Sanitise `source`. `resolve` is asked for every address in it and answers with one of this site, or None.

    Raises TooMuch, with a sentence, for what is over a limit, and else nothing: HTML that is broken is mended the way
    a browser would.
    """
    limits.check_html(source)
    return _made(source, resolve)


def bare_words(source: str) -> str:
    """What can be kept of HTML that is over a limit: its first words, by paragraph, as HTML that is within."""
    kept, left = [], limits.LONGEST
    for words in words_of(source):
        paragraph = f"<p>{escape(words, quote=False)}</p>"
        left -= len(paragraph)
        if left < 0:
            break
        kept.append(paragraph)
    return "".join(kept)


def from_words(source: str) -> RichText:
    return from_html(bare_words(source), lambda address: None)


def kept_safe(html: str) -> RichText:
    """HTML of an older cleaner whose source is not at hand: what the last pass leaves of it."""
    safe = sanitise.settle(html)
    return RichText(safe, passages.read(safe))


def _made(html: str, resolve: Resolve, media: Resolve | None = None) -> RichText:
    body = tree.parse(html)
    tree.check(body)
    prepare(body, resolve, media or resolve)
    mathml.tidy(body)
    tree.strip_unknown(body)
    tree.straighten(body)
    mend(body)
    anchor(body)
    directions.direct(body)
    return kept_safe(tree.write(body))
