"""What is mended in text that people bring: anchors, headings, links, tables, pictures."""

import lxml.html
import pytest
from lxml.html import HtmlElement

from common.richtext import RichText, from_html, from_markdown
from tests.common.payloads import LOCAL
from tests.common.safety import resolve


def html(source: str) -> str:
    return from_html(source, resolve).html


def tree(source: str) -> HtmlElement:
    return lxml.html.fragment_fromstring(html(source), create_parent="section")


def anchors(text: RichText) -> list[str]:
    return [block.anchor for block in text.blocks]


def test_every_block_has_an_anchor_of_its_own_that_is_in_the_page() -> None:
    text = from_markdown("# Title\n\nOne.\n\n- a\n- b\n\n> quote\n\n| x |\n|---|\n| y |", resolve)
    assert len(set(anchors(text))) == len(text.blocks) >= 6
    for anchor in anchors(text):
        assert f'id="{anchor}"' in text.html


def test_anchors_are_the_same_each_time() -> None:
    source = "<h2>Bees</h2><p>One</p><p id=own>Two</p><ul><li>Three</li></ul>"
    assert from_html(source, resolve) == from_html(source, resolve)


def test_words_added_to_a_paragraph_move_no_anchor() -> None:
    before, after = (from_markdown(f"One{more}.\n\nTwo.\n\nThree.", resolve) for more in ("", " and a half"))
    assert anchors(before) == anchors(after)


def test_link_inside_the_text_still_finds_its_place() -> None:
    page = tree('<p><a href="#far">go</a></p><p id="far">here</p>')
    target = page.find(".//a").get("href").removeprefix("#")
    assert page.xpath(f'//*[@id="{target}"]')[0].text == "here"


def test_link_to_a_very_long_name_still_finds_its_place() -> None:
    name = "very-long-name-" * 6
    page = tree(f'<p><a href="#{name}">go</a></p><p id="{name}">here</p>')
    target = page.find(".//a").get("href").removeprefix("#")
    assert page.xpath(f'//*[@id="{target}"]')[0].text == "here"
    assert target == f"c-{name}"


def test_anchor_of_a_long_name_is_the_id_that_the_page_has() -> None:
    text = from_html(f"<p id={'x' * 90}>a</p>", resolve)
    assert f'id="{text.blocks[0].anchor}"' in text.html


def test_name_that_is_used_twice_is_kept_once() -> None:
    text = from_html("<p id=a>one</p><p id=a>two</p>", resolve)
    assert anchors(text)[0] == "c-a"
    assert len(set(anchors(text))) == 2


@pytest.mark.parametrize("name", ["main", "live", "zone-offer", "p-1"])
def test_name_of_the_page_itself_cannot_be_taken(name: str) -> None:
    assert f'id="{name}"' not in html(f"<b id={name}>a</b>")


def test_first_heading_of_the_text_stands_below_that_of_the_page() -> None:
    assert [heading.tag for heading in tree("<h1>A</h1><h2>B</h2><h6>C</h6>")] == ["h2", "h2", "h6"]


@pytest.mark.parametrize("empty", ["<h2></h2>", "<h3> \n </h3>", "<h2><img src=local:a alt=''></h2>", "<h2><br></h2>"])
def test_heading_that_says_nothing_is_no_heading(empty: str) -> None:
    assert not tree(empty + "<p>text</p>").xpath(".//h2|.//h3")


def test_heading_that_is_a_picture_with_words_stays() -> None:
    assert tree("<h2><img src=local:a alt='A bee'></h2>").find("h2/img").get("alt") == "A bee"


def test_words_after_a_dropped_heading_stay() -> None:
    assert "tail" in tree("<div><h2></h2>tail</div>").text_content()


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ('<a href="https://bees.test/x"></a>', "bees.test"),
        ('<a href="https://bees.test/x"><img src="local:a" alt=""></a>', "bees.test"),
        ('<a href="https://bees.test/x" title="Bees"> </a>', "Bees"),
        ('<a href="mailto:a@b.test"></a>', "mailto:a@b.test"),
        ('<a href="https://bees.test/x">Words</a>', "Words"),
    ],
)
def test_link_is_always_named(link: str, said: str) -> None:
    assert tree(link).find(".//a").text == said


def test_link_whose_words_are_the_picture_is_left() -> None:
    link = tree('<a href="https://a.test"><img src="local:a" alt="A bee"></a>').find(".//a")
    assert link.text is None
    assert link.find("img").get("alt") == "A bee"


def test_link_to_nowhere_keeps_its_words_and_is_no_link() -> None:
    page = tree('<p>See <a href="page2.html">the next page</a>.</p>')
    assert page.text_content() == "See the next page."
    assert page.find(".//a") is None


def test_table_scrolls_in_a_frame_that_the_keyboard_reaches() -> None:
    page = tree("<p>before</p><table><tr><td>a</td></tr></table>after")
    frame = page.find("div")
    assert (frame.get("class"), frame.get("tabindex")) == ("table-scroll", "0")
    assert frame.find("table") is not None
    assert frame.tail == "after"


def test_item_outside_a_list_is_no_item() -> None:
    page = tree("<li>a</li><ul><li>b</li></ul>")
    assert [item.text for item in page.findall(".//li")] == ["b"]
    assert "a" in page.text_content()


@pytest.mark.parametrize(("language", "kept"), [("de", "de"), ("pt-BR", "pt-BR"), ("x; y", None), ("", None)])
def test_language_that_is_none_is_dropped(language: str, kept: str | None) -> None:
    assert tree(f'<p lang="{language}">a</p>').find("p").get("lang") == kept


def test_picture_of_this_site_is_shown_and_always_has_an_alternative() -> None:
    picture = tree("<img src=local:a width=10>").find("img")
    assert dict(picture.attrib) == {"src": LOCAL, "alt": "", "width": "10"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<img src=https://evil.test/a alt='A bee'>", "A bee"),
        ("<img src=https://evil.test/a>", "Picture on evil.test"),
        ("<iframe src=https://evil.test/a title='A film'></iframe>", "Page on evil.test: A film"),
        ("<object data=https://evil.test/a></object>", "Page on evil.test"),
        ("<video src=https://evil.test/a></video>", "Video on evil.test"),
        ("<audio><source src=https://evil.test/a></audio>", "Sound on evil.test"),
        ("<iframe src=//evil.test/a></iframe>", "Page on evil.test"),
    ],
)
def test_what_would_be_fetched_from_elsewhere_becomes_a_link(source: str, words: str) -> None:
    link = tree(f"<p>x {source} y</p>").find(".//a")
    assert (link.text, link.get("href"), link.get("rel")) == (words, "https://evil.test/a", "noopener noreferrer")
    assert "y" in tree(f"<p>x {source} y</p>").text_content()


def test_picture_that_leads_nowhere_leaves_its_words() -> None:
    page = tree("<p><img src=missing.png alt='A bee'></p>")
    assert page.text_content() == "A bee"
    assert not page.findall(".//a")


def test_film_of_this_site_has_controls() -> None:
    assert dict(tree("<video src=local:a autoplay loop></video>").find("video").attrib) == {
        "src": LOCAL,
        "controls": "",
    }
    assert tree("<audio><source src=local:a></audio>").find("audio").get("src") == LOCAL


@pytest.mark.parametrize("source", ["a</body>b", "<html><body>a</body></html>b", "a<!-- c -->b", "a\x00b", "a\ud800b"])
def test_words_around_what_is_dropped_stay(source: str) -> None:
    text = lxml.html.fragment_fromstring(html(source), create_parent="section").text_content()
    assert text.replace(" ", "") == "ab"


@pytest.mark.parametrize("source", ["", " ", "\n\n", "<p></p>", "<!-- -->", "\x00"])
def test_nothing_is_no_block(source: str) -> None:
    assert from_html(source, resolve).blocks == []


def test_markup_in_markdown_is_read_as_text() -> None:
    assert from_markdown("<p>a</p>", resolve).blocks[0].text == "<p>a</p>"
    assert from_markdown(" \n\n", resolve).words == 0
