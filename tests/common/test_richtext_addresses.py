"""A web address that stands in a text as it is becomes a link."""

import lxml.html
import pytest

from common.richtext import RichText, addresses, from_html, from_markdown
from tests.common.safety import assert_safe


def made(source: str) -> RichText:
    found = from_markdown(source, lambda address: None)
    assert_safe(found.html)
    return found


def links(source: str) -> list[tuple[str, str]]:
    tree = lxml.html.fragment_fromstring(made(source).html, create_parent="section")
    return [(link.text_content(), link.get("href")) for link in tree.iter("a")]


@pytest.mark.parametrize(
    ("source", "words", "address"),
    [
        ("See https://example.org/a_b_c?x=1&y=2.", "https://example.org/a_b_c?x=1&y=2", None),
        ("(www.bbc.co.uk/bitesize)", "www.bbc.co.uk/bitesize", "https://www.bbc.co.uk/bitesize"),
        ("https://en.wikipedia.org/wiki/Bee_(insect), yes", "https://en.wikipedia.org/wiki/Bee_(insect)", None),
        ("**https://EXAMPLE.ORG/A**!", "https://EXAMPLE.ORG/A", None),
        ("| a |\n|---|\n| https://example.org |", "https://example.org", None),
        ("“https://example.org/”", "https://example.org/", None),
    ],
)
def test_a_bare_address_is_a_link(source: str, words: str, address: str | None) -> None:
    assert links(source) == [(words, address or words)]


@pytest.mark.parametrize(
    "source",
    [
        "`https://example.org`",
        "    https://example.org",
        "name@www.example.org",
        "x://www.example.org",
        "http:// www. https://.. www.a",
        "javascript:alert(1) ftp://example.org",
    ],
)
def test_what_is_code_or_no_address_is_left_as_it_is(source: str) -> None:
    assert links(source) == []


def test_an_address_inside_a_link_makes_no_second_one() -> None:
    assert links("[see https://a.test](https://b.test) <https://c.test>") == [
        ("see https://a.test", "https://b.test"),
        ("https://c.test", "https://c.test"),
    ]


def test_words_for_search_stay_as_they_were() -> None:
    assert [block.text for block in made("At www.example.org, look.").blocks] == ["At www.example.org, look."]


def test_a_page_of_html_is_left_as_it_is_written() -> None:
    assert "<a " not in from_html("<p>https://example.org</p>", lambda address: None).html


def test_so_many_are_made_links_and_the_words_of_the_others_stay() -> None:
    source = "www.a.test " * (addresses.MOST + 500)
    assert len(links(source)) == addresses.MOST
    assert made(source).words == addresses.MOST + 500
