"""Markdown as HTML, with raw HTML switched off."""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from common.richtext import limits
from common.richtext.dollars import add_formulas
from common.richtext.formulas import Formulas


def _limit_references(state: StateCore) -> None:
    references = state.env.get("references", {}).values()
    longest = max((len(one["href"]) + len(one["title"]) for one in references), default=0)
    if longest * state.src.count("[") > limits.MOST_REFERENCED:
        raise limits.too_long_references()


_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
add_formulas(_markdown)
_markdown.core.ruler.after("block", "limit_references", _limit_references)
# Every address is judged later, in the tree and by the sanitiser; markdown-it would drop ours (`file:`) unseen.
_markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # it is made to be replaced


def to_html(source: str) -> str:
    """Raises TooMuch."""
    limits.check_markdown(source)
    return str(_markdown.render(source, {"formulas": Formulas()}))
