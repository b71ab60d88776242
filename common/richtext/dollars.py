r"""Formulas in Markdown: `$…$` by Pandoc's rule, `$$…$$`, `\(…\)` and `\[…\]`."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar, math_inline_dollar

from common.richtext.formulas import LONGEST

# Its lines are looked through for an end; without a limit each beginning would look through the whole text.
MOST_LINES = 100
ENDS = {"\\(": "\\)", "\\[": "\\]"}

_inline = math_inline_dollar(allow_space=False, allow_digits=True, allow_double=True)
_block = math_block_dollar(allow_labels=False, allow_blank_lines=False)


def add_formulas(markdown: MarkdownIt) -> None:
    """The text's `Formulas` is looked for in the environment, under that name."""
    dollarmath_plugin(markdown, allow_labels=False, allow_space=False, double_inline=True, allow_blank_lines=False)
    markdown.inline.ruler.at("math_inline", _dollars)
    markdown.block.ruler.at("math_block", _near_dollars)
    markdown.inline.ruler.before("escape", "math_brackets", _brackets)
    markdown.add_render_rule("math_inline", _render)
    markdown.add_render_rule("math_inline_double", _render)
    markdown.add_render_rule("math_block", _render_block)


def _dollars(state: StateInline, silent: bool) -> bool:
    """The plugin's rule, but that a digit may stand before the beginning: only one after the end says it is money."""
    start = state.pos
    if not _inline(state, True):
        return False
    end, state.pos = state.pos, start
    if state.src[start : start + 2] != "$$" and state.src[end : end + 1].isdigit():
        return False
    return _inline(state, silent)


def _near_dollars(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The plugin's rule, but for a line on which one formula ends and another begins: those stand in a paragraph."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].rstrip()
    if "$$" in line[2:-2]:
        return False
    return _block(state, start, min(end, start + MOST_LINES), silent)


def _brackets(state: StateInline, silent: bool) -> bool:
    r"""`texmath` has this rule too, but looks for each end through the whole text."""
    begin = state.src[state.pos : state.pos + 2]
    if begin not in ENDS:
        return False
    end = state.src.find(ENDS[begin], state.pos + 2, state.pos + LONGEST)
    content = state.src[state.pos + 2 : end]
    if end < 0 or not content.strip():
        return False
    if not silent:
        token = state.push("math_inline" if begin == "\\(" else "math_inline_double", "math", 0)
        token.content, token.markup = content, begin
    state.pos = end + 2
    return True


def _render(_renderer: RendererProtocol, tokens: Sequence[Token], at: int, _options: OptionsDict, env: EnvType) -> str:
    return str(env["formulas"].html(tokens[at].content, display=tokens[at].type != "math_inline"))


def _render_block(
    renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return f"<p>{_render(renderer, tokens, at, options, env)}</p>\n"
