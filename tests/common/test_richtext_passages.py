"""The pieces of a text as search keeps them."""

from common.richtext import from_html, from_markdown
from tests.common.safety import resolve


def test_passages_are_cut_by_block_and_know_their_heading() -> None:
    text = from_markdown("Before.\n\n## Bees\n\nOne *two* three.\n\n- four\n- five", resolve)
    assert [(block.heading, block.text) for block in text.blocks] == [
        ("", "Before."),
        ("Bees", "Bees"),
        ("Bees", "One two three."),
        ("Bees", "four"),
        ("Bees", "five"),
    ]
    assert text.words == 7


def test_text_of_a_block_inside_a_block_is_found_once() -> None:
    text = from_html("<blockquote>a<p>b</p>c</blockquote>", resolve)
    assert sorted(" ".join(block.text for block in text.blocks).split()) == ["a", "b", "c"]


def test_cells_of_a_table_do_not_run_together() -> None:
    text = from_html("<table><tr><td>one</td><td>two</td></tr><tr><td>three</td></tr></table>", resolve)
    assert text.blocks[0].text.split() == ["one", "two", "three"]
