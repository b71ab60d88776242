"""Links and embedded things: what leads nowhere is no link, and what is not shown says what it is."""

import lxml.html
import pytest
from lxml.html import HtmlElement

from common.richtext import LATER, Later, from_html, own_id
from common.richtext.vocabulary import LONGEST_NAME
from tests.common.payloads import LOCAL
from tests.common.safety import assert_safe


def resolve(address: str) -> str | Later | None:
    if address.startswith("kept:"):
        return LATER
    return LOCAL if address.startswith("local:") else None


def tree(source: str) -> HtmlElement:
    made = from_html(source, resolve).html
    assert_safe(made)
    return lxml.html.fragment_fromstring(made, create_parent="section")


@pytest.mark.parametrize(
    "address",
    [
        "page2.html",
        "javascript:alert(1)",
        "file:///c:/a.doc",
        "data:text/html,a",
        "#",
        "#top",
        "#nowhere",
        "tel:1",
        "",
        "http://",
    ],
)
def test_link_that_leads_nowhere_is_plain_text(address: str) -> None:
    page = tree(f'<p>See <a href="{address}" title="t">the <b>next</b> page</a>.</p>')
    assert page.findall(".//a") == []
    assert page.text_content() == "See the next page."
    assert page.find(".//b") is not None


def test_link_to_what_is_kept_says_that_it_is_not_available_yet() -> None:
    page = tree('<p>Do <a href="kept:quiz">the quiz</a>, then <a href="gone">this</a>.</p>')
    assert page.findall(".//a") == []
    assert page.text_content() == "Do the quiz (not available here yet), then this."


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("https://a.test/x y", "https://a.test/x%20y"),
        ("//a.test/x", "https://a.test/x"),
        (" https://a.test/x\n", "https://a.test/x"),
        ("https://a.test/a\tb", "https://a.test/ab"),
        (r"https://a.test/a\b", "https://a.test/a%5Cb"),
    ],
)
def test_address_that_browsers_would_mend_stays_a_link(address: str, href: str) -> None:
    assert tree(f'<a href="{address}">a</a>').find("a").get("href") == href


def test_place_that_others_lead_to_is_no_link() -> None:
    page = tree('<p><a href="#b">to</a></p><p><a name="b">here</a> <a>nothing</a></p>')
    assert page.find(".//a").get("href") == "#c-b"
    assert page.find(".//span").get("id") == "c-b"


@pytest.mark.parametrize(
    "place", ["<font id=b>x</font>", "<h2 id=b></h2>", "<p id=b></p>", "<section id=b>x</section>"]
)
def test_place_stays_where_its_element_goes(place: str) -> None:
    assert tree(f'<p><a href="#b">to</a></p>{place}').xpath('//*[@id="c-b"]')


LONG = "глава-" * 30 + "%D0%B0"


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("%D0%B3%D0%BB", "гл"),
        ("гл", "%D0%B3%D0%BB"),
        ("a%20b", "a b"),
        ("100%", "100%"),
        ("a" * 200, "a" * 200),
        ("ы" * 400, "ы" * 400),
        (LONG, LONG),
        ("b" * 199 + "%D0%B3%D0%B3", "b" * 199 + "гг"),
        ("מבוא", "מבוא"),
    ],
)
def test_link_and_place_have_one_name(link: str, place: str) -> None:
    assert own_id(link) == own_id(place)
    page = tree(f'<p><a href="#{link}">to</a></p><p id="{place}">here</p>')
    assert page.find(".//a") is not None
    assert page.xpath("//p[text()='here']")[0].get("id") == own_id(link)


def test_long_names_are_whole_up_to_a_limit_and_never_the_same_beyond() -> None:
    whole = "x" * LONGEST_NAME
    assert own_id(whole) == f"c-{whole}"
    one, other = (own_id(whole + end) for end in "ab")
    assert one != other
    assert len(one) < LONGEST_NAME
    page = tree(f"<p id={whole}a>one</p><p id={whole}b>two</p>")
    assert [place.get("id") for place in page.findall("p")] == [one, other]


YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("source", "words", "href"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ" title="Bees"></iframe>',
            "Video on YouTube: Bees",
            YOUTUBE,
        ),
        (
            '<iframe src="//www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=90&rel=0"></iframe>',
            "Video on YouTube",
            YOUTUBE + "&t=90",
        ),
        (
            '<iframe src="https://youtu.be/dQw4w9WgXcQ?t=5" title="YouTube video player"></iframe>',
            "Video on YouTube",
            YOUTUBE + "&t=5",
        ),
        (
            '<iframe src="https://www.youtube.com/embed/videoseries?list=PL1"></iframe>',
            "Video on YouTube",
            "https://www.youtube.com/playlist?list=PL1",
        ),
        (
            '<object><param name="movie" value="http://www.youtube.com/v/dQw4w9WgXcQ"><embed src="x"></object>',
            "Video on YouTube",
            YOUTUBE,
        ),
        (
            '<iframe src="https://player.vimeo.com/video/76979871" title="Bees"></iframe>',
            "Video on Vimeo: Bees",
            "https://vimeo.com/76979871",
        ),
        (
            '<iframe src="https://player.vimeo.com/video/76979871?h=ab1&dnt=1"></iframe>',
            "Video on Vimeo",
            "https://vimeo.com/76979871/ab1",
        ),
        (
            '<iframe src="https://a.hosted.panopto.com/Panopto/Pages/Embed.aspx?id=1"></iframe>',
            "Video on Panopto",
            "https://a.hosted.panopto.com/Panopto/Pages/Viewer.aspx?id=1",
        ),
        ('<iframe src="https://www.loom.com/embed/a1"></iframe>', "Video on Loom", "https://www.loom.com/share/a1"),
        (
            '<iframe src="https://docs.google.com/document/d/1/pub?embedded=true" title="Plan"></iframe>',
            "Document on Google Docs: Plan",
            "https://docs.google.com/document/d/1/pub?embedded=true",
        ),
        (
            '<iframe src="https://view.officeapps.live.com/op/embed.aspx?src=https%3A%2F%2Fa.test%2Fplan.docx"></iframe>',
            "Document on a.test",
            "https://a.test/plan.docx",
        ),
        ('<embed src="https://a.test/plan.pdf">', "Document on a.test", "https://a.test/plan.pdf"),
        ('<iframe src="https://a.test/x" title="A page"></iframe>', "Page on a.test: A page", "https://a.test/x"),
        ('<video src="https://a.test/x"></video>', "Video on a.test", "https://a.test/x"),
        ('<audio title="Song"><source src="https://a.test/x"></audio>', "Sound on a.test: Song", "https://a.test/x"),
        ('<img src="https://a.test/x">', "Picture on a.test", "https://a.test/x"),
        ('<img src="https://a.test/x" alt="A bee">', "A bee", "https://a.test/x"),
        ('<iframe src="local:a"></iframe>', "Picture: a%20bee.png", LOCAL),
    ],
)
def test_what_is_not_loaded_says_what_it_is_and_where(source: str, words: str, href: str) -> None:
    link = tree(f"<p>x{source}y</p>").find(".//a")
    assert link.get("href") == href
    if href != LOCAL:
        assert link.text == words
    assert tree(f"<p>x{source}y</p>").text_content().endswith("y")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('<iframe src="/courses/1/external_tools/retrieve?x" title="Padlet"></iframe>', "Embedded page: Padlet"),
        ("<iframe></iframe>", "Embedded page"),
        ('<video src="kept:1" title="Bees"></video>', "Video: Bees (not available here yet)"),
        ('<img src="missing/bee%20eyes.png">', "Picture: bee eyes.png"),
        ('<img src="missing.png" alt="A bee">', "A bee"),
    ],
)
def test_what_can_not_be_opened_says_what_it_is(source: str, words: str) -> None:
    page = tree(f"<p>{source}</p>")
    assert page.text_content().strip() == words
    assert page.findall(".//a") == []


def test_frames_beside_each_other_do_not_run_together() -> None:
    frame = '<iframe src="https://youtu.be/dQw4w9WgXcQ"></iframe>'
    assert tree(f"<p>See{frame}{frame}now</p>").text_content() == "See Video on YouTube  Video on YouTube now"
