"""Formulas in texts: which dollars are one, what is made of it, and that none can hold up or end a process."""

import subprocess
import sys
import textwrap

import lxml.html
import pytest
from lxml.html import HtmlElement

from common.richtext import TooMuch, formulas, from_html, from_markdown, limits
from common.richtext.formulas import Fault, to_mathml
from tests.common.safety import assert_safe, resolve
from tests.growth import assert_in_step


def tree(markdown: str) -> HtmlElement:
    made = from_markdown(markdown, resolve).html
    assert_safe(made)
    return lxml.html.fragment_fromstring(made, create_parent="section")


def shown(markdown: str) -> str:
    return " ".join(block.text for block in from_markdown(markdown, resolve).blocks)


@pytest.mark.parametrize(
    ("markdown", "formula"),
    [
        ("$x$", "x"),
        ("Area: $a=b$.", "a=b"),
        ("$5x$ of them", "5x"),
        ("$x$ and then 5", "x"),
        ("2$x$", "x"),
        ("**$x$**", "x"),
        (r"\(a+b\)", "a+b"),
        (r"\[a+b\]", "a+b"),
        ("one\n$$a+b$$ and more\n", "a+b"),
        ("in $$a+b$$ line", "a+b"),
        ("$$\na\n+b\n$$", "a+b"),
        ("$$a+b$$", "a+b"),
        ("> $$\n> a\n> $$", "a"),
        ("- one $a$", "a"),
        ("|a|\n|-|\n|$x$|", "x"),
        (r"$\text{cost } \$5$", "cost\u00a0$5"),
    ],
)
def test_formula_is_mathml(markdown: str, formula: str) -> None:
    found = tree(markdown).findall(".//math")
    assert ["".join(one.itertext()).strip() for one in found] == [formula]


def test_two_formulas_on_a_line_of_their_own_are_two() -> None:
    found = tree("$$a$$ or $$b$$\n").findall(".//math")
    assert [("".join(one.itertext()), one.get("display")) for one in found] == [("a", "block"), ("b", "block")]
    assert shown("$$a$$ or $$b$$") == "a or b"


@pytest.mark.parametrize(
    "markdown",
    [
        "$5 and $10",
        "from $5/$10 on",
        "$20,000 and USD$30,000",
        "it cost $5",
        "a $ b $ c",
        r"\$x\$",
        "`$x$`",
        "```\n$x$\n```",
        "    $x$",
        "$$",
        "$$$$",
        "$x",
        "[a](/$x)",
        r"\(",
        r"\( \)",
    ],
)
def test_what_is_no_formula_by_pandocs_rule_stays_as_it_is(markdown: str) -> None:
    assert tree(markdown).find(".//math") is None


@pytest.mark.parametrize(
    ("markdown", "is_block"), [("$x$", False), (r"\(x\)", False), ("$$x$$", True), (r"\[x\]", True)]
)
def test_formula_by_itself_is_displayed(markdown: str, is_block: bool) -> None:
    assert (tree(markdown).find(".//math").get("display") == "block") is is_block


@pytest.mark.parametrize(
    ("latex", "fault"),
    [
        (r"\frac{a", 'expected closing token "}", but reached end of input'),
        (r"\foo x", r'unknown command "\foo"'),
        ("a & b", 'found "&", which may only appear in a table-like environment'),
        (r"\href{javascript:alert(1)}{x}", r'unknown command "\href"'),
        (r"\newcommand{\a}{\a\a}\a", "it defines a command, which formulas here can't do"),
        (r"\def\a{b}\a", "it defines a command, which formulas here can't do"),
        ("{" * 300 + "}" * 300, "it is nested too deeply"),
        (r"\sqrt" * 300 + "2", "it is nested too deeply"),
        ("x^{" * 60 + "}" * 60, "it is nested too deeply"),
        ("a" * 4_001, "it is longer than 4,000 characters"),
    ],
)
def test_formula_with_a_fault_is_its_source_and_says_what_is_wrong(latex: str, fault: str) -> None:
    page = tree(f"Before ${latex}$ after")
    assert page.find(".//math") is None
    assert page.find(".//code").text == latex
    assert page.find(".//small").text == f"(this formula has a fault: {fault})"
    assert page.text_content().startswith("Before ")
    assert page.text_content().strip().endswith(" after")


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"E=mc^2", "E=mc2"),
        (r"\frac{1}{2}", "1/2"),
        (r"\sqrt{2}", "√2"),
        (r"\text{speed}=\frac{s}{t}", "speed =s/t"),
        (r"\sin x", "sin x"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "( 1 2 3 4 )"),
        (r"\sum_{i=1}^n i", "∑ i=1 n i"),
    ],
)
def test_words_of_a_formula_are_what_a_reader_sees_once(latex: str, words: str) -> None:
    assert shown(f"${latex}$") == words


def test_a_formula_is_counted_as_what_is_read() -> None:
    assert from_markdown("one $x$ two $$\\text{three}$$", resolve).words == 4


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{align}a&=b\\c&=d\end{align}",
        r"\begin{eqnarray}a&=&b\end{eqnarray}",
        r"\begin{split}a&=b\end{split}",
        r"x \label{eq} = 1",
        r"E=mc^2 \tag{7}",
        r"\mbox{if } x",
        r"\bm{v}",
        r"\substack{a\\b}",
        r"\widetilde{x}",
        r"\cancel{x}",
        r"\boxed{x}",
        r"\xrightarrow{f}",
        r"90^\circ",
        r"\overrightarrow{AB}",
        r"\pmod 5",
        r"\binom n k",
    ],
)
def test_what_teachers_write_is_known(latex: str) -> None:
    assert tree(f"$${latex}$$").find(".//math") is not None


def test_equations_are_not_numbered_unless_they_are_asked_to_be() -> None:
    assert "(1)" not in shown("$$\\begin{align}a&=b\\end{align}$$")
    assert "(7)" in shown(r"$$a=b \tag{7}$$")


def test_columns_keep_their_sides_without_styles() -> None:
    cells = tree("$$\\begin{align}a&=b\\end{align}$$").findall(".//mtd")
    assert [cell.get("class") for cell in cells if cell.get("class")] == ["math-end", "math-start"]


def test_long_formula_by_itself_scrolls_in_a_frame_that_the_keyboard_reaches() -> None:
    page = tree("$$" + "a+" * 40 + "b$$")
    frame = page.find("div")
    assert (frame.get("class"), frame.get("tabindex"), frame.find("math") is not None) == ("table-scroll", "0", True)
    assert tree("$$a+b$$").find("div") is None


@pytest.mark.parametrize(
    "picture",
    [
        r'<img class="equation_image" data-equation-content="\frac{a}{b}" src="https://c.test/equation_images/x">',
        '<img src="/equation_images/%255Cfrac%257Ba%257D%257Bb%257D?scale=1" alt="">',
        r'<img class="equation_image" src="https://c.test/x" alt="LaTeX: \frac{a}{b}">',
        r'<img class="equation_image" title="\frac{a}{b}">',
    ],
)
def test_picture_of_an_equation_becomes_the_formula_that_came_with_it(picture: str) -> None:
    text = from_html(f"<p>So {picture} holds.</p>", resolve)
    assert_safe(text.html)
    assert "<mfrac><mi>a</mi><mi>b</mi></mfrac>" in text.html
    assert text.blocks[0].text == "So a/b holds."


def test_picture_of_a_broken_equation_is_its_source() -> None:
    text = from_html(r'<img class="equation_image" data-equation-content="\foo">', resolve)
    assert text.blocks[0].text == r'\foo (this formula has a fault: unknown command "\foo")'


def test_no_formula_brings_markup_of_its_own() -> None:
    for latex in (
        r"\text{<img src=x onerror=alert(1)>}",
        r"\color{red;}x",
        r"\hspace{1em onload=a}",
        "<script>",
        "a<b",
    ):
        tree(f"${latex}$")


# What nests in each way there is: with braces, without, in an environment, to the end of the group.
NESTED = [
    ("{", "}"),
    (r"\sqrt{", "}"),
    (r"\frac{", "}{b}"),
    ("x^{", "}"),
    (r"\sqrt ", ""),
    (r"\hat ", ""),
    (r"\left(", r"\right)"),
    (r"\begin{matrix}", r"\end{matrix}"),
    (r"\color{red}", ""),
    (r"\displaystyle ", ""),
    (r"\mathbb{", "}"),
    (r"\xrightarrow{", "}"),
    (r"\underbrace{", "}_x"),
    (r"\boxed{", "}"),
    (r"\mathchoice{", "}{}{}{}"),
    (r"\overset ", "x"),
    (r"\phantom{", "}"),
    (r"\bm{", "}"),
    (r"\substack{", "}"),
    (r"\text{", "}"),
    (r"\not ", "="),
    (r"\sqrt[", "]x"),
]
IN_A_SMALL_STACK = """
    import os, sys, threading
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django
    django.setup()
    from common.richtext import formulas
    from tests.common.test_formulas import NESTED

    def convert():
        for begin, end in NESTED:
            for depth in (formulas.DEEPEST, formulas.DEEPEST // 2, 4 * formulas.DEEPEST):
                try:
                    formulas.to_mathml(begin * depth + "x" + end * depth, display=True)
                except formulas.Fault:
                    pass
        print("survived")

    threading.stack_size(1024 * 1024)
    thread = threading.Thread(target=convert)
    thread.start()
    thread.join()
"""


def test_the_deepest_formula_leaves_an_eighth_of_a_stack_unbroken() -> None:
    """Threads of a server have eight megabytes. A process that overflows one is gone without a word."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(IN_A_SMALL_STACK)], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("survived", 0), done.stderr


@pytest.mark.parametrize(
    "piece", ["a", "'", r"\sqrt{2}", r"\frac12", "~", r"\alpha ", r"\text{a}", "a&b\\\\", r"\mathchoice{a}{a}{a}{a}"]
)
def test_a_formula_up_to_its_limit_takes_time_in_step_with_its_size(piece: str) -> None:
    def convert(latex: str) -> None:
        try:
            to_mathml(latex, display=True)
        except Fault:
            return

    assert_in_step(convert, lambda size: piece * (size // len(piece)), formulas.LONGEST, within=0.1)


def test_formulas_of_a_text_share_the_limit_of_its_tags() -> None:
    with pytest.raises(TooMuch, match=r"too many tags"):
        from_markdown("$a+b+c+d+e$ " * (limits.MOST_TAGS // 18), resolve)
    with pytest.raises(TooMuch, match=r"too many tags"):
        from_html(r'<img class=equation_image title="a+b+c+d+e">' * (limits.MOST_TAGS // 18), resolve)
