"""Topics of packages become discussions, with what they show and whom they are for."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.packages import ItemDraft, reasons
from courses.packages.draft import LINK
from courses.services.package_words import in_words
from tests.courses.packages.reading import assert_accounted, draft_of, messages, the_item, the_line
from tests.factories.cartridges import CanvasCourse, Cartridge, item, resource


def topic(tmp_path: Path, cartridge: Cartridge) -> ItemDraft:
    return the_item(draft_of(cartridge.save(tmp_path)), "Hello")


@pytest.mark.parametrize(
    ("text", "kind", "html"),
    [
        ("<p>What <b>next</b>?</p>", "text/html", "<p>What <b>next</b>?</p>"),
        ("a < b\nand so\n\nwhy?", "text/plain", "<p>a &lt; b<br>and so</p><p>why?</p>"),
        ("<p>Caf\u00e9</p>", "text/html", "<p>Caf\u00e9</p>"),
        ("", "text/html", ""),
    ],
)
def test_text_of_a_topic_arrives_as_html(tmp_path: Path, text: str, kind: str, html: str) -> None:
    found = topic(tmp_path, Cartridge().topic("Hello", text, kind))
    assert (found.kind, found.html, found.required, found.published) == ("discussion", html, True, True)
    assert not found.raw


def test_markup_that_nobody_escaped_arrives_as_well(tmp_path: Path) -> None:
    cartridge = Cartridge().topic("Hello")
    cartridge.files["Hello.xml"] = (
        '<topic xmlns="http://www.imsglobal.org/xsd/imsccv1p3/imsdt_v1p3"><title>Hello</title>'
        '<text texttype="text/html">Say <b>hello</b></text></topic>'
    )
    assert "<b" in topic(tmp_path, cartridge).html


def test_topic_inside_the_manifest_is_read_there(tmp_path: Path) -> None:
    cartridge = Cartridge()
    inside = '<topic><title>T</title><text texttype="text/html">&lt;p&gt;Why?&lt;/p&gt;</text></topic>'
    cartridge.items.append(item("i", "Hello", "r"))
    cartridge.resources.append(resource("r", "imsdt_xmlv1p3", inside=inside))
    path = cartridge.save(tmp_path)
    draft = draft_of(path)
    assert the_item(draft, "Hello").html == "<p>Why?</p>"
    assert_accounted(draft, path)


def test_pictures_pages_and_topics_that_it_names_are_linked_both_ways(tmp_path: Path) -> None:
    text = (
        '<p><img src="$IMS-CC-FILEBASE$/a%20b.png" alt=""><a href="$CANVAS_OBJECT_REFERENCE$/pages/r-Sea">Sea</a>'
        '<a href="$IMS-CC-FILEBASE$/gone.pdf">Gone</a></p>'
    )
    cartridge = Cartridge().topic("Hello", text)
    cartridge.page("Sea", '<a href="$CANVAS_OBJECT_REFERENCE$/discussion_topics/r-Hello">Talk</a>')
    cartridge.resources.append(resource("picture", "webcontent", "web_resources/a b.png"))
    cartridge.files["web_resources/a b.png"] = b"\x89PNG"
    path = cartridge.save(tmp_path)
    draft = draft_of(path)
    found = the_item(draft, "Hello")
    assert 'src="package-file:web_resources/a%20b.png"' in found.html
    assert 'href="package-item:i-Sea"' in found.html
    assert ">Gone</a>" in found.html
    assert draft.files == ["web_resources/a b.png"]
    assert the_item(draft, "Sea").html == '<a href="package-item:i-Hello">Talk</a>'
    assert the_line(draft, "Sea").reason is None
    assert the_line(draft, "Hello").outcome == "imported"
    assert in_words(the_line(draft, "Hello").reason).startswith("One link")
    assert_accounted(draft, path)


def test_attachments_of_a_topic_are_links_beneath_it(tmp_path: Path) -> None:
    more = '<attachments><attachment href="$IMS-CC-FILEBASE$/map%201.pdf"/></attachments>'
    cartridge = Cartridge().topic("Hello", more=more).file("web_resources/map 1.pdf", listed=False)
    assert topic(tmp_path, cartridge).html.endswith(
        '<p><a href="package-file:web_resources/map%201.pdf">map 1.pdf</a></p>'
    )


def test_links_that_claim_to_be_ours_are_removed(tmp_path: Path) -> None:
    found = topic(tmp_path, Cartridge().topic("Hello", '<a href="package-item:i-x">A</a>'))
    assert "package-item" not in found.html


@pytest.mark.parametrize("damaged", [b"", b"\x00\x01\x02", b"<html></html>"])
def test_damaged_topic_is_left_out_with_its_reason(tmp_path: Path, damaged: bytes) -> None:
    cartridge = (
        Cartridge().topic("Hello").page("Sea", '<a href="$CANVAS_OBJECT_REFERENCE$/discussion_topics/r-Hello">T</a>')
    )
    cartridge.files["Hello.xml"] = damaged
    path = cartridge.save(tmp_path)
    draft = draft_of(path)
    assert_accounted(draft, path)
    line = the_line(draft, "Hello")
    assert (line.kind, line.outcome) == ("discussion", "left out")
    assert in_words(line.reason)
    assert "href" not in the_item(draft, "Sea").html


def test_site_without_discussions_keeps_topics_whole(tmp_path: Path) -> None:
    draft = draft_of(Cartridge().topic("Hello").save(tmp_path), makes=set())
    kept = the_item(draft, "Hello")
    assert (kept.kind, kept.kept_kind) == ("kept", "discussion")
    assert "Say hello" in kept.raw["files"]["Hello.xml"]


def test_topic_without_a_text_asks_its_teacher_for_one(tmp_path: Path) -> None:
    line = the_line(draft_of(Cartridge().topic("Hello", "").save(tmp_path)), "Hello")
    assert [in_words(one) for one in line.also] == ["It has no text. Write what students are asked to do."]


class TestCanvas:
    @pytest.mark.parametrize(
        ("own", "assignment", "said"),
        [
            ({}, "", []),
            ({}, "<grading_type>points</grading_type>", [reasons.MARKS_LEFT]),
            ({}, "<grading_type>not_graded</grading_type>", []),
            ({}, "<peer_reviews>true</peer_reviews>", [reasons.MARKS_LEFT, reasons.PEER_REVIEWS_LEFT]),
            ({}, "<due_at>2026-01-01T00:00:00</due_at>", [reasons.MARKS_LEFT, reasons.DATES_LEFT]),
            ({"lock_at": "2026-01-01T00:00:00"}, "", [reasons.DATES_LEFT]),
        ],
    )
    def test_report_says_what_stays_behind_of_a_topic(
        self, tmp_path: Path, own: dict[str, str], assignment: str, said: list[reasons.Reason]
    ) -> None:
        canvas = CanvasCourse()
        canvas.topic("Floods", workflow_state="active", **own)
        marked = f"{assignment and f'<assignment>{assignment}</assignment>'}</topicMeta>"
        meta = str(canvas.cartridge.files["Floods-meta.xml"]).replace("</topicMeta>", marked)
        canvas.cartridge.files["Floods-meta.xml"] = meta
        canvas.entry("e", "DiscussionTopic", "Floods", "t-Floods")
        canvas.module("m", "Water")
        assert the_line(draft_of(canvas.save(tmp_path)), "Floods").also == said

    @pytest.mark.parametrize(("state", "shown"), [("active", True), ("unpublished", False), ("post_delayed", False)])
    def test_what_is_not_yet_posted_is_not_shown(self, tmp_path: Path, state: str, shown: bool) -> None:
        canvas = CanvasCourse()
        canvas.topic("Floods", workflow_state=state, type="topic")
        canvas.entry("e", "DiscussionTopic", "Floods", "t-Floods")
        canvas.module("m", "Water")
        path = canvas.save(tmp_path)
        draft = draft_of(path)
        assert the_item(draft, "Floods").published is shown
        assert_accounted(draft, path)
        settings = next(line for line in draft.lines if "resource:tm-Floods" in line.covers)
        assert (settings.kind, settings.outcome) == ("metadata", "imported")

    def test_module_item_that_is_unpublished_keeps_it_from_students(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.topic("Floods", workflow_state="active")
        canvas.entry("e", "DiscussionTopic", "Floods", "t-Floods", workflow_state="unpublished")
        canvas.module("m", "Water")
        assert not the_item(draft_of(canvas.save(tmp_path)), "Floods").published

    def test_graded_topic_in_no_module_is_a_discussion_and_its_assignment_leads_to_it(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.topic("Floods", workflow_state="active", require_initial_post="true")
        meta = canvas.cartridge.files["Floods-meta.xml"]
        canvas.cartridge.files["Floods-meta.xml"] = str(meta).replace(
            "</topicMeta>", '<assignment identifier="a-1"/></topicMeta>'
        )
        canvas.wiki("sea", '<a href="$CANVAS_OBJECT_REFERENCE$/assignments/a-1">Floods</a>')
        draft = draft_of(canvas.save(tmp_path))
        found = the_item(draft, "Floods")
        assert (found.kind, found.own_first) == ("discussion", True)
        assert f'href="package-item:{found.identifier}"' in the_item(draft, "sea").html

    def test_announcement_is_kept_and_no_discussion(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.topic("Snow day", workflow_state="active", type="announcement")
        path = canvas.save(tmp_path)
        draft = draft_of(path)
        kept = the_item(draft, "Snow day")
        assert (kept.kind, kept.kept_kind) == ("kept", "announcement")
        line = the_line(draft, "Snow day")
        assert (line.outcome, in_words(line.reason)) == (
            "kept",
            "Announcements are not taken from a package. If students need it, announce it to a cohort.",
        )
        assert_accounted(draft, path)


def test_link_and_topic_do_not_share_a_kind(tmp_path: Path) -> None:
    draft = draft_of(Cartridge().topic("Hello").link("Atlas").save(tmp_path))
    assert the_item(draft, "Atlas").kind == LINK
    assert not messages(draft)
