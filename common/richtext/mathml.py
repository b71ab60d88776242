"""MathML Core in the tree: what else there is of MathML is put into its words, and a formula holds nothing else."""

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from common.richtext.tree import DROP, DROPPED, UNWRAP, elements, take_out
from common.richtext.vocabulary import FRAME, MATH, MATH_STYLES, MATH_WORDS

# A source that is not shown, or what a browser reads as markup of its own.
_HIDDEN = DROPPED | {"annotation", "annotation-xml", "malignmark"}
_CONTENT = {"ci": "mi", "cn": "mn", "csymbol": "mi", "mlabeledtr": "mtr"}
# A formula by itself that is longer scrolls in a frame on a narrow screen.
SHORT = 20


def tidy(body: HtmlElement) -> None:
    for element in list(elements(body)):
        prefix, _, name = element.tag.rpartition(":")
        if prefix and (name in MATH or name in _HIDDEN or name in _OTHERWISE):
            element.tag = name
    formulas, inside, outside = _sorted(body)
    for element in outside:
        if element.tag in MATH:
            element.tag = UNWRAP
    for element in inside:
        _tidy(element)
    take_out(body)
    for formula in formulas:
        if "".join(formula.itertext()).strip():
            _frame(formula)
        else:
            formula.tag = DROP
    take_out(body)


def _sorted(body: HtmlElement) -> tuple[list[HtmlElement], list[HtmlElement], list[HtmlElement]]:
    """Formulas, what is inside one, and what is outside of all of them."""
    formulas: list[HtmlElement] = []
    inside: list[HtmlElement] = []
    outside: list[HtmlElement] = []
    depth = 0
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        if event == "end":
            depth -= element.tag == "math"
            continue
        (inside if depth else formulas if element.tag == "math" else outside).append(element)
        depth += element.tag == "math"
    return formulas, inside, outside


def _tidy(element: HtmlElement) -> None:
    parent, tag = element.getparent(), element.tag
    style = element.attrib.pop("style", "").replace(" ", "")
    element.attrib.pop("class", None)
    if tag in _HIDDEN or DROP in (tag, parent.tag):
        element.tag = DROP
    elif parent.tag in MATH_WORDS or parent.tag == UNWRAP:
        # Words hold words and nothing else.
        element.text = element.text or element.get("alt")
        element.tag = UNWRAP
    elif tag in _OTHERWISE:
        _OTHERWISE[tag](element)
    elif tag == "mtd":
        if found := " ".join(name for key, name in MATH_STYLES.items() if key in style or key in _column(element)):
            element.set("class", found)
    elif tag == "math" or tag not in MATH:
        element.tag = _CONTENT.get(tag, "mrow")


def _enclose(element: HtmlElement) -> None:
    element.tag, notation = "mrow", element.get("notation", "")
    if any(shape in notation for shape in ("box", "circle")):
        element.set("class", "math-box")
    elif "strike" in notation:
        element.set("class", "math-struck")


def _act(element: HtmlElement) -> None:
    """Of what could be done with a formula, the first state is shown."""
    element.tag = "mrow"
    for other in element[1:]:
        other.tag = DROP


def _picture(element: HtmlElement) -> None:
    element.tag, element.text = "mtext", element.get("alt") or ""


def _column(cell: HtmlElement) -> str:
    side = cell.get("columnalign")
    return f"text-align:{side}" if side in ("left", "right") else ""


def _fence(element: HtmlElement) -> None:
    """`<mfenced>` is written with the signs that it stands for."""
    between = (element.get("separators", ",").split() or [""])[0][:1]
    for child in list(element)[1:]:
        if between:
            child.addprevious(_sign(between))
    element.insert(0, _sign(element.get("open", "(")))
    element.append(_sign(element.get("close", ")")))
    element.attrib.clear()
    element.tag = "mrow"


def _sign(words: str) -> HtmlElement:
    made = lxml.html.Element("mo")
    made.text = words[:5]
    return made


def _frame(formula: HtmlElement) -> None:
    if formula.get("display") != "block" or len("".join(formula.itertext()).strip()) <= SHORT:
        return
    parent = formula.getparent()
    if parent.tag == "p" and len(parent) == 1 and not (parent.text or "").strip() and not (formula.tail or "").strip():
        parent.tag = "div"
        frame = parent
    else:
        frame = lxml.html.Element("div")
        frame.tail, formula.tail = formula.tail, None
        parent.replace(formula, frame)
        frame.append(formula)
    frame.attrib.update({"class": FRAME, "tabindex": "0"})


_OTHERWISE = {"mfenced": _fence, "menclose": _enclose, "maction": _act, "mglyph": _picture}
