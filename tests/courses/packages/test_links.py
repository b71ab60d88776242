"""References inside pages: five dialects, rewritten to files and items of the draft."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from courses.packages import CourseDraft, Reference, parse_reference
from courses.packages.draft import file_reference, item_reference
from courses.services.package_words import in_words
from tests.courses.packages.reading import (
    assert_accounted,
    draft_of,
    messages,
    the_item,
    the_line,
)
from tests.factories.cartridges import CanvasCourse, Cartridge, item, resource


def page_with(tmp_path: Path, body: str, cartridge: Cartridge | None = None) -> str:
    """The HTML that a page with this body gets, beside a page "other" and some files."""
    made = cartridge or Cartridge()
    made.page("home", body).page("other")
    made.file("pages/pic one.png", b"PNG", listed=False)
    made.file("web_resources/Maps/Nile.pdf", b"PDF", listed=False)
    return the_item(draft_of(made.save(tmp_path)), "home").html


NILE = "package-file:web_resources/Maps/Nile.pdf"


def test_what_canvas_writes_behind_a_link_is_no_words_of_the_author(tmp_path: Path) -> None:
    link = '<a class="external" href="https://a.test/"><span>Bees<span class="screenreader-only"> (Leads away.)</span>'
    icon = '<span class="ui-icon ui-icon-extlink"><span class="screenreader-only">Leads away.</span></span>'
    new = f'<a class="external" href="https://b.test/">Wasps{icon.replace("ui-icon-extlink", "external_link_icon")}</a>'
    own = '<a href="https://c.test/">Ants<span class="screenreader-only"> (a film)</span></a>'
    html = page_with(tmp_path, f"<p>{link}</span>{icon}</a>, then {new}, and {own}.</p>")
    assert "Leads away" not in html
    assert re.sub("<[^>]+>", "", html) == "Bees, then Wasps, and Ants (a film)."


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("pic%20one.png", "package-file:pages/pic%20one.png"),
        ("./pic one.png", "package-file:pages/pic%20one.png"),
        ("PIC%20ONE.PNG", "package-file:pages/pic%20one.png"),
        ("../pages/pic%20one.png?wrap=1", "package-file:pages/pic%20one.png"),
        ("..\\pages\\pic one.png", "package-file:pages/pic%20one.png"),
        ("../../../pages/pic%20one.png", "package-file:pages/pic%20one.png"),
        ("$IMS-CC-FILEBASE$/Maps/Nile.pdf", NILE),
        ("$IMS-CC-FILEBASE$Maps/Nile.pdf", NILE),
        ("$IMS_CC_FILEBASE$/Maps/Nile.pdf?canvas_download=1&amp;x=2", NILE),
        ("%24IMS-CC-FILEBASE%24/Maps/Nile.pdf", NILE),
        ("$IMS-CC-FILEBASE$%2FMaps%2FNile.pdf", NILE),
        ("$IMS-CC-FILEBASE$/Maps%5CNile.pdf", NILE),
        ("pic+one.png", "package-file:pages/pic%20one.png"),
        ("$CANVAS_COURSE_REFERENCE$/discussion_topics", "package-course:"),
        ("$IMS-CC-FILEBASE$../web_resources/Maps/Nile.pdf", NILE),
        ("$1EdTech-CC-FILEBASE$/Maps/Nile.pdf", NILE),
        ("%241EdTech-CC-FILEBASE%24Maps/Nile.pdf", NILE),
        ("$1EDTECH_CC_FILEBASE$/Maps/Nile.pdf", NILE),
        ("$CANVAS_COURSE_REFERENCE$/file_contents/course%20files/Maps/Nile.pdf", NILE),
        ("/courses/70/file_contents/course%20files/Maps/Nile.pdf?verifier=x", NILE),
        ("/courses/70/file_contents/Maps/Nile.pdf", NILE),
        ("/courses/70/files/r-web_resources%2FMaps%2FNile.pdf/download", NILE),
        ("/courses/70/pages/r-other#delta", "package-item:i-other#delta"),
        ("$CANVAS_COURSE_REFERENCE$/modules", "package-course:"),
        ("$CANVAS_COURSE_REFERENCE$", "package-course:"),
        ("$CANVAS_OBJECT_REFERENCE$/assignments", "package-course:"),
        ("%24CANVAS_COURSE_REFERENCE%24/assignments/syllabus", "package-course:"),
        ("/courses/70", "package-course:"),
        ("/courses/70/modules#module_3", "package-course:"),
        ("@@PLUGINFILE@@/pic%20one.png", "package-file:pages/pic%20one.png"),
        ("@@PLUGINFILE@@/Nile.pdf", NILE),
        ("$CANVAS_COURSE_REFERENCE$/file_ref/r-web_resources%2FMaps%2FNile.pdf/download", NILE),
        ("other.html", "package-item:i-other"),
        ("other.html#delta", "package-item:i-other#delta"),
        ("$CANVAS_OBJECT_REFERENCE$/pages/r-other", "package-item:i-other"),
        ("$WIKI_REFERENCE$/pages/r-other#delta", "package-item:i-other#delta"),
        ("$CANVAS_COURSE_REFERENCE$/modules/items/i-other", "package-item:i-other"),
    ],
)
def test_references_into_the_package(tmp_path: Path, written: str, becomes: str) -> None:
    assert page_with(tmp_path, f'<a href="{written}">x</a>') == f'<a href="{becomes}">x</a>'


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a?b=c#d",
        "//example.org/",
        "mailto:a@example.org",
        "#top",
        "tel:123",
        "data:image/gif;base64,R0lGOD",
    ],
)
def test_references_out_of_the_package_stay(tmp_path: Path, address: str) -> None:
    body = f'<a href="{address}">x</a>'
    assert page_with(tmp_path, body) == body


@pytest.mark.parametrize(
    "address",
    [
        "gone.png",
        "$IMS-CC-FILEBASE$/gone.png",
        "$CANVAS_OBJECT_REFERENCE$/quizzes/gone",
        "$UNKNOWN_TOKEN$/x",
        "@@PLUGINFILE@@/gone.png",
        "/courses/7/files/9",
        "package-file:imsmanifest.xml",
        "package-item:i-other",
        "package-course:",
        "/courses/7/announcements",
        "/courses/7x/modules",
        "$CANVAS_COURSE_REFERENCE$/grades",
        "../../../etc/passwd",
    ],
)
def test_references_to_nothing_are_removed_and_noted(tmp_path: Path, address: str) -> None:
    cartridge = Cartridge().page("home", f'<p><img src="{address}" alt="A map"></p>')
    cartridge.page("other")
    draft = draft_of(cartridge.save(tmp_path))
    assert the_item(draft, "home").html == '<p><img alt="A map"></p>'
    assert f"A link to “{address}”" in messages(draft)
    assert "not in the package" in in_words(the_line(draft, "home").reason)


@pytest.mark.parametrize(
    "picture",
    [
        '<img class="equation_image" src="/equation_images/%255Cfrac" alt="LaTeX: \\frac12">',
        '<img src="/equation_images/x%255E2?scale=1" alt="x^2">',
        '<img class="mq equation_image" data-equation-content="x^2" src="gone.png">',
    ],
)
def test_picture_of_an_equation_brings_its_source_and_is_no_broken_link(tmp_path: Path, picture: str) -> None:
    draft = draft_of(Cartridge().page("home", f"<p>{picture}</p>").save(tmp_path))
    assert the_item(draft, "home").html == f"<p>{picture}</p>"
    assert the_line(draft, "home").reason is None


def test_every_attribute_that_holds_an_address(tmp_path: Path) -> None:
    body = (
        '<video src="pic one.png" poster="pic one.png"></video><object data="pic one.png"></object>'
        '<img srcset="pic%20one.png 1x, gone.png 2x" alt=""><iframe src="other.html"></iframe>'
    )
    html = page_with(tmp_path, body)
    assert html.count("package-file:pages/pic%20one.png") == 4
    assert "gone.png" not in html
    assert '<iframe src="package-item:i-other">' in html


def test_text_that_looks_like_a_reference_is_left_alone(tmp_path: Path) -> None:
    body = '<pre>&lt;img src="pic%20one.png"&gt; $IMS-CC-FILEBASE$/x</pre>'
    assert "$IMS-CC-FILEBASE$/x" in page_with(tmp_path, body)
    assert "package-file" not in page_with(tmp_path, body)


def test_hostile_html_is_passed_on_as_it_is(tmp_path: Path) -> None:
    """Cleaning is the importer's duty; the reader must not look as if it had done it."""
    html = page_with(tmp_path, '<script>alert(1)</script><p onclick="x()">a</p>')
    assert html == '<script>alert(1)</script><p onclick="x()">a</p>'


class TestFilesInUse:
    def test_files_that_pages_use_are_listed(self, tmp_path: Path) -> None:
        cartridge = Cartridge().page("home", '<img src="../a.png" alt="">')
        cartridge.file("a.png", listed=False).file("b.png", listed=False)
        path = cartridge.save(tmp_path)
        draft = draft_of(path)
        assert draft.files == ["a.png"]
        assert the_line(draft, "a.png").outcome == "imported"
        assert the_line(draft, "b.png").outcome == "left out"
        assert_accounted(draft, path)

    def test_a_file_that_the_manifest_forgot(self, tmp_path: Path) -> None:
        cartridge = Cartridge().page("home", '<img src="../a.png" alt="">')
        cartridge.files |= {"a.png": b"PNG", "b.png": b"PNG"}
        path = cartridge.save(tmp_path)
        draft = draft_of(path)
        assert "Not named in the manifest" in in_words(the_line(draft, "a.png").reason)
        assert the_line(draft, "a.png").outcome == "imported"
        assert the_line(draft, "b.png").outcome == "left out"
        assert_accounted(draft, path)


class TestLinkedPages:
    def test_pages_that_pages_link_to_come_along(self, tmp_path: Path) -> None:
        cartridge = Cartridge().page("home", '<a href="second.html">2</a>')
        cartridge.page_resource("second", '<a href="third.html">3</a>')
        cartridge.page_resource("third", '<a href="home.html">1</a>').page_resource("alone")
        path = cartridge.save(tmp_path)
        draft = draft_of(path)
        assert [one.title for one in draft.loose] == ["second", "third"]
        assert the_item(draft, "home").html == '<a href="package-item:r-second">2</a>'
        assert the_item(draft, "third").html == '<a href="package-item:i-home">1</a>'
        assert the_line(draft, "alone.html").outcome == "left out"
        assert_accounted(draft, path)

    def test_pages_beside_the_main_page_of_one_resource(self, tmp_path: Path) -> None:
        cartridge = Cartridge()
        cartridge.items = [item("i", "Book", "r")]
        cartridge.resources = [resource("r", "webcontent", "b/index.html", "b/1.html", "b/2.html", href="b/index.html")]
        cartridge.files |= {
            "b/index.html": '<a href="1.html">1</a>',
            "b/1.html": "<title>Chapter 1</title><p>Once</p>",
            "b/2.html": "<p>Unlinked</p>",
        }
        path = cartridge.save(tmp_path)
        draft = draft_of(path)
        assert the_item(draft, "Chapter 1").html == "<p>Once</p>"
        assert the_line(draft, "2.html").outcome == "left out"
        assert_accounted(draft, path)

    def test_a_link_to_a_page_that_proves_unusable_is_removed(self, tmp_path: Path) -> None:
        cartridge = Cartridge().page("home", '<a href="empty.html">there</a>')
        cartridge.page_resource("empty", " ")
        draft = draft_of(cartridge.save(tmp_path))
        assert the_item(draft, "home").html == "<a>there</a>"
        assert the_line(draft, "empty.html").outcome == "left out"


class TestCanvasObjects:
    def test_a_page_by_the_slug_of_its_title(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.wiki("home", '<a href="%24WIKI_REFERENCE%24/pages/nile-delta">x</a>')
        canvas.wiki("nile-delta")
        canvas.entry("e1", "WikiPage", "Home", "p-home")
        canvas.entry("e2", "WikiPage", "Delta", "p-nile-delta")
        canvas.module("m1", "One")
        draft = draft_of(canvas.save(tmp_path))
        assert the_item(draft, "Home").html == '<a href="package-item:e2">x</a>'

    def test_a_module_means_its_first_item(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.wiki("home", '<a href="$CANVAS_OBJECT_REFERENCE$/modules/m1">x</a>')
        canvas.entry("e1", "WikiPage", "Home", "p-home")
        canvas.module("m1", "One")
        assert "package-item:e1" in the_item(draft_of(canvas.save(tmp_path)), "Home").html

    def test_a_kept_quiz_can_be_linked(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.wiki("home", '<a href="$CANVAS_OBJECT_REFERENCE$/quizzes/q-check">x</a>')
        canvas.quiz("check")
        draft = draft_of(canvas.save(tmp_path))
        assert the_item(draft, "home").html == '<a href="package-item:q-check">x</a>'


@pytest.mark.parametrize("name", ["a b.png", "50%.png", "é#?.html", "i d/~2", 'q"<>&.x'])
def test_references_survive_a_round_trip(name: str) -> None:
    assert parse_reference(file_reference(name)) == Reference("file", name)
    assert parse_reference(item_reference(name, "top")) == Reference("item", name, "top")
    assert parse_reference("https://example.org/") is None


def canvas_page(canvas: CanvasCourse, tmp_path: Path, *addresses: str) -> tuple[CourseDraft, list[str]]:
    """The draft, and what the addresses in a page of it have become."""
    canvas.wiki("home", "".join(f'<a href="{address}">x</a>' for address in addresses))
    canvas.entry("e-home", "WikiPage", "Home", "p-home")
    canvas.module("m1", "One")
    draft = draft_of(canvas.save(tmp_path))
    return draft, re.findall(r'<a(?: href="([^"]*)")?>', the_item(draft, "Home").html)


class TestCanvas:
    def test_the_syllabus_is_a_page_of_the_package(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        page = "course_settings/syllabus.html"
        canvas.cartridge.resources.append(resource("s", "webcontent", page, href=page))
        canvas.cartridge.files[page] = "<html><body><p>Weekly</p></body></html>"
        draft, links = canvas_page(canvas, tmp_path, "$CANVAS_COURSE_REFERENCE$/assignments/syllabus#week-2")
        assert links == [f"package-item:{the_item(draft, 'Syllabus').identifier}#week-2"]

    def test_an_assignment_that_only_the_settings_of_its_quiz_name(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.quiz("tides")
        canvas.cartridge.files["tides/assessment_meta.xml"] = (
            '<quiz identifier="q-tides"><title>tides</title><assignment identifier="a-tides">'
            "<title>tides</title></assignment></quiz>"
        )
        addresses = ["assignments/a-tides", "quizzes/q-tides", "quizzes/qm-tides"]
        draft, links = canvas_page(canvas, tmp_path, *[f"$CANVAS_OBJECT_REFERENCE$/{one}" for one in addresses])
        assert links == ["package-item:q-tides"] * 3
        assert "A link to" not in messages(draft)

    def test_an_assignment_that_only_the_settings_of_its_topic_name(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.cartridge.topic("floods")
        canvas.cartridge.items = []
        canvas.cartridge.resources[-1] = canvas.cartridge.resources[-1].replace(
            "</resource>", '<dependency identifierref="meta"/></resource>'
        )
        kind = "associatedcontent/imscc_xmlv1p3/learning-application-resource"
        canvas.cartridge.resources.append(resource("meta", kind, "meta.xml", href="meta.xml"))
        canvas.cartridge.files["meta.xml"] = (
            '<topicMeta xmlns="x" identifier="t-meta"><topic_id>r-floods</topic_id>'
            "<assignment xmlns:xsi='y' identifier='a-floods'/></topicMeta>"
        )
        addresses = ["assignments/a-floods", "discussion_topics/r-floods", "discussion_topics/t-meta"]
        draft, links = canvas_page(canvas, tmp_path, *[f"/courses/9/{one}" for one in addresses])
        assert links == ["package-item:r-floods"] * 3
        assert "A link to" not in messages(draft)


@pytest.mark.parametrize("address", ["Nile.pdf", "$IMS-CC-FILEBASE$/Nile.pdf", "$1EdTech-CC-FILEBASE$Nile.pdf"])
def test_a_web_link_to_a_file_of_the_package_is_that_file(tmp_path: Path, address: str) -> None:
    draft = draft_of(Cartridge().link("Nile", address).file("Nile.pdf", listed=False).save(tmp_path))
    assert (the_item(draft, "Nile").kind, the_item(draft, "Nile").path) == ("file", "Nile.pdf")


class TestKeptForLater:
    def test_a_link_keeps_its_target_and_the_report_says_what_it_waits_for(self, tmp_path: Path) -> None:
        cartridge = Cartridge().page("home", '<a href="$CANVAS_OBJECT_REFERENCE$/quizzes/r-tides">x</a>').quiz("tides")
        draft = draft_of(cartridge.save(tmp_path))
        assert the_item(draft, "home").html == '<a href="package-item:i-tides">x</a>'
        assert in_words(the_line(draft, "home").reason) == (
            "One link leads to something that is kept for later. It will work when that does."
        )
        assert "A link to" not in messages(draft)

    def test_links_that_went_are_told_from_links_that_wait(self, tmp_path: Path) -> None:
        body = (
            '<a href="gone.html">1</a><a href="$CANVAS_OBJECT_REFERENCE$/quizzes/r-tides">2</a>'
            '<a href="$CANVAS_OBJECT_REFERENCE$/modules/items/i-empty">3</a>'
        )
        cartridge = Cartridge().page("home", body).quiz("tides").link("empty", "")
        draft = draft_of(cartridge.save(tmp_path))
        assert in_words(the_line(draft, "home").reason) == (
            "Links to nothing in the package: 2. Links to things that are kept for later: 1."
        )
