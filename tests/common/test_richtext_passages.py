"""The pieces of a text as search keeps them."""

import pytest

from common.richtext import from_html, from_markdown
from common.scripts import word_count
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


WORDS = "bees " * 2_000


@pytest.mark.parametrize(
    "html",
    [
        f"<div>{WORDS}</div>",
        f"{WORDS}<br>{WORDS}",
        WORDS,
        f"<details><summary>More</summary>{WORDS}</details>",
        f"<table><tr><td><div>{WORDS}</div></td></tr></table>",
        f"<figure><img alt=''><figcaption>{WORDS}</figcaption></figure>",
        f"<ul><div>{WORDS}</div></ul>",
        f"<span>{WORDS}</span>",
        f"<section><article>{WORDS}</article></section>",
        f"<h2>A</h2>{WORDS}<p>b</p>",
        f"<table><caption>{WORDS}</caption><tr><td>a</td></tr></table>",
        f"<center><font>{WORDS}</font></center>",
    ],
)
def test_what_a_reader_sees_is_counted_and_kept(html: str) -> None:
    text = from_html(html, resolve)
    assert 2_000 <= text.words <= 4_003
    assert sum(block.text.count("bees") for block in text.blocks) == html.count("bees")


def test_every_word_is_in_one_block() -> None:
    html = (
        "w1<br>w2<p>w3</p>w4 <b>w5</b><div>w6<div>w7</div>w8</div><details>w9<summary>w10</summary><p>w11</p>w12"
        "</details><ul>w13<li>w14<p>w15</p>w16</li></ul><table><tr><td>w17</td><td><p>w18</p></td></tr></table><hr>w19"
        "<blockquote><div>w20</div></blockquote><dl><dt>w21</dt><dd>w22<ul><li>w23</li></ul></dd></dl>"
    )
    words = " ".join(block.text for block in from_html(html, resolve).blocks).split()
    assert sorted(words) == sorted(f"w{number}" for number in range(1, 24))


def test_words_of_a_frame_lead_to_it_and_bare_words_to_what_is_before_them() -> None:
    text = from_html("top<h2>Bees</h2>one<br>two<div>three<p>four</p>five</div>six", resolve)
    assert [(block.anchor, block.heading, block.text) for block in text.blocks] == [
        ("p-0", "", "top"),
        ("p-1", "Bees", "Bees"),
        ("p-1", "Bees", "one two"),
        ("p-2", "Bees", "three five"),
        ("p-3", "Bees", "four"),
        ("p-3", "Bees", "six"),
    ]
    assert all(f'id="{anchor}"' in text.html for anchor in ("p-1", "p-2", "p-3"))


def test_a_frame_around_blocks_alone_gets_no_id() -> None:
    assert from_html("<div><p>a</p> <ul><li>b</li></ul></div>", resolve).html.startswith('<div><p id="p-1">a</p>')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two words, and – a dash …", 5),
        ("光" * 1000, 900),
        ("ひらがな" * 100, 200),
        ("물리학은 재미있다", 2),
        ("ภาษาไทย" * 100, 140),
        ("It’s well-known", 2),
        ("", 0),
    ],
)
def test_words_are_counted_where_a_script_has_no_spaces_too(text: str, words: int) -> None:
    assert word_count(text) == words
