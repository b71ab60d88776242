"""Text that is far too much: it is taken, or cut, without eating the machine, and it never raises."""

import pytest

from common.richtext import from_html, from_markdown
from tests.common.safety import assert_safe, resolve

MEGABYTE = 1024**2


@pytest.mark.parametrize(
    "nested",
    [
        "<div>", "<p><div>", "<table><tr><td>", "<ul><li>", "<blockquote>", "<b>", "<a href=https://a.test>", "<svg>",
        "<font>", "<details>", "<h2>", "<button>", "<span><em>",
    ],
)  # fmt: skip
def test_five_thousand_elements_inside_each_other_are_taken(nested: str) -> None:
    result = from_html(nested * 5000 + "the end", resolve)
    assert len(result.html) < 5 * MEGABYTE
    assert_safe(result.html)


@pytest.mark.parametrize("nested", ["> ", "- ", "*a ", "[", "![", "`", "**", "<div>\n\n", "1. "])
def test_markdown_that_goes_deep_is_taken(nested: str) -> None:
    assert_safe(from_markdown(nested * 1000 + "the end", resolve).html)


@pytest.mark.parametrize("piece", ["word ", "&amp;", "<", "<!--", '"', "*", "\n\n"])
def test_two_megabytes_are_taken_and_do_not_multiply(piece: str) -> None:
    result = from_html(piece * (2 * MEGABYTE // len(piece)), resolve)
    assert len(result.html) < 12 * MEGABYTE


@pytest.mark.parametrize(
    "piece", ["<p>word</p>", "<img src=x onerror=1>", "<a href=x>", "<p id=a>", "<li>x", "<table><tr><td>", "<h2>"]
)
def test_twenty_thousand_elements_are_taken_and_do_not_multiply(piece: str) -> None:
    result = from_html(piece * 20_000, resolve)
    assert len(result.html) < 4 * MEGABYTE


def test_two_megabytes_of_words_are_kept_whole() -> None:
    count = 2 * MEGABYTE // 5
    assert from_html("<p>" + "word " * count + "</p>", resolve).words == count
