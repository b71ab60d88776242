"""LaTeX as MathML. What comes out is markup like any other: it goes through the tree and the sanitiser.

The converter is native code that calls itself for what is nested: thousands of braces would take the whole process
with them. So length and nesting are counted first, and what is left takes it a hundredth of a second at the most.
"""

import re
from html import entities, escape
from urllib.parse import unquote

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from lxml.html import HtmlElement
from math_core import LatexError, LatexToMathML

from common.richtext import limits

LONGEST = 4_000
# How many commands and groups may be around each other, however they are written: `\sqrt\sqrt x` has no braces, and
# `\color` goes on to the end of its group.
DEEPEST = 200
# What is nested in what is shown; real formulas reach twelve.
DEEPEST_ELEMENTS = 40
# Commands that define others can nest what looks flat.
_DEFINES = re.compile(r"\\(?:[a-z]*def|let|global|(?:re|provide)?(?:new)?command)(?![A-Za-z])", re.IGNORECASE)
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}&]", re.DOTALL)
_TAG = re.compile(r"<(/?)[a-z]+[^>]*?(/?)>")
_ENTITY = re.compile(r"&([A-Za-z]+);")
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
# Each formula would begin at (1) again.
_NUMBERED = re.compile(r"(\\(?:begin|end)\s*\{(?:align|alignat|equation|gather|multline))\}")
# Other names for what the converter knows.
_MACROS = {
    "mbox": r"\text{#1}",
    "hbox": r"\text{#1}",
    "bm": r"\boldsymbol{#1}",
    "require": "",
    "substack": r"\begin{matrix}#1\end{matrix}",
}
_ENVIRONMENTS = (
    ("{split}", "{aligned}"),
    ("{smallmatrix}", "{matrix}"),
    (r"\begin{eqnarray*}", r"\begin{array}{rcl}"),
    (r"\begin{eqnarray}", r"\begin{array}{rcl}"),
    (r"\end{eqnarray*}", r"\end{array}"),
    (r"\end{eqnarray}", r"\end{array}"),
)
_converter = LatexToMathML(fancy_error=False, allow_unreliable_rendering=True, macros=_MACROS, max_expansions=100)


class Fault(Exception):
    """The formula can't be shown; its words are the reason, without a full stop."""


class Formulas:
    """Those of one text, which share its limits."""

    def __init__(self) -> None:
        self.left = limits.MOST_TAGS

    def html(self, latex: str, *, display: bool) -> str:
        """MathML, or the source with its fault. Raises TooMuch."""
        try:
            made = to_mathml(latex, display=display)
        except Fault as fault:
            made = _with_fault(latex, str(fault))
        self.left -= made.count("<")
        if self.left < 0:
            raise limits.too_many_elements()
        return made


def latex_of(picture: HtmlElement) -> str:
    """The source of a formula that Canvas has drawn as a picture; "" for every other picture."""
    address = picture.get("src") or ""
    is_formula = "equation_image" in (picture.get("class") or "") or "/equation_images/" in address
    if not is_formula:
        return ""
    drawn = address.partition("equation_images/")[2].partition("?")[0]
    # Escaped for an address, and again for the server's own.
    return picture.get("data-equation-content") or unquote(unquote(drawn)) or _in_alternative(picture)


def _in_alternative(picture: HtmlElement) -> str:
    return (picture.get("alt") or "").removeprefix("LaTeX:").strip() or picture.get("title") or ""


def to_mathml(latex: str, *, display: bool) -> str:
    """Raises Fault."""
    latex = latex.strip()
    if len(latex) > LONGEST:
        raise Fault(_("it is longer than %(most)s characters") % {"most": f"{LONGEST:,}"})
    if _DEFINES.search(latex):
        raise Fault(_("it defines a command, which formulas here can't do"))
    if _nesting(latex) > DEEPEST:
        raise Fault(_("it is nested too deeply"))
    try:
        made = _converter.convert_with_local_state(_in_known_words(latex, display), displaystyle=display)
    except LatexError as error:
        raise Fault(_in_words(error)) from error
    if _depth(made) > DEEPEST_ELEMENTS:
        raise Fault(_("it is nested too deeply"))
    return _ENTITY.sub(_sign, made)


def _in_known_words(latex: str, display: bool) -> str:
    latex = _LABEL.sub("", latex)
    if r"\tag" not in latex:
        latex = _NUMBERED.sub(r"\1*}", latex)
    for name, known in _ENVIRONMENTS:
        latex = latex.replace(name, known)
    if display and r"\tag" in latex and r"\begin" not in latex:
        # Only an environment of equations can bear a number.
        return rf"\begin{{equation}}{latex}\end{{equation}}"
    return latex


def _nesting(latex: str) -> int:
    """At least as deep as the converter could go: a command counts to the end of its group, or of its cell."""
    groups: list[list[int]] = [[0, 0]]
    depth = deepest = 0
    for token in _TOKEN.findall(latex):
        if token in ("}", r"\end", r"\right"):
            if len(groups) > 1:
                depth -= sum(groups.pop())
        elif token in ("{", r"\begin", r"\left"):
            groups.append([1, 0])
            depth += 1
        elif token in ("&", r"\\"):
            depth -= groups[-1][1]
            groups[-1][1] = 0
        elif token[1:].isalpha():
            groups[-1][1] += 1
            depth += 1
        deepest = max(deepest, depth)
    return deepest


def _depth(mathml: str) -> int:
    depth = deepest = 0
    for ends, is_empty in _TAG.findall(mathml):
        depth += -1 if ends else not is_empty
        deepest = max(deepest, depth)
    return deepest


def _sign(entity: re.Match[str]) -> str:
    """The tree's parser need not know every name; those of markup stay."""
    sign = entities.html5.get(f"{entity[1]};", entity[0])
    return entity[0] if set(sign) & set("<>&\"'") else sign


def _in_words(error: LatexError) -> str:
    """`8: Expected argument but …` without the place, which counts bytes of what we have changed."""
    words = str(error).partition(": ")[2].rstrip(".") or str(error)
    return words[:1].lower() + words[1:300]


def _with_fault(latex: str, fault: str) -> str:
    shown = escape(latex, quote=False)
    words = escape(_("this formula has a fault: %(fault)s") % {"fault": fault}, quote=False)
    return f'<code dir="ltr">{shown}</code> <small lang="{get_language() or "en"}" dir="auto">({words})</small>'
