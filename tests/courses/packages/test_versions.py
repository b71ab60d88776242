"""Every version of Common Cartridge, with every kind of content it may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.packages import read_package
from courses.services.package_words import in_words
from tests.courses.packages.reading import assert_accounted, draft_of, the_item, the_line
from tests.factories.cartridges import Cartridge, item, resource, write_zip

VERSIONS = ["1.0", "1.1", "1.2", "1.3"]


def full(version: str) -> Cartridge:
    cartridge = Cartridge(version=version, description="About <b>rivers</b>")
    cartridge.page("Sources").file("map.pdf", b"%PDF-1.4").link("Atlas").module("Water")
    cartridge.topic("Hello").quiz("Check").tool("Simulator").assignment("Essay").module("Work")
    return cartridge


@pytest.mark.parametrize("version", VERSIONS)
class TestEveryVersion:
    def test_the_course_is_described(self, tmp_path: Path, version: str) -> None:
        draft = draft_of(full(version).save(tmp_path))
        assert (draft.title, draft.identifier) == ("Rivers", "rivers-101")
        assert (draft.version, draft.language) == (version, "en-GB")
        assert draft.description.split() == ["About", "rivers"]
        assert draft.faults == []

    def test_modules_and_items_come_in_order(self, tmp_path: Path, version: str) -> None:
        draft = draft_of(full(version).save(tmp_path))
        assert [module.title for module in draft.modules] == ["Water", "Work"]
        kinds = [[one.kept_kind or one.kind for one in module.items] for module in draft.modules]
        assert kinds == [["reading", "file", "link"], ["discussion", "quiz", "lti", "assignment"]]

    def test_contents_arrive(self, tmp_path: Path, version: str) -> None:
        draft = draft_of(full(version).save(tmp_path))
        assert the_item(draft, "Sources").html == "<p>Water</p>"
        assert the_item(draft, "map.pdf").path == "map.pdf"
        assert the_item(draft, "Atlas").url == "https://example.org/"
        assert (the_item(draft, "Hello").kind, the_item(draft, "Hello").html) == ("discussion", "Say hello")
        assert 'identifier="r-Check"' in the_item(draft, "Check").raw["resource"]

    def test_everything_is_accounted_for(self, tmp_path: Path, version: str) -> None:
        path = full(version).save(tmp_path)
        assert_accounted(draft_of(path), path)


class TestThin:
    def test_links_and_tools_may_stand_in_the_manifest_itself(self, tmp_path: Path) -> None:
        cartridge = Cartridge(version="1.3", schema="IMS Thin Common Cartridge")
        link = '<webLink><title>Atlas</title><url href="http://example.org/a"/></webLink>'
        tool = "<cartridge_basiclti_link><title>Tool</title></cartridge_basiclti_link>"
        cartridge.items = [item("i1", "Atlas", "r1"), item("i2", "Tool", "r2")]
        cartridge.resources = [
            resource("r1", "imswl_xmlv1p3", inside=link),
            resource("r2", "imsbasiclti_xmlv1p0", inside=tool),
        ]
        draft = draft_of(cartridge.save(tmp_path))
        assert draft.version == "1.3 thin"
        assert the_item(draft, "Atlas").url == "http://example.org/a"
        assert "cartridge_basiclti_link" in the_item(draft, "Tool").raw["resource"]

    def test_an_assessment_in_the_manifest_is_kept_whole(self, tmp_path: Path) -> None:
        cartridge = Cartridge(version="1.3")
        quiz = '<questestinterop><assessment ident="a" title="Pretest"/></questestinterop>'
        cartridge.items = [item("i1", None, "r1")]
        cartridge.resources = [resource("r1", "imsqti_xmlv1p2/imscc_xmlv1p3/assessment", inside=quiz)]
        kept = the_item(draft_of(cartridge.save(tmp_path)), "Pretest")
        assert kept.kept_kind == "quiz"
        assert 'ident="a"' in kept.raw["resource"]


class TestPacking:
    def test_zip_and_imscc_are_the_same(self, tmp_path: Path) -> None:
        as_zip = full("1.1").save(tmp_path, "course.zip")
        assert draft_of(as_zip) == draft_of(full("1.1").save(tmp_path))

    def test_a_single_folder_at_the_top(self, tmp_path: Path) -> None:
        files = full("1.2").all_files()
        path = write_zip(tmp_path / "c.zip", {f"My course/{k}": v for k, v in files.items()})
        draft = draft_of(path)
        assert the_item(draft, "map.pdf").path == "My course/map.pdf"
        assert_accounted(draft, path)

    def test_what_an_operating_system_left_is_listed_once(self, tmp_path: Path) -> None:
        files = full("1.1").all_files() | {
            "__MACOSX/._map.pdf": b"x",
            ".DS_Store": b"x",
            "pages/.DS_Store": b"x",
            "Thumbs.db": b"x",
        }
        path = write_zip(tmp_path / "c.zip", files)
        draft = draft_of(path)
        junk = [line for line in draft.lines if line.identifier == "package:junk"]
        assert len(junk) == 1
        assert (junk[0].outcome, len(junk[0].covers)) == ("left out", 4)
        assert_accounted(draft, path)

    def test_bytes_are_streamed_from_the_archive(self, tmp_path: Path) -> None:
        content = bytes(range(256)) * 5000
        path = Cartridge().file("film.mp4", content).save(tmp_path)
        with read_package(path) as package:
            item_path = package.draft.modules[0].items[0].path
            assert package.size(item_path) == len(content)
            with package.open(item_path) as stream:
                assert stream.read(10) == content[:10]
                assert stream.read() == content[10:]

    def test_an_open_file_will_do(self, tmp_path: Path) -> None:
        with full("1.1").save(tmp_path).open("rb") as stream:
            assert draft_of(stream).title == "Rivers"
            stream.seek(0)  # it was not closed: its owner does that

    def test_progress_runs_to_the_end(self, tmp_path: Path) -> None:
        seen: list[tuple[int, int]] = []
        read_package(full("1.1").save(tmp_path), lambda *step: seen.append(step)).close()
        assert seen[-1][0] == seen[-1][1] == len(seen)

    def test_reading_twice_gives_the_same(self, tmp_path: Path) -> None:
        path = full("1.3").save(tmp_path)
        assert draft_of(path) == draft_of(path)


class TestLanguage:
    @pytest.mark.parametrize(
        ("written", "tag"),
        [
            ("en_US", "en-US"),
            ("PT-br", "pt-BR"),
            ("de", "de"),
            ("zh-hant-TW", "zh-Hant-TW"),
            ("", ""),
            ("x-none", ""),
            ("german", ""),
        ],
    )
    def test_is_written_in_many_ways(self, tmp_path: Path, written: str, tag: str) -> None:
        draft = draft_of(Cartridge(language=written).page("a").save(tmp_path))
        assert draft.language == tag


class TestKeptThings:
    def test_what_a_quiz_depends_on_is_kept_with_it(self, tmp_path: Path) -> None:
        cartridge = Cartridge().quiz("Check")
        cartridge.resources[0] = cartridge.resources[0].replace(
            "<file", '<dependency identifierref="pictures"/><file', 1
        )
        cartridge.resources.append(resource("pictures", "webcontent", "q/a.png"))
        cartridge.files["q/a.png"] = b"\x89PNG\0"
        draft = draft_of(cartridge.save(tmp_path))
        raw = the_item(draft, "Check").raw
        assert raw["files"]["q/a.png"] == {"base64": "iVBORwA="}
        assert "pictures" in raw["related"]
        assert the_line(draft, "a.png").outcome == "kept"
        assert "Check" in in_words(the_line(draft, "a.png").reason)

    def test_what_a_quiz_depends_on_and_the_package_lacks_is_not_called_kept(self, tmp_path: Path) -> None:
        cartridge = Cartridge().quiz("Check")
        cartridge.resources[0] = cartridge.resources[0].replace(
            "<file", '<dependency identifierref="pictures"/><file', 1
        )
        cartridge.resources.append(resource("pictures", "webcontent", "q/a.png"))
        line = the_line(draft_of(cartridge.save(tmp_path)), "a.png")
        assert (line.outcome, in_words(line.reason)) == ("left out", "The file “q/a.png” is not in the package.")

    @pytest.mark.parametrize(
        "shown",
        [
            "$IMS-CC-FILEBASE$/a%20b.png",
            "%24IMS_CC_FILEBASE%24/a%20b.png?canvas_download=1",
            "$1EdTech-CC-FILEBASE$a%20b.png",
        ],
    )
    def test_what_a_discussion_shows_is_kept_with_it_where_there_are_none(self, tmp_path: Path, shown: str) -> None:
        cartridge = Cartridge().topic("Hello")
        text = f'&lt;p&gt;&lt;img src="{shown}" alt=""&gt;&lt;/p&gt;'
        cartridge.files["Hello.xml"] = f"<topic><title>Hello</title><text>{text}</text></topic>"
        cartridge.resources.append(resource("picture", "webcontent", "web_resources/a b.png"))
        cartridge.resources.append(resource("other", "webcontent", "web_resources/other.png"))
        cartridge.files |= {"web_resources/a b.png": b"\x89PNG", "web_resources/other.png": b"\x89PNG"}
        draft = draft_of(cartridge.save(tmp_path), makes=set())
        assert the_item(draft, "Hello").raw["files"]["web_resources/a b.png"] == {"file": "web_resources/a b.png"}
        assert "web_resources/a b.png" in draft.files
        assert "web_resources/other.png" not in draft.files
        line = the_line(draft, "a b.png")
        assert (line.outcome, in_words(line.reason)) == ("kept", "Kept with “Hello”.")
        assert the_line(draft, "other.png").outcome == "left out"

    def test_a_large_file_stays_a_file(self, tmp_path: Path) -> None:
        cartridge = Cartridge().quiz("Check")
        cartridge.resources[0] = cartridge.resources[0].replace("<file", '<file href="v.mp4"/><file', 1)
        cartridge.files["v.mp4"] = bytes(range(256)) * 2000
        draft = draft_of(cartridge.save(tmp_path))
        assert the_item(draft, "Check").raw["files"]["v.mp4"] == {"file": "v.mp4"}
        assert "v.mp4" in draft.files

    def test_a_question_bank_outside_the_modules(self, tmp_path: Path) -> None:
        draft = draft_of(Cartridge().page("a").quiz("Bank", "question-bank", False).save(tmp_path))
        assert [(one.title, one.kept_kind) for one in draft.loose] == [("Bank", "question-bank")]

    def test_what_is_kept_is_said_to_be_unseen_wherever_it_stands(self, tmp_path: Path) -> None:
        cartridge = Cartridge().page("a").quiz("Inside").quiz("Bank", "question-bank", False)
        lines = [the_line(draft_of(cartridge.save(tmp_path)), title) for title in ("Inside", "Bank")]
        words = "This site cannot use this kind of item yet, so students do not see it."
        assert [in_words(line.reason) for line in lines] == [words, words]

    def test_an_assignment_and_the_page_that_stands_in_for_it(self, tmp_path: Path) -> None:
        cartridge = Cartridge(version="1.3").assignment("Essay")
        variant = '<variant identifier="v" identifierref="r-Essay"/>'
        cartridge.resources.append(resource("r-Essay_fallback", "webcontent", "essay.html", inside=variant))
        cartridge.files["essay.html"] = "<p>Write</p>"
        path = cartridge.save(tmp_path)
        draft = draft_of(path)
        assert (draft.loose, the_item(draft, "Essay").kind) == ([], "assignment")
        line = the_line(draft, "essay.html")
        assert (line.outcome, in_words(line.reason)) == (
            "imported",
            "The same content is in the course in another form, so nothing is missing.",
        )
        assert_accounted(draft, path)
        kept = draft_of(path, makes=set())
        assert "<p>Write</p>" in the_item(kept, "Essay").raw["files"]["essay.html"]
        assert in_words(the_line(kept, "essay.html").reason) == "Kept with “Essay”."

    def test_a_type_that_nobody_knows(self, tmp_path: Path) -> None:
        cartridge = Cartridge()
        cartridge.items = [item("i", "Whiteboard", "r")]
        cartridge.resources = [resource("r", "imsiwb_iwbv1p0", "w.iwb")]
        cartridge.files["w.iwb"] = b"\x00\x01"
        kept = the_item(draft_of(cartridge.save(tmp_path)), "Whiteboard")
        assert (kept.kept_kind, kept.raw["files"]) == ("unknown", {"w.iwb": {"base64": "AAE="}})
