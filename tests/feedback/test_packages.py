"""Assignments of packages as assignments of a course: imported, imported again, and made of what was kept earlier."""

import logging
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from courses.kinds import KINDS
from courses.models import Activity, Course, CourseImport, DueDate, KeptItem
from courses.services import import_runs, kept
from courses.tasks import renew_readings
from feedback import criteria
from feedback.models import Assignment, Rubric
from feedback.services import assignments
from tests.factories import courses as make
from tests.factories import feedback as work
from tests.factories.cartridges import CanvasCourse, Cartridge
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
BEES = {"What you saw": {"Closely": "3", "In part": "1"}, "Why": {"With a reason": "2", "Without": "0"}}


def bring(path: Path) -> Course:
    row = CourseImport.objects.create(file_name=path.name, state="running")
    done = import_runs.execute(row, path, into=None, by=None)
    assert done.state == "done", done.sentence
    assert done.course
    return done.course


def bees(body: str = "<p>Watch a bee.</p>", rubric: dict[str, dict[str, str]] | None = None) -> CanvasCourse:
    """Two assignments that lead to each other, and a page between them."""
    canvas = CanvasCourse()
    link = '<a href="$CANVAS_OBJECT_REFERENCE$/assignments/a-{}">{}</a>'
    settings = {"grading_type": "points", "points_possible": "5", "rubric_identifierref": "r1"}
    canvas.assignment("Watch", body + link.format("Read", "Read"), submission_types="online_upload", **settings)
    canvas.entry("e1", "Assignment", "Watch", "a-Watch")
    canvas.wiki("hive", link.format("Watch", "Watch"))
    canvas.entry("e2", "WikiPage", "hive", "p-hive")
    canvas.assignment("Read", "<p>Read on.</p>", grading_type="not_graded", due_at="2026-03-01T10:00:00")
    canvas.entry("e3", "Assignment", "Read", "a-Read")
    canvas.rubric("r1", rubric or BEES)
    canvas.module("m", "Bees")
    return canvas


def steps() -> dict[str, Activity]:
    return {activity.title: activity for activity in Activity.objects.all()}


def order(course: Course) -> list[tuple[str, str]]:
    found = Activity.objects.filter(module__course=course).order_by("module__position", "position")
    return list(found.values_list("title", "kind"))


ORDER = [("Watch", "assignment"), ("hive", "reading"), ("Read", "assignment")]


def assert_alive() -> None:
    found = steps()
    watch, read = (f'href="/lessons/{found[name].pk}/"' for name in ("Watch", "Read"))
    assert watch in found["hive"].reading.html
    assert read in found["Watch"].assignment.html
    rubric = Rubric.objects.get(assignment=found["Watch"].assignment).criteria
    assert [one.title for one in rubric.criteria] == list(BEES)
    assert rubric.most_points == Decimal(5)


@pytest.fixture
def without_assignments(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Course]:
    """Imports as a site did that had no assignments yet."""

    def brought(path: Path) -> Course:
        with monkeypatch.context() as patch:
            patch.delitem(KINDS, "assignment")
            return bring(path)

    return brought


class TestImport:
    def test_it_takes_in_and_judges_what_the_package_says(self, tmp_path: Path) -> None:
        course = bring(bees().save(tmp_path))
        assert order(course) == ORDER
        watch, read = steps()["Watch"], steps()["Read"]
        asked = watch.assignment
        assert (asked.takes_text, asked.takes_files, asked.takes_links) == (False, True, False)
        assert (asked.scale, asked.most_points, watch.rule) == ("points", Decimal(5), "enough")
        assert (read.assignment.scale, read.rule) == ("none", "handed in")
        assert not KeptItem.objects.filter(kind="assignment").exists()
        assert_alive()

    def test_the_report_tells_of_the_rubric_and_dates_come_from_nobody(self, tmp_path: Path) -> None:
        bring(bees().save(tmp_path))
        lines = {line.title: line for line in CourseImport.objects.get().report_lines.all()}
        assert (lines["Watch"].kind, lines["Watch"].outcome) == ("assignment", "imported")
        assert "rubric came along, with 2 criteria" in lines["Watch"].reason
        assert "dates were not imported" in lines["Read"].reason
        assert not DueDate.objects.exists()

    def test_a_student_reads_it_with_its_words_found(self, tmp_path: Path, client: Client) -> None:
        course = bring(bees("<p>Meadows are loud.</p>").save(tmp_path))
        client.force_login(make.EnrolmentFactory(cohort__course=course).user)
        assert "Meadows are loud." in client.get(f"/lessons/{steps()['Watch'].pk}/").content.decode()
        found = client.get(f"/courses/{course.pk}/search/", {"q": "meadows"}).content.decode()
        assert f"/lessons/{steps()['Watch'].pk}/" in found

    def test_twice_alike_changes_nothing(self, tmp_path: Path) -> None:
        def seen() -> list[object]:
            rows = [(one.pk, one.revision, one.position) for one in steps().values()]
            return [rows, list(Rubric.objects.values()), list(Assignment.objects.values())]

        bring(bees().save(tmp_path))
        before = seen()
        bring(bees().save(tmp_path))
        assert seen() == before

    def test_again_brings_new_words_and_keeps_what_was_chosen_here(self, tmp_path: Path) -> None:
        bring(bees().save(tmp_path))
        Assignment.objects.update(scale="enough", takes_text=True, nameless=True)
        bring(bees("<p>Watch two.</p>").save(tmp_path))
        asked = steps()["Watch"].assignment
        assert "Watch two." in asked.html
        assert (asked.scale, asked.takes_text, asked.nameless) == ("enough", True, True)
        assert steps()["Watch"].revision == 2

    def test_a_rubric_by_which_somebody_was_marked_is_never_changed(self, tmp_path: Path) -> None:
        course = bring(bees().save(tmp_path))
        student = make.EnrolmentFactory(cohort__course=course)
        Assignment.objects.update(takes_text=True)
        sent = work.hand_in(student, steps()["Watch"])
        bring(bees(rubric={"Why": {"With a reason": "2"}}).save(tmp_path))
        first, second = Rubric.objects.filter(assignment=steps()["Watch"].assignment).order_by("version")
        sent.refresh_from_db()
        assert sent.rubric == first
        assert [len(one.criteria.criteria) for one in (first, second)] == [2, 1]

    def test_a_rubric_that_somebody_wrote_here_stays(self, tmp_path: Path) -> None:
        bring(bees().save(tmp_path))
        own = criteria.Criteria((criteria.Criterion("own", "Ours"),))
        assignments.write_rubric(steps()["Watch"].assignment, own, by=UserFactory())
        bring(bees(rubric={"Why": {"With a reason": "2"}}).save(tmp_path))
        assert Rubric.objects.get(assignment=steps()["Watch"].assignment).criteria == own

    def test_scripts_are_gone(self, tmp_path: Path) -> None:
        bring(bees('<p onclick="x()">Hi</p><script>alert(1)</script><a href="javascript:x()">A</a>').save(tmp_path))
        html = steps()["Watch"].assignment.html
        assert not any(word in html for word in ("script", "onclick"))

    def test_of_one_over_a_limit_the_words_stay(self, tmp_path: Path) -> None:
        bring(bees("<p>Deep</p>" + "<div>" * 150 + "<b>x</b>" * 9_000 + "</div>" * 150).save(tmp_path))
        assert "Deep" in steps()["Watch"].assignment.html

    def test_the_extension_of_common_cartridge(self, tmp_path: Path) -> None:
        cartridge = Cartridge(version="1.3").assignment("Essay").module("Work")
        cartridge.files["Essay.xml"] = (
            '<assignment><title>Essay</title><text texttype="text/html">&lt;p&gt;Write.&lt;/p&gt;</text>'
            '<gradable points_possible="7.5">true</gradable>'
            '<submission_formats><format type="url"/></submission_formats></assignment>'
        )
        bring(cartridge.save(tmp_path))
        asked = steps()["Essay"].assignment
        assert (asked.scale, asked.most_points, asked.takes_links) == ("points", Decimal("7.5"), True)
        assert "Write." in asked.html


class TestWhatWasKept:
    def test_becomes_assignments_in_their_places_with_their_rubric(
        self, tmp_path: Path, without_assignments: Callable[[Path], Course]
    ) -> None:
        course = without_assignments(bees().save(tmp_path))
        assert [title for title, _ in order(course)] == ["hive"]
        renew_readings()
        assert order(course) == ORDER
        assert not KeptItem.objects.filter(kind="assignment").exists()
        assert_alive()
        assert steps()["Read"].rule == "handed in"

    def test_is_made_once(self, tmp_path: Path, without_assignments: Callable[[Path], Course]) -> None:
        without_assignments(bees().save(tmp_path))
        assert (kept.convert_some(), kept.convert_some()) == (2, 0)
        before = {name: one.pk for name, one in steps().items()}
        bring(bees().save(tmp_path))
        assert {name: one.pk for name, one in steps().items()} == before
        assert Rubric.objects.count() == 1

    def test_what_something_else_takes_in_stays_kept_and_is_asked_once(
        self, tmp_path: Path, without_assignments: Callable[[Path], Course]
    ) -> None:
        canvas = CanvasCourse()
        canvas.assignment("Tool", submission_types="external_tool")
        canvas.entry("e", "Assignment", "Tool", "a-Tool")
        canvas.module("m", "Bees")
        without_assignments(canvas.save(tmp_path))
        assert (kept.convert_some(), kept.convert_some()) == (1, 0)
        assert KeptItem.objects.get(title="Tool").kind == "lti"

    def test_a_damaged_row_is_logged_once_and_holds_no_other_up(
        self, tmp_path: Path, without_assignments: Callable[[Path], Course], caplog: pytest.LogCaptureFixture
    ) -> None:
        course = without_assignments(bees().save(tmp_path))
        KeptItem.objects.filter(title="Watch").update(raw={"files": {"a/assignment_settings.xml": 3}})
        with caplog.at_level(logging.ERROR):
            assert (kept.convert_some(), kept.convert_some()) == (2, 0)
        assert len(caplog.records) == 1
        assert [title for title, _ in order(course)] == ["hive", "Read"]

    def test_keeps_from_students_what_its_package_does(
        self, tmp_path: Path, without_assignments: Callable[[Path], Course]
    ) -> None:
        canvas = CanvasCourse()
        canvas.assignment("Later", workflow_state="unpublished")
        canvas.entry("e1", "Assignment", "Later", "a-Later")
        canvas.assignment("Hidden", workflow_state="published")
        canvas.entry("e2", "Assignment", "Hidden", "a-Hidden", workflow_state="unpublished")
        canvas.module("m", "Bees")
        without_assignments(canvas.save(tmp_path))
        kept.convert_some()
        assert {one.published for one in steps().values()} == {False}
