"""Whatever is brought, what is shown runs nothing and fetches nothing from another host."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from common.richtext import from_html, from_markdown
from tests.common.payloads import HTML, MARKDOWN
from tests.common.safety import assert_safe, resolve
from tests.conftest import SOAK

EXAMPLES = settings(max_examples=2000 if SOAK else 120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = [
    "<p>", "</p>", "<div", ">", "<table>", "<tr>", "<td", "</table>", "<svg>", "<math>", "<mtext>", "<style>",
    "</style>", "<script>", "</script>", "<a href=", "javascript:", "https://a.test", "'", '"', "<img src=",
    "local:a", " onerror=x ", " id=a", " name=a", "<!--", "-->", "<![CDATA[", "]]>", "&lt;", "&#1;", "&amp",
    "<iframe srcdoc=", "<object data=", "<video>", "<source src=", "<h1>", "</h1>", "<li>", "<ul>", "<template>",
    "<noscript>", "</body>", "</html>", "a", " ", "\x00", "\ufffe", "\ud800", "<plaintext>", "<frameset>", "<title>",
    "<textarea>", "</p", "<?", "<o:p>", "<base href=",
]  # fmt: skip


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(set(HTML)) >= 100
    assert len(set(MARKDOWN)) >= 40


@pytest.mark.parametrize("payload", HTML, ids=range(len(HTML)))
def test_html_is_safe_alone_and_inside_other_markup(payload: str) -> None:
    for source in (payload, f"<table><tr><td>{payload}</td></tr></table>", f"<ul><li><b>{payload}", f"{payload}<p>end"):
        assert_safe(from_html(source, resolve).html)


@pytest.mark.parametrize("payload", MARKDOWN + HTML, ids=range(len(MARKDOWN) + len(HTML)))
def test_markdown_is_safe(payload: str) -> None:
    assert_safe(from_markdown(payload, resolve).html)
    assert_safe(from_markdown(f"> - {payload}\n\n{payload}", resolve).html)


@pytest.mark.parametrize("payload", HTML, ids=range(len(HTML)))
def test_sanitised_html_stays_safe_when_it_is_sanitised_again(payload: str) -> None:
    once = from_html(payload, resolve)
    twice = from_html(once.html, lambda address: address if address.startswith("/files/") else None)
    assert_safe(twice.html)
    assert [block.text for block in twice.blocks] == [block.text for block in once.blocks]


@EXAMPLES
@given(st.text(alphabet=st.characters(), max_size=80))
def test_any_text_is_taken(source: str) -> None:
    assert_safe(from_html(source, resolve).html)
    assert_safe(from_markdown(source, resolve).html)


@EXAMPLES
@example("&#1;<iframe srcdoc=")
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_broken_markup_is_taken(source: str) -> None:
    result = from_html(source, resolve)
    assert_safe(result.html)
    assert_safe(from_html(result.html, resolve).html)


@EXAMPLES
@given(st.text(alphabet="abc <>&\"'{}$*_[]()!#`~|\n-", max_size=80))
def test_words_of_plain_text_survive_markdown(source: str) -> None:
    words = "marker " + " ".join(part for part in source.split() if part.isalpha())
    shown = " ".join(block.text for block in from_markdown(words, resolve).blocks)
    assert shown.split() == words.split()


def test_template_language_in_a_text_is_only_text() -> None:
    source = "{{ settings.SECRET_KEY }} {% load static %}"
    assert from_markdown(source, resolve).blocks[0].text == source
    assert "{{ settings.SECRET_KEY }}" in from_html(f"<p>{source}</p>", resolve).html
