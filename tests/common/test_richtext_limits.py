"""Text that is far too much is refused with a sentence; what is within the limits costs time in step with its size."""

import contextlib
from collections.abc import Callable

import pytest

from common.richtext import RichText, TooMuch, bare_words, from_html, from_markdown, from_words, limits
from tests.common.safety import assert_safe, resolve
from tests.growth import assert_in_step, assert_within

# Coverage would be most of what is timed.
pytestmark = pytest.mark.usefixtures("untraced")

REFUSED = {
    "too long": "a " * 100_001,
    "thousands of attributes": "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">",
    "thousands of attributes without values": "<p " + " ".join(f"a{n}" for n in range(20_000)) + ">",
    "attributes with tags in them": "<p " + " ".join(f"""a{n}="<b '" """ for n in range(200)) + ">",
    "elements inside each other": "<div>" * 40_000,
    "unclosed elements": "<div>" * 101,
    "elements inside other elements": "<table><tr><td>" * 40,
    "elements": "<br>" * 16_001,
    "beginnings of tags": "<" * 16_001,
}
REFUSED_MARKDOWN = {
    "too long": "a " * 100_001,
    "pictures without an end": "![" * 100_000,
    "brackets": "[" * 16_001,
    "lines": "a\n" * 8_001,
    "cells": "|" + "a|" * 300 + "\n|" + "-|" * 300 + "\n" + "a\n" * 100,
    "a long address used again": "[a]: " + "b" * 2000 + "\n\n" + "[a] " * 5000,
    "a long title used again": '[a]: b "' + "c" * 2000 + '"\n\n' + "[a] " * 5000,
}
HTML_PIECES = [
    "<p>word</p>", "<div>x</div>", "<b>", "<p><b id=%d>", "<a href=/x></a>", "<img src=https://a.test/x>", "<h2></h2>",
    "<td>x", "<li>x", "<ul><li>x</ul>", "<x></x>", "a<x>b</x>", "a<script></script>", "<!--", "<!---->", "<![CDATA[",
    "<svg><style>", "<select>", "<iframe src=https://a.test></iframe>", "<video><source src=x>", "<", "<a", "&amp;",
    "&#1;", "<p a=1 b=2 c=3>", "<details><summary>x", "<pre>\n</pre>", "a<table>b</table>", "<p id=a>x", "word ",
    "<p><b><div>x</div></b></p>", "<table><b>x<tr>y</table>", "<math><mi>x</mi></math>",
    "<math><mfenced><mi>a</mi></mfenced>", "<math><mi><mglyph alt=a>", "<math display=block><mn>1</mn></math>",
    "<ruby>a<rt>b</rt></ruby>", "<section>x</section>", "<a href=#b>x</a>", "<embed src=x>",
    "<embed src=https://a.test>", "<img class=equation_image title=x^2>", r"<img class=equation_image title=\foo>",
    "<mi>x</mi>", "<math>", '<p a="', "<p '", "<p ", "</", "<p><i><b><u>x</p>",
]  # fmt: skip
INSIDE = [
    "<math>",
    "<math><mrow>",
    "<ruby><rt>",
    "<section>",
    "<b id=%d>",
    "<table>",
    "<div>",
    "<a href=/x>",
    "<blockquote>",
    "<h2>",
    "<i class=%d>",
]
WITHIN = ["<p>x</p>", "<tr></tr>x", "<a href=/x></a>", "<table><tr><td>x</table>", "<p><u>y</u>"]
MARKDOWN_PIECES = [
    "![", "[", "[]", "[a](", "[a](<b", "`", "`` ` ", "*", "**_", "a**b", "*[", "[*", "[`", "~~a", "&", "\\", "<", "> ",
    "- a\n", "> a\n", "[a\n", "[a][", "[a]: b\n", '[a]: b "\n', "| a |\n|---|\n", "a|b\n-|-\n\n", "a\n===\n", "```\n",
    "# ", "    a\n\n", "![[]()", "<![CDATA[", "<http:", "<a@", "](a)", "word ", "* ", "1. a\n", "***a ", "&#", "a\\\n",
    '[a](b "', "- - ", "> - ", "$", "$$", "$a", "$a $", "$a$", "$a$5", r"\(", r"\(a\)", r"\[", r"\$",
    r"$\$", "$$a\n# b\n", "$$a\n\n", "$$\na\n$$\n", "$$a$b", "www.a.b ", "https://a.b/(", "https://a)",
    "[](file:a (b) ", "[a](file:b)", "> ש\n\n", r"$\foo$", r"$\sqrt{2}$", r"$a\\", r"\(" + 40 * "a",
]  # fmt: skip
MEGABYTES = [
    "<",
    "<p",
    "<p>x</p>",
    "&amp;",
    "&#",
    "&#9",
    "x\n",
    '<a b="',
    "&lt;p&gt;",
    "&#00000000",
    "<script>",
    "<style></style>",
]


def largest(piece: str, share: float = 1.0) -> str:
    """As many of a piece as the limits take, or a share of it."""
    tags, marks = piece.count("<") or 0.01, sum(map(piece.count, limits.MARKS)) or 0.01
    most = [limits.LONGEST // (len(piece) + 4 * piece.count("%")), limits.MOST_TAGS // tags]
    most += [limits.MOST_MARKS // marks, limits.MOST_LINES // (piece.count("\n") or 0.01)]
    count = int(min(most) * share)
    return "".join(piece % n for n in range(count)) if "%" in piece else piece * count


def inside(outer: str, inner: str) -> str:
    depth = limits.DEEPEST - 10
    begin = "".join(outer % n if "%" in outer else outer for n in range(depth))
    count = min((limits.LONGEST - 3 * len(begin)) // len(inner), (limits.MOST_TAGS - 2 * depth) // inner.count("<"))
    return begin + inner * count + f"</{outer.strip('<>').split()[0]}>" * depth


def deep_lines(begin: str) -> str:
    return begin + "a\n" + "b\n" * (limits.MOST_LINES - 2)


def some(pieces: list[str], *always: str) -> list[object]:
    """The dearest in each run, and all of them in the soak."""
    assert set(always) <= set(pieces)
    return [piece if piece in always else pytest.param(piece, marks=pytest.mark.soak) for piece in pieces]


def reading(make: Callable[..., RichText]) -> Callable[[str], None]:
    def read(source: str) -> None:
        with contextlib.suppress(TooMuch):
            make(source, resolve)

    return read


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_html_that_is_too_much_is_refused_with_a_sentence(source: str) -> None:
    with pytest.raises(TooMuch, match=r"^The text .*\.$"):
        from_html(source, resolve)


@pytest.mark.parametrize("source", REFUSED_MARKDOWN.values(), ids=REFUSED_MARKDOWN)
def test_markdown_that_is_too_much_is_refused_with_a_sentence(source: str) -> None:
    with pytest.raises(TooMuch, match=r"^The text .*\.$"):
        from_markdown(source, resolve)


@pytest.mark.parametrize("make", [from_html, from_markdown])
def test_what_is_over_any_limit_is_refused_in_less_than_a_second(make: Callable[..., RichText]) -> None:
    for source in [*REFUSED.values(), *REFUSED_MARKDOWN.values()]:
        assert_within(reading(make), source)


@pytest.mark.parametrize("piece", some(HTML_PIECES, "a<table>b</table>", "<p a=1 b=2 c=3>", "<math><mi>x</mi></math>"))
def test_html_up_to_its_limits_takes_time_in_step_with_its_size_and_less_than_a_second(piece: str) -> None:
    in_step(from_html, piece)


@pytest.mark.parametrize("piece", some(MARKDOWN_PIECES, "![", "- a\n", "$a$", "$$a\n# b\n"))
def test_markdown_up_to_its_limits_takes_time_in_step_with_its_size_and_less_than_a_second(piece: str) -> None:
    in_step(from_markdown, piece)


def in_step(make: Callable[..., RichText], piece: str) -> None:
    assert_in_step(reading(make), lambda percent: largest(piece, percent / 100), 100)


@pytest.mark.parametrize("outer", some(INSIDE, "<table>"))
def test_much_inside_much_takes_less_than_a_second_and_does_not_multiply(outer: str) -> None:
    for inner in WITHIN:
        source = inside(outer, inner)
        assert_within(reading(from_html), source)
        try:
            assert len(from_html(source, resolve).html) < 10 * limits.LONGEST, inner
        except TooMuch:
            continue


@pytest.mark.parametrize("begin", some([">" * 20, "- " * 18, "> - " * 9], ">" * 20))
def test_lines_that_go_on_inside_many_quotes_take_less_than_a_second(begin: str) -> None:
    assert_within(reading(from_markdown), deep_lines(begin))


@pytest.mark.parametrize("nested", ["<b>", "<div>", "<ul><li>", "<blockquote>", "<details>", "<span><em>", "<h2>"])
def test_elements_as_deep_as_the_limit_are_taken(nested: str) -> None:
    result = from_html(nested * 45 + "the end", resolve)
    assert "the end" in result.html
    assert_safe(result.html)


@pytest.mark.parametrize("nested", ["> ", "- ", "*a ", "[", "![", "`", "**", "<div>\n\n", "1. "])
def test_markdown_that_goes_deep_is_taken(nested: str) -> None:
    assert_safe(from_markdown(nested * 1000 + "the end", resolve).html)


def test_words_up_to_the_limit_are_kept_whole() -> None:
    count = (limits.LONGEST - 7) // 5
    assert from_html("<p>" + "word " * count + "</p>", resolve).words == count


def test_words_of_html_that_is_too_much_are_kept_by_paragraph() -> None:
    kept = from_words(
        "<div>" * 5000 + "<p>One &amp; two.</p><script>if (1<2) a</script><style>b</style><p>Three<br>four</p>"
    )
    assert [block.text for block in kept.blocks] == ["One & two.", "Three", "four"]


@pytest.mark.parametrize(
    "words", ["&" * 300_000, "&lt;x " * 100_000, "a &amp; b</p>" * 50_000, "<pre>" * 20_000 + "end"]
)
def test_words_that_are_kept_are_within_the_limits(words: str) -> None:
    assert from_html(bare_words(words), resolve) == from_words(words)


@pytest.mark.parametrize("piece", some(MEGABYTES, "<", "&#"))
def test_words_of_megabytes_take_less_than_a_second(piece: str) -> None:
    assert_within(from_words, piece * (4_000_000 // len(piece)), most=2)
