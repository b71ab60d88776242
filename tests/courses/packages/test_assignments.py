"""Assignments of packages are read with what they take in, how they are judged, and their rubrics."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.packages import ItemDraft, limits
from courses.services.package_words import in_words
from tests.courses.packages.reading import assert_accounted, draft_of, messages, the_item, the_line
from tests.factories.cartridges import CanvasCourse, Cartridge, item, resource

BEES = {"What you saw": {"Closely": "3", "In part": "1.5"}, "Why": {"With a reason": "2", "Without": "0"}}


def extension(inside: str, **settings: str) -> str:
    own = "".join(f"<{key}>{value}</{key}>" for key, value in settings.items())
    return (
        '<assignment xmlns="http://www.imsglobal.org/xsd/imscc_extensions/assignment"><title>Essay</title>'
        f'{inside}<extensions><assignment xmlns="http://canvas.instructure.com/xsd/cccv1p0">{own}</assignment>'
        "</extensions></assignment>"
    )


def of_extension(tmp_path: Path, inside: str, **settings: str) -> ItemDraft:
    cartridge = Cartridge(version="1.3").assignment("Essay")
    cartridge.files["Essay.xml"] = extension(inside, **settings)
    return the_item(draft_of(cartridge.save(tmp_path)), "Essay")


def canvas(body: str = "<p>Write</p>", **settings: str) -> CanvasCourse:
    made = CanvasCourse()
    made.assignment("Essay", body, **settings)
    made.entry("e", "Assignment", "Essay", "a-Essay")
    made.module("m", "Bees")
    return made


def said(tmp_path: Path, made: CanvasCourse) -> str:
    return " ".join(in_words(one) for one in the_line(draft_of(made.save(tmp_path)), "Essay").also)


@pytest.mark.parametrize(("body", "is_said"), [("<p>Write</p>", False), ("<p>&nbsp;</p>", True), ("", True)])
def test_assignment_without_a_text_asks_its_teacher_for_one(tmp_path: Path, body: str, is_said: bool) -> None:
    words = "It has no text. Write what students are asked to do."
    assert (words in said(tmp_path, canvas(body, submission_types="online_upload"))) is is_said


class TestExtension:
    def test_what_is_asked_and_what_is_sent(self, tmp_path: Path) -> None:
        found = of_extension(
            tmp_path,
            '<text texttype="text/html">&lt;p&gt;Watch a bee.&lt;/p&gt;</text><gradable points_possible="12.5">true'
            '</gradable><submission_formats><format type="html"/><format type="file"/></submission_formats>',
        )
        assert (found.kind, found.html) == ("assignment", "<p>Watch a bee.</p>")
        assert (found.takes, found.scale, found.most_points) == (["text", "files"], "points", "12.5")
        assert not found.raw

    @pytest.mark.parametrize(
        ("inside", "scale"),
        [
            ("<gradable>false</gradable>", "none"),
            ("<gradable>true</gradable>", "enough"),
            ('<gradable points_possible="0">true</gradable>', "enough"),
            ('<gradable points_possible="-3">true</gradable>', "enough"),
            ('<gradable points_possible="NaN">true</gradable>', "enough"),
            ('<gradable points_possible="1e999999">true</gradable>', "enough"),
            ('<gradable points_possible="99999">true</gradable>', "enough"),
            ("", "enough"),
        ],
    )
    def test_how_it_is_judged(self, tmp_path: Path, inside: str, scale: str) -> None:
        assert of_extension(tmp_path, inside).scale == scale

    def test_what_canvas_says_inside_counts_before_it(self, tmp_path: Path) -> None:
        gradable = '<gradable points_possible="10">true</gradable>'
        found = of_extension(
            tmp_path, gradable, grading_type="pass_fail", workflow_state="unpublished", submission_types="online_url"
        )
        assert (found.scale, found.most_points, found.published, found.takes) == ("enough", "", False, ["links"])

    def test_attachments_are_links_and_what_is_for_teachers_stays_behind(self, tmp_path: Path) -> None:
        cartridge = Cartridge(version="1.3").assignment("Essay").file("web_resources/map.pdf", listed=False)
        cartridge.files["Essay.xml"] = extension(
            "<instructor_text>The key: 42</instructor_text><attachments>"
            '<attachment href="$IMS-CC-FILEBASE$/map.pdf" role="All"/><attachment href="key.pdf" role="Instructor"/>'
            "</attachments>"
        )
        path = cartridge.save(tmp_path)
        draft = draft_of(path)
        html = the_item(draft, "Essay").html
        assert 'href="package-file:web_resources/map.pdf"' in html
        assert "key" not in html
        assert "notes for teachers" in " ".join(in_words(one) for one in the_line(draft, "Essay").also)
        assert_accounted(draft, path)

    def test_inside_the_manifest(self, tmp_path: Path) -> None:
        cartridge = Cartridge(version="1.3")
        inside = '<assignment><title>T</title><text texttype="text/plain">Watch &lt; a bee</text></assignment>'
        cartridge.items.append(item("i", "Essay", "r"))
        cartridge.resources.append(resource("r", "assignment_xmlv1p0", inside=inside))
        path = cartridge.save(tmp_path)
        draft = draft_of(path)
        assert the_item(draft, "Essay").html == "<p>Watch &lt; a bee</p>"
        assert_accounted(draft, path)

    @pytest.mark.parametrize("damaged", [b"", b"\x00\x01", b"<html></html>", b"<topic/>"])
    def test_damaged_it_is_left_out_with_its_reason(self, tmp_path: Path, damaged: bytes) -> None:
        cartridge = Cartridge(version="1.3").assignment("Essay")
        cartridge.files["Essay.xml"] = damaged
        path = cartridge.save(tmp_path)
        draft = draft_of(path)
        assert_accounted(draft, path)
        assert (the_line(draft, "Essay").kind, the_line(draft, "Essay").outcome) == ("assignment", "left out")


class TestCanvas:
    @pytest.mark.parametrize(
        ("types", "takes"),
        [
            ("online_text_entry", ["text"]),
            ("online_upload,online_url", ["files", "links"]),
            ("media_recording", ["files"]),
            ("on_paper", ["text", "files"]),
            ("none", ["text", "files"]),
            ("", ["text", "files"]),
        ],
    )
    def test_what_is_sent(self, tmp_path: Path, types: str, takes: list[str]) -> None:
        assert the_item(draft_of(canvas(submission_types=types).save(tmp_path)), "Essay").takes == takes

    @pytest.mark.parametrize(
        ("grading", "scale"),
        [("points", "points"), ("percent", "points"), ("letter_grade", "points"), ("pass_fail", "enough")],
    )
    def test_how_it_is_judged(self, tmp_path: Path, grading: str, scale: str) -> None:
        found = the_item(draft_of(canvas(grading_type=grading, points_possible="15.0").save(tmp_path)), "Essay")
        assert (found.scale, found.most_points) == (scale, "15" if scale == "points" else "")

    def test_not_graded(self, tmp_path: Path) -> None:
        made = canvas(grading_type="not_graded", points_possible="5", submission_types="online_text_entry")
        assert the_item(draft_of(made.save(tmp_path)), "Essay").scale == "none"

    @pytest.mark.parametrize(
        ("settings", "words"),
        [
            ({"due_at": "2026-03-01T10:00:00"}, "dates were not imported"),
            ({"lock_at": "2026-03-01T10:00:00"}, "dates were not imported"),
            ({"peer_reviews": "true"}, "Reviews by other students"),
            ({"group_category": "Teams"}, "for groups"),
            ({"allowed_extensions": "doc,ppt"}, "any type can be handed in"),
            ({"grading_type": "letter_grade", "points_possible": "4"}, "marked in points"),
            ({"submission_types": "on_paper"}, "nothing is handed in online"),
            ({"rubric_identifierref": "gone"}, "rubric is not in the package"),
        ],
    )
    def test_the_report_says_what_did_not_come(self, tmp_path: Path, settings: dict[str, str], words: str) -> None:
        assert words in said(tmp_path, canvas(**settings))

    def test_what_came_whole_needs_no_words(self, tmp_path: Path) -> None:
        made = canvas(submission_types="online_upload", grading_type="pass_fail", due_at="", peer_reviews="false")
        assert said(tmp_path, made) == ""

    @pytest.mark.parametrize(("types", "kept"), [("external_tool", "lti"), ("online_quiz", "quiz")])
    def test_what_something_else_takes_in_is_kept(self, tmp_path: Path, types: str, kept: str) -> None:
        path = canvas(submission_types=types).save(tmp_path)
        draft = draft_of(path)
        found = the_item(draft, "Essay")
        assert (found.kind, found.kept_kind) == ("kept", kept)
        assert_accounted(draft, path)

    def test_links_lead_to_it(self, tmp_path: Path) -> None:
        made = canvas()
        made.wiki("sea", '<a href="$CANVAS_OBJECT_REFERENCE$/assignments/a-Essay">Essay</a>')
        draft = draft_of(made.save(tmp_path))
        assert f'href="package-item:{the_item(draft, "Essay").identifier}"' in the_item(draft, "sea").html
        assert "a-Essay" not in messages(draft)


class TestRubrics:
    def test_criteria_levels_and_points(self, tmp_path: Path) -> None:
        made = canvas(rubric_identifierref="r1")
        made.rubric("r1", BEES)
        path = made.save(tmp_path)
        draft = draft_of(path)
        first, second = the_item(draft, "Essay").rubric
        assert (first["key"], first["title"], first["sentence"]) == ("c_0", "What you saw", "About What you saw")
        levels = [(one["key"], one["title"], one["points"]) for one in first["levels"]]
        assert levels == [("r_0", "Closely", "3"), ("r_1", "In part", "1.5")]
        assert [one["points"] for one in second["levels"]] == ["2", "0"]
        assert "with 2 criteria" in " ".join(in_words(one) for one in the_line(draft, "Essay").also)
        assert_accounted(draft, path)

    def test_points_that_students_do_not_see_stay_away(self, tmp_path: Path) -> None:
        made = canvas(rubric_identifierref="r1", rubric_hide_points="true")
        made.rubric("r1", BEES)
        found = the_item(draft_of(made.save(tmp_path)), "Essay")
        assert {level["points"] for one in found.rubric for level in one["levels"]} == {None}

    def test_a_criterion_that_does_not_count_has_none(self, tmp_path: Path) -> None:
        made = canvas(rubric_identifierref="r1")
        made.rubric("r1", {"Why": {"Well": "2"}}, "<ignore_for_scoring>true</ignore_for_scoring>")
        assert the_item(draft_of(made.save(tmp_path)), "Essay").rubric[0]["levels"][0]["points"] is None

    def test_of_one_that_is_too_long_the_report_says_so(self, tmp_path: Path) -> None:
        made = canvas(rubric_identifierref="r1")
        made.rubric("r1", {f"Criterion {n}": {f"Level {m}": str(m) for m in range(12)} for n in range(30)})
        draft = draft_of(made.save(tmp_path))
        rubric = the_item(draft, "Essay").rubric
        assert (len(rubric), {len(one["levels"]) for one in rubric}) == (limits.MAX_CRITERIA, {limits.MAX_LEVELS})
        assert "too long" in " ".join(in_words(one) for one in the_line(draft, "Essay").also)

    def test_keys_are_used_once_and_come_again_the_same(self, tmp_path: Path) -> None:
        made = canvas(rubric_identifierref="r1")
        criterion = (
            "<criterion><criterion_id>{}</criterion_id><description>{}</description>"
            "<ratings><rating><id>a</id></rating><rating><id>a</id><description>{}</description></rating></ratings>"
            "</criterion>"
        )
        inner = "".join(criterion.format(key, "x" * 500, "y" * 500) for key in ("same", "same", "a b", ""))
        made.rubrics.append(f'<rubric identifier="r1"><criteria>{inner}</criteria></rubric>')
        path = made.save(tmp_path)
        rubric = the_item(draft_of(path), "Essay").rubric
        assert [one["key"] for one in rubric] == ["same", "c2", "c3", "c4"]
        assert [[one["key"] for one in each["levels"]] for each in rubric] == [["a", "l2"]] * 4
        assert all(len(one["title"]) <= limits.MAX_CRITERION_TITLE for one in rubric)
        assert rubric[0]["levels"][0]["title"] == "–"
        assert the_item(draft_of(path), "Essay").rubric == rubric

    def test_damaged_it_keeps_no_assignment_from_coming(self, tmp_path: Path) -> None:
        made = canvas(rubric_identifierref="r1")
        made.rubrics.append("<rubric")
        draft = draft_of(made.save(tmp_path))
        assert the_item(draft, "Essay").rubric == []
        assert "rubrics.xml" in messages(draft)
