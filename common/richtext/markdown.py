"""Markdown as HTML, with raw HTML switched off."""

import re
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers
from markdown_it.rules_core import StateCore

from common.richtext import limits
from common.richtext.addresses import add_addresses
from common.richtext.dollars import add_formulas
from common.richtext.formulas import Formulas

# A file of a course under the name that it has on a disk: with blanks, and with brackets in pairs.
_FILE = re.compile(r"""file:(?:[^()\n<>"]|\([^()\n]{0,60}\)){1,300}""")
_ENDS = re.compile(r"""\s*[)"']""")


def _destination(source: str, start: int, end: int) -> Any:
    """Where a link leads, also to a file whose name would have to stand in angle brackets."""
    found = helpers.parseLinkDestination(source, start, end)
    is_whole = found.ok and _ENDS.match(source, found.pos, end)
    if not is_whole and (name := _FILE.match(source, start, end)):
        found.ok, found.str = True, name[0].rstrip()
        found.pos = start + len(found.str)
    return found


def _limit_references(state: StateCore) -> None:
    references = state.env.get("references", {}).values()
    longest = max((len(one["href"]) + len(one["title"]) for one in references), default=0)
    if longest * state.src.count("[") > limits.MOST_REFERENCED:
        raise limits.too_long_references()


_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_markdown.helpers = SimpleNamespace(  # type: ignore[assignment]  # a module there, of which only these are asked for
    parseLinkDestination=_destination, parseLinkLabel=helpers.parseLinkLabel, parseLinkTitle=helpers.parseLinkTitle
)
add_formulas(_markdown)
add_addresses(_markdown)
_markdown.core.ruler.after("block", "limit_references", _limit_references)
# Every address is judged later, in the tree and by the sanitiser; markdown-it would drop ours (`file:`) unseen.
_markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # it is made to be replaced


def link(words: str, address: str, *, shown: bool = False) -> str:
    """Markdown that leads to `address`, or shows what lies there. `address` has its signs escaped."""
    plain = words.translate({ord(sign): " " for sign in "[]\r\n\\"})
    return f"{'!' if shown else ''}[{plain.strip()}]({address})"


def to_html(source: str) -> str:
    """Raises TooMuch."""
    limits.check_markdown(source)
    return str(_markdown.render(source, {"formulas": Formulas()}))
