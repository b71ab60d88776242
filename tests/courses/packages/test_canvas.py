"""Canvas's own export, where the list of modules knows more than the manifest."""

from __future__ import annotations

from pathlib import Path

from courses.services.package_words import in_words
from tests.courses.packages.reading import (
    assert_accounted,
    draft_of,
    messages,
    the_item,
    the_line,
)
from tests.factories.cartridges import CanvasCourse, item, resource


def course() -> CanvasCourse:
    canvas = CanvasCourse()
    canvas.wiki("sources")
    canvas.entry("e1", "WikiPage", "Where rivers begin", "p-sources")
    return canvas


class TestCourse:
    def test_settings_describe_it(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.settings += "<public_description>&lt;p&gt;All about water&lt;/p&gt;</public_description>"
        draft = draft_of(canvas.save(tmp_path))
        assert (draft.title, draft.language, draft.producer) == ("Rivers", "en-GB", "Canvas")
        assert draft.description == "All about water"

    def test_settings_are_kept_whole(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.module("m1", "One")
        path = canvas.save(tmp_path)
        kept = the_item(draft_of(path), "Course settings")
        assert kept.kept_kind == "unknown"
        assert "<modules>" in kept.raw["files"]["course_settings/module_meta.xml"]

    def test_the_syllabus_is_a_loose_page(self, tmp_path: Path) -> None:
        canvas = course()
        page = "course_settings/syllabus.html"
        canvas.cartridge.resources.append(
            resource("s", "associatedcontent/x/learning-application-resource", page, href=page)
        )
        canvas.cartridge.files[page] = "<html><body><p>Weekly</p></body></html>"
        draft = draft_of(canvas.save(tmp_path))
        assert the_item(draft, "Syllabus").html == "<p>Weekly</p>"
        assert the_item(draft, "Syllabus") in draft.loose

    def test_an_empty_syllabus_is_left_out(self, tmp_path: Path) -> None:
        canvas = course()
        page = "course_settings/syllabus.html"
        canvas.cartridge.resources.append(resource("s", "webcontent", page, href=page))
        canvas.cartridge.files[page] = "<html><body>\n</body></html>"
        line = the_line(draft_of(canvas.save(tmp_path)), "Syllabus")
        assert (line.outcome, in_words(line.reason)) == ("left out", "The page is empty.")


class TestModules:
    def test_what_is_unpublished_comes_unpublished(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.entry("e2", "WikiPage", "Draft", "p-draft", workflow_state="unpublished")
        canvas.wiki("draft", state="unpublished")
        canvas.module("m1", "One")
        canvas.entry("e3", "ExternalUrl", "Atlas", url="https://example.org/")
        canvas.module("m2", "Two", state="unpublished")
        draft = draft_of(canvas.save(tmp_path))
        assert [module.published for module in draft.modules] == [True, False]
        assert [one.published for one in draft.modules[0].items] == [True, False]

    def test_position_orders_modules_and_items(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.items = []
        canvas.entry("e2", "ExternalUrl", "B", url="https://example.org/b", position="2")
        canvas.entry("e1", "ExternalUrl", "A", url="https://example.org/a", position="1")
        canvas.module("m1", "One")
        canvas.modules[0] = canvas.modules[0].replace("<position>1<", "<position>9<", 1)
        canvas.module("m2", "Two")
        draft = draft_of(canvas.save(tmp_path))
        assert [module.title for module in draft.modules] == ["Two", "One"]
        assert [one.title for one in draft.modules[1].items] == ["A", "B"]

    def test_text_headers_name_what_follows(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.entry("h1", "ContextModuleSubHeader", "Read")
        canvas.entry("e2", "ExternalUrl", "A", url="https://example.org/a", indent="1")
        canvas.entry("h2", "ContextModuleSubHeader", "More", indent="1")
        canvas.entry("e3", "ExternalUrl", "B", url="https://example.org/b", indent="2")
        canvas.entry("h3", "ContextModuleSubHeader", "Do")
        canvas.entry("e4", "ExternalUrl", "C", url="https://example.org/c")
        canvas.module("m1", "One")
        draft = draft_of(canvas.save(tmp_path))
        headings = {one.title: one.heading for one in draft.modules[0].items}
        assert headings == {
            "Where rivers begin": "",
            "A": "Read",
            "B": "Read / More",
            "C": "Do",
        }
        assert the_line(draft, "More").kind == "heading"

    def test_requirements_make_the_others_optional(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.entry("e2", "ExternalUrl", "A", url="https://example.org/a")
        canvas.module(
            "m1",
            "One",
            more="<completionRequirements><completionRequirement type='must_view'>"
            "<identifierref>e2</identifierref></completionRequirement></completionRequirements>",
        )
        draft = draft_of(canvas.save(tmp_path))
        assert {one.title: one.required for one in draft.modules[0].items} == {
            "Where rivers begin": False,
            "A": True,
        }

    def test_a_tool_that_only_the_module_list_knows_is_kept(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.entry("t", "ContextExternalTool", "Lab", "absent", url="https://lab.example/lti")
        canvas.module("m1", "One")
        kept = the_item(draft_of(canvas.save(tmp_path)), "Lab")
        assert kept.kept_kind == "lti"
        assert "https://lab.example/lti" in kept.raw["resource"]

    def test_an_item_whose_thing_is_absent_is_left_out(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.entry("x", "Assignment", "Essay", "absent")
        canvas.module("m1", "One")
        line = the_line(draft_of(canvas.save(tmp_path)), "Essay")
        assert line.outcome == "left out"
        assert "“absent”" in in_words(line.reason)

    def test_a_quiz_is_one_thing_with_its_settings(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.quiz("check")
        canvas.entry("q", "Quizzes::Quiz", "Check", "q-check")
        canvas.module("m1", "One")
        draft = draft_of(canvas.save(tmp_path))
        kept = the_item(draft, "Check")
        assert set(kept.raw["files"]) == {
            "check/assessment_qti.xml",
            "check/assessment_meta.xml",
            "non_cc_assessments/check.xml.qti",
        }
        assert [one.title for one in draft.loose] == ["Course settings"]

    def test_an_assignment_folder_is_an_assignment(self, tmp_path: Path) -> None:
        canvas = course()
        kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
        files = ("a1/essay.html", "a1/assignment_settings.xml")
        canvas.cartridge.resources.append(resource("a1", kind, *files, href=files[0]))
        canvas.cartridge.files[files[0]] = "<p>Write</p>"
        canvas.cartridge.files[files[1]] = (
            "<assignment><title>Essay</title><workflow_state>unpublished</workflow_state></assignment>"
        )
        draft = draft_of(canvas.save(tmp_path))
        made = next(one for one in draft.loose if one.kind == "assignment")
        assert (made.title, made.html, made.published) == ("Essay", "<p>Write</p>", False)


class TestManifestBeside:
    def test_items_of_both_lists_are_one(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.module("m1", "One")
        inside = item("e1", "Where rivers begin", "p-sources")
        canvas.cartridge.items = [item("m1", "One", inside=inside)]
        path = canvas.save(tmp_path)
        draft = draft_of(path)
        assert len(draft.modules) == 1
        assert len(draft.modules[0].items) == 1
        assert_accounted(draft, path)

    def test_an_item_that_canvas_does_not_list_is_added(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.wiki("extra")
        canvas.module("m1", "One")
        canvas.cartridge.items = [item("m1", "One", inside=item("e9", "Extra", "p-extra"))]
        path = canvas.save(tmp_path)
        draft = draft_of(path)
        assert [one.title for one in draft.modules[0].items] == ["Where rivers begin", "Extra"]
        assert "e9" in messages(draft)
        assert_accounted(draft, path)

    def test_a_broken_module_list_leaves_the_manifest_to_go_by(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.cartridge.items = [item("m1", "One", inside=item("e1", "A", "p-sources"))]
        path = canvas.save(tmp_path)
        canvas.cartridge.files["course_settings/module_meta.xml"] = "not XML at all"
        path = canvas.cartridge.save(tmp_path)
        draft = draft_of(path)
        assert [module.title for module in draft.modules] == ["One"]
        assert "module_meta.xml" in messages(draft)


class TestPagesAndFiles:
    def test_pages_in_no_module_are_loose(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.wiki("forgotten")
        canvas.wiki("secret", state="unpublished")
        canvas.module("m1", "One")
        draft = draft_of(canvas.save(tmp_path))
        loose = {one.title: one.published for one in draft.loose if one.kind == "reading"}
        assert loose == {"forgotten": True, "secret": False}

    def test_files_have_names_and_may_be_hidden(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.upload("a.pdf", display_name="The river (2).pdf", hidden="true")
        canvas.entry("e2", "Attachment", "", "f-a.pdf")
        canvas.module("m1", "One")
        one = the_item(draft_of(canvas.save(tmp_path)), "The river (2).pdf")
        assert (one.kind, one.path, one.published) == ("file", "web_resources/a.pdf", False)

    def test_files_that_nothing_uses_are_left_out(self, tmp_path: Path) -> None:
        canvas = course()
        canvas.upload("a.pdf")
        canvas.module("m1", "One")
        line = the_line(draft_of(canvas.save(tmp_path)), "a.pdf")
        assert (line.outcome, in_words(line.reason)) == (
            "left out",
            "Not used by any page or module. If students need it, add it to the course.",
        )
