"""Each block of a mixed text runs the way that its first letter says."""

import lxml.html
import pytest

from common.richtext import RichText, from_html, from_markdown
from tests.common.safety import assert_safe


def ways(made: RichText) -> dict[str, str | None]:
    """What each block says, by its words."""
    assert_safe(made.html)
    tree = lxml.html.fragment_fromstring(made.html, create_parent="section")
    return {
        f"{block.tag} {' '.join(block.text_content().split())}": block.get("dir")
        for block in tree.iterdescendants("p", "ul", "ol", "li", "blockquote", "table", "th", "td", "pre", "h2")
    }


def markdown(source: str) -> dict[str, str | None]:
    return ways(from_markdown(source, lambda address: None))


def test_a_hebrew_paragraph_of_an_english_lesson_runs_from_right_to_left() -> None:
    assert markdown("## Words\n\nHello.\n\nשלום, world.") == {
        "h2 Words": "ltr",
        "p Hello.": "ltr",
        "p שלום, world.": "rtl",
    }


def test_a_text_of_one_direction_says_nothing_and_runs_as_its_page_does() -> None:
    assert set(markdown("## Words\n\nHello.\n\n* one\n\n> two\n\n`x`").values()) == {None}


def test_lists_quotes_and_tables_run_as_what_is_in_them() -> None:
    found = markdown("* אחת\n* two\n\n1. one\n\n> ציטוט\n\n| א | b |\n|---|---|\n| 1 | c |")
    assert found == {
        "ul אחת two": "rtl",
        "li אחת": "rtl",
        "li two": "ltr",
        "ol one": "ltr",
        "li one": "ltr",
        "blockquote ציטוט": "rtl",
        "p ציטוט": "rtl",
        "table א b 1 c": "rtl",
        "th א": "rtl",
        "th b": "ltr",
        # Without a letter it runs as its table.
        "td 1": None,
        "td c": "ltr",
    }


@pytest.mark.parametrize("begin", ["`print`", "$x^2$", "https://example.org/", "12.5:", "«"])
def test_signs_before_the_words_do_not_decide(begin: str) -> None:
    assert list(markdown(f"{begin} הוא המחיר.").values()) == ["rtl"]


def test_a_program_runs_from_left_to_right_and_a_poem_as_its_words() -> None:
    assert markdown("שלום\n\n```\n# הערה\n```") == {"p שלום": "rtl", "pre # הערה": "ltr"}
    assert ways(from_html("<pre>שיר\nשורה</pre>", lambda address: None)) == {"pre שיר שורה": "rtl"}


def test_a_block_without_a_letter_runs_as_the_text_begins() -> None:
    assert markdown("## כותרת\n\n$2+2$\n\nEnd.") == {"h2 כותרת": "rtl", "p 2+2": "rtl", "p End.": "ltr"}


def test_a_direction_that_the_author_gave_stays() -> None:
    source = '<div dir="ltr"><p>שלום</p></div><p dir="ltr">עוד</p><p>סוף</p>'
    assert ways(from_html(source, lambda address: None)) == {"p שלום": None, "p עוד": "ltr", "p סוף": "rtl"}
