"""Topics of packages as discussions of a course: imported, imported again, and made of what was kept earlier."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from courses.kinds import KINDS
from courses.models import Activity, Course, CourseImport, FileUse, KeptItem, Module, Reading
from courses.services import deleting, import_runs, kept, texts
from courses.tasks import renew_readings
from forums.models import Discussion, Thread
from forums.services import topics
from notifications.models import Event
from progress.models import Completion
from tests.factories import courses as make
from tests.factories.cartridges import CanvasCourse, Cartridge, resource
from tests.factories.forums import reply
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def bring(path: Path) -> Course:
    row = CourseImport.objects.create(file_name=path.name, state="running")
    done = import_runs.execute(row, path, into=None, by=None)
    assert done.state == "done", done.sentence
    assert done.course
    return done.course


def rivers(text: str = "<p>Why do rivers bend?</p>") -> Cartridge:
    """A page, a topic, a page and a topic, which lead to each other, and a picture."""
    both = (
        '<p><a href="$CANVAS_OBJECT_REFERENCE$/discussion_topics/r-Bends">Bends</a> '
        '<a href="$CANVAS_OBJECT_REFERENCE$/discussion_topics/r-Floods">Floods</a></p>'
    )
    cartridge = Cartridge().page("Source", both)
    picture = '<img src="$IMS-CC-FILEBASE$/a%20b.png" alt="A bend">'
    cartridge.topic("Bends", text + picture).page("Mouth").topic("Floods", both).module("Water")
    cartridge.resources.append(resource("picture", "webcontent", "web_resources/a b.png"))
    cartridge.files["web_resources/a b.png"] = b"\x89PNG"
    return cartridge


def order(course: Course) -> list[tuple[str, str]]:
    found = Activity.objects.filter(module__course=course).order_by("module__position", "position")
    return list(found.values_list("title", "kind"))


def steps() -> dict[str, Activity]:
    return {activity.title: activity for activity in Activity.objects.all()}


@pytest.fixture
def without_discussions(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Course]:
    """Imports as a site did that had no discussions yet."""

    def brought(path: Path) -> Course:
        with monkeypatch.context() as patch:
            patch.delitem(KINDS, "discussion")
            return bring(path)

    return brought


EXPECTED = [("Source", "reading"), ("Bends", "discussion"), ("Mouth", "reading"), ("Floods", "discussion")]


def assert_alive(course: Course) -> None:
    """Links lead to the discussions, those lead to each other, and the picture is open to students."""
    found = steps()
    bends, floods = (f'href="/lessons/{found[name].pk}/"' for name in ("Bends", "Floods"))
    html = Reading.objects.get(activity=found["Source"]).html
    assert bends in html
    assert floods in html
    assert bends in found["Floods"].discussion.html
    assert "Why do rivers bend?" in found["Bends"].discussion.html
    assert f'src="/files/{course.files.get().pk}/a%20b.png"' in found["Bends"].discussion.html
    assert FileUse.objects.filter(activity=found["Bends"]).exists()


class TestImport:
    def test_topic_is_a_discussion_of_one_post_and_its_links_live(self, tmp_path: Path) -> None:
        course = bring(rivers().save(tmp_path))
        assert order(course) == EXPECTED
        step = steps()["Bends"]
        assert (step.rule, step.discussion.posts_needed, step.discussion.replies_needed) == ("talked", 1, 0)
        assert not KeptItem.objects.exists()
        assert_alive(course)
        run = CourseImport.objects.get()
        line = run.report_lines.get(title="Bends")
        assert (line.kind, line.outcome) == ("discussion", "imported")

    def test_student_reads_it_with_its_picture_and_finds_its_words(self, tmp_path: Path, client: Client) -> None:
        course = bring(rivers("<p>Meanders are lazy.</p>").save(tmp_path))
        client.force_login(make.EnrolmentFactory(cohort__course=course).user)
        page = client.get(f"/lessons/{steps()['Bends'].pk}/").content.decode()
        assert "Meanders are lazy." in page
        file = course.files.get()
        assert client.get(f"/files/{file.pk}/a%20b.png").status_code == 200
        found = client.get(f"/courses/{course.pk}/search/", {"q": "meanders"}).content.decode()
        assert f"/lessons/{steps()['Bends'].pk}/" in found

    def test_again_changes_the_text_and_keeps_talk_ticks_and_choices(self, tmp_path: Path) -> None:
        course = bring(rivers().save(tmp_path))
        step = steps()["Bends"]
        student = make.EnrolmentFactory(cohort__course=course)
        reply(topics.thread_of(step, student.cohort), student.user, "Because of the ground.")
        Discussion.objects.filter(activity=step).update(replies_needed=2, own_first=True)
        bring(rivers("<p>Why, then?</p>").save(tmp_path))
        again = steps()["Bends"]
        assert (again.pk, again.revision) == (step.pk, 2)
        assert "Why, then?" in again.discussion.html
        assert (again.discussion.replies_needed, again.discussion.own_first) == (2, True)
        assert Completion.objects.standing().get().activity == step
        assert Thread.objects.get().last_number == 1

    def test_twice_alike_asks_nobody_to_look_again(self, tmp_path: Path) -> None:
        bring(rivers().save(tmp_path))
        before = {name: (one.pk, one.revision, one.position) for name, one in steps().items()}
        bring(rivers().save(tmp_path))
        assert {name: (one.pk, one.revision, one.position) for name, one in steps().items()} == before

    def test_import_of_what_was_only_kept_before_leaves_nothing_kept(
        self, tmp_path: Path, without_discussions: Callable[[Path], Course]
    ) -> None:
        course = without_discussions(rivers().save(tmp_path))
        assert KeptItem.objects.count() == 2
        bring(rivers().save(tmp_path))
        assert not KeptItem.objects.exists()
        assert order(course) == EXPECTED
        assert_alive(course)

    def test_scripts_of_a_topic_are_gone(self, tmp_path: Path) -> None:
        bring(rivers('<p onclick="x()">Hi</p><script>alert(1)</script><a href="javascript:x()">A</a>').save(tmp_path))
        html = steps()["Bends"].discussion.html
        assert not any(word in html for word in ("script", "onclick"))

    def test_of_a_topic_over_a_limit_the_words_stay(self, tmp_path: Path) -> None:
        bring(rivers("<p>Deep</p>" + "<div>" * 150 + "<b>x</b>" * 9_000 + "</div>" * 150).save(tmp_path))
        assert "Deep" in steps()["Bends"].discussion.html


class TestWhatWasKept:
    def test_becomes_a_discussion_in_its_place_and_links_come_alive(
        self, tmp_path: Path, without_discussions: Callable[[Path], Course]
    ) -> None:
        course = without_discussions(rivers().save(tmp_path))
        assert [title for title, _ in order(course)] == ["Source", "Mouth"]
        renew_readings()
        assert order(course) == EXPECTED
        assert not KeptItem.objects.exists()
        assert_alive(course)

    @pytest.mark.parametrize("studied", [True, False])
    def test_is_required_only_where_nobody_studies_yet_and_students_hear_of_it(
        self, tmp_path: Path, without_discussions: Callable[[Path], Course], studied: bool
    ) -> None:
        course = without_discussions(rivers().save(tmp_path))
        if studied:
            make.EnrolmentFactory(cohort__course=course)
        kept.convert_some()
        assert {one.required for one in steps().values() if one.kind == "discussion"} == {not studied}
        assert [one.subject for one in Event.objects.filter(kind="content_new")] == [course.pk]

    def test_is_made_once_however_often_the_job_runs(
        self, tmp_path: Path, without_discussions: Callable[[Path], Course]
    ) -> None:
        course = without_discussions(rivers().save(tmp_path))
        assert kept.convert_some() == 2
        before = {name: one.pk for name, one in steps().items()}
        assert kept.convert_some() == 0
        assert {name: one.pk for name, one in steps().items()} == before
        bring(rivers().save(tmp_path))
        assert {name: one.pk for name, one in steps().items()} == before
        assert order(course) == EXPECTED

    def test_damaged_row_is_logged_once_and_holds_no_other_up(
        self, tmp_path: Path, without_discussions: Callable[[Path], Course], caplog: pytest.LogCaptureFixture
    ) -> None:
        course = without_discussions(rivers().save(tmp_path))
        KeptItem.objects.filter(title="Bends").update(raw={"files": 3})
        with caplog.at_level(logging.ERROR):
            assert kept.convert_some() == 2
            assert kept.convert_some() == 0
        assert len(caplog.records) == 1
        assert [title for title, _ in order(course)] == ["Source", "Mouth", "Floods"]
        assert KeptItem.objects.get().title == "Bends"

    def test_stays_away_where_its_module_was_deleted(
        self, tmp_path: Path, without_discussions: Callable[[Path], Course]
    ) -> None:
        course = without_discussions(rivers().save(tmp_path))
        deleting.delete(Module.objects.get(course=course, title="Water"), by=UserFactory())
        assert kept.convert_some() == 0
        assert KeptItem.objects.count() == 2

    def test_keeps_from_students_what_its_package_keeps_from_them(
        self, tmp_path: Path, without_discussions: Callable[[Path], Course]
    ) -> None:
        canvas = CanvasCourse()
        states: dict[str, dict[str, Any]] = {
            "Open": {"workflow_state": "active"},
            "Later": {"workflow_state": "post_delayed"},
            "News": {"workflow_state": "active", "type": "announcement"},
        }
        for name, settings in states.items():
            canvas.topic(name, **settings)
            canvas.entry(f"e-{name}", "DiscussionTopic", name, f"t-{name}")
        canvas.entry("e-hidden", "DiscussionTopic", "Hidden", "t-Hidden", workflow_state="unpublished")
        canvas.topic("Hidden", workflow_state="active")
        canvas.module("m", "Water")
        course = without_discussions(canvas.save(tmp_path))
        kept.convert_some()
        assert {name: one.published for name, one in steps().items()} == {"Open": True, "Later": False, "Hidden": False}
        assert KeptItem.objects.get(title="News").kind == "announcement"
        assert [title for title, _ in order(course)] == ["Open", "Later", "Hidden"]

    def test_waits_where_there_are_no_discussions(
        self, tmp_path: Path, without_discussions: Callable[[Path], Course], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        without_discussions(rivers().save(tmp_path))
        monkeypatch.delitem(KINDS, "discussion")
        assert kept.convert_some() == 0


def test_discussion_of_an_older_cleaner_is_made_anew(tmp_path: Path) -> None:
    course = bring(rivers().save(tmp_path))
    Discussion.objects.update(cleaned_by=0, html="<p>old</p>")
    assert topics.renew_some() == 2
    assert topics.renew_some() == 0
    assert_alive(course)
    assert texts.renew_some() == 0


def test_discussion_that_cannot_be_made_anew_keeps_its_words(tmp_path: Path) -> None:
    bring(rivers().save(tmp_path))
    Discussion.objects.update(cleaned_by=0, html="<p onclick='x()'>Why?</p>", source="<div>" * 100_000)
    assert topics.renew_some() == 2
    html = steps()["Bends"].discussion.html
    assert "Why?" in html
    assert "onclick" not in html
