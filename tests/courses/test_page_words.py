"""What lessons show beside their titles, besides texts: search finds it, and leads to where it stands."""

import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from courses import tasks
from courses.models import Activity, Course, FileContent, LectureContent, LinkContent, Passage
from courses.packages.draft import ModuleDraft
from courses.services import lectures, page_words
from tests.cast import Cast
from tests.courses.searching import leads_to, titles
from tests.courses.test_imports import bring, link, rivers, sheet, studying
from tests.factories import courses as make
from tests.factories import lectures as make_lectures


@pytest.fixture
def editor(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.editor)
    return client


@pytest.fixture
def student(cast: Cast, client: Client) -> Client:
    client.force_login(cast.student)
    return client


def save(editor: Client, activity: Activity, **content: object) -> None:
    sent = {"title": "Moths", "rule": activity.rule, "required": "on", "published": "on", **content}
    assert editor.post(f"/edit/activities/{activity.pk}/", sent).status_code == 302


def save_link(editor: Client, activity: Activity, note: str, **content: object) -> None:
    save(editor, activity, url="https://example.org/", note=note, **content)


def test_note_of_a_link_is_found_as_it_is_now(cast: Cast, editor: Client, student: Client) -> None:
    save_link(editor, cast.link, "Look for the lavender.")
    assert leads_to(student, cast.course, "lavender") == [(cast.link.pk, "note")]
    save_link(editor, cast.link, "Look for the thyme.")
    assert titles(cast.course, "lavender") == []
    assert leads_to(student, cast.course, "thyme") == [(cast.link.pk, "note")]
    save_link(editor, cast.link, "")
    assert titles(cast.course, "thyme") == []
    assert titles(cast.course, "moths") == ["Moths"]


def test_note_and_name_of_a_file_are_found_as_they_are_now(cast: Cast, editor: Client, student: Client) -> None:
    save(editor, cast.file, note="For the lavender.", upload=SimpleUploadedFile("budget.xlsx", b"PK"))
    assert leads_to(student, cast.course, "lavender") == [(cast.file.pk, "note")]
    assert leads_to(student, cast.course, "budget") == [(cast.file.pk, "file-name")]
    page = student.get(f"/courses/{cast.course.pk}/search/", {"q": "budget"}).content.decode()
    assert "The name of the file" in page
    save(editor, cast.file, note="For the lavender.", upload=SimpleUploadedFile("costs.xlsx", b"PK2"))
    assert titles(cast.course, "budget") == []
    assert leads_to(student, cast.course, "costs") == [(cast.file.pk, "file-name")]


def test_note_of_a_lecture_is_found_beside_what_is_said_in_it(cast: Cast, editor: Client, student: Client) -> None:
    lecture = make_lectures.lecture(cast.module, title="Talk", position=9)
    save(editor, lecture, note="Watch the lavender.", needed_percent="90")
    assert leads_to(student, cast.course, "lavender") == [(lecture.pk, "note")]
    assert titles(cast.course, "lavender colour") == ["Moths"]
    lectures.index(lecture)
    assert titles(cast.course, "lavender colour") == ["Moths"]


def test_what_a_package_says_of_links_and_files_is_found(db: None) -> None:
    items = [link("garden", note="Look for the lavender."), sheet("costs", "sheets/budget.xlsx", note="For the thyme.")]
    course = bring(rivers(ModuleDraft("m", "Module", items=items)), {"sheets/budget.xlsx": b"PK"})
    client = studying(course)
    garden, costs = (Activity.objects.get(origin=origin).pk for origin in ("garden", "costs"))
    assert leads_to(client, course, "lavender") == [(garden, "note")]
    assert leads_to(client, course, "thyme") == [(costs, "note")]
    assert leads_to(client, course, "budget") == [(costs, "file-name")]


def test_what_becomes_another_kind_is_no_longer_found_by_its_note(db: None) -> None:
    course = bring(rivers(ModuleDraft("m", "Module", items=[link("one", note="Look for the lavender.")])))
    files = {"budget.xlsx": b"PK"}
    bring(rivers(ModuleDraft("m", "Module", items=[sheet("one", "budget.xlsx")])), files, into=course)
    assert page_words.index_some() == 0
    assert titles(course, "lavender") == []
    assert titles(course, "budget") == ["One"]


def test_drafts_and_hidden_modules_are_not_found_by_students(cast: Cast, editor: Client, student: Client) -> None:
    path = f"/courses/{cast.course.pk}/search/"
    save_link(editor, cast.link, "Look for the lavender.", published="")
    assert student.get(path, {"q": "lavender"}).context["found"].total == 0
    assert editor.get(path, {"q": "lavender"}).context["found"].total == 1
    save_link(editor, cast.link, "Look for the lavender.")
    assert student.get(path, {"q": "lavender"}).context["found"].total == 1
    cast.module.published = False
    cast.module.save()
    assert student.get(path, {"q": "lavender"}).context["found"].total == 0
    assert editor.get(path, {"q": "lavender"}).context["found"].total == 1


@pytest.fixture
def before(db: None) -> Course:
    """As it was stored before search looked for such words, with one of each kind that shows none."""
    module = make.ModuleFactory()
    make.link(module, title="Silent link")
    LinkContent.objects.filter(activity=make.link(module, title="Link")).update(note="A note on lavender.")
    make.file_activity(module, "budget.xlsx", title="File")
    make_lectures.lecture(module, title="Silent lecture")
    lecture = make_lectures.lecture(module, title="Lecture")
    LectureContent.objects.filter(activity=lecture).update(note="A note on lavender.")
    return module.course


def test_what_was_stored_before_is_found_after_the_job_which_then_rests(before: Course) -> None:
    assert titles(before, "lavender") == titles(before, "budget") == []
    tasks.renew_readings()
    assert sorted(titles(before, "lavender")) == ["Lecture", "Link"]
    assert titles(before, "budget") == ["File"]
    assert sorted(titles(before, "colour")) == ["Lecture", "Silent lecture"]
    assert page_words.index_some() == 0


def test_what_was_deleted_before_is_found_once_it_is_put_back(before: Course) -> None:
    deleted = Activity.objects.filter(title="Link")
    at = deleted.get().published_at
    deleted.update(deleted_at=at)
    tasks.renew_readings()
    assert titles(before, "lavender") == ["Lecture"]
    Activity.everything.update(deleted_at=None)
    assert sorted(titles(before, "lavender")) == ["Lecture", "Link"]


def test_the_job_goes_in_batches(before: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_words, "INDEXED_AT_ONCE", 2)
    assert [page_words.index_some() for _ in range(3)] == [2, 1, 0]


def test_words_that_fail_hold_nobody_up_and_are_tried_once(
    before: Course, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = FileContent.objects.get().activity_id
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.activity_id = {first} AND NEW.text <> '' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON courses_passage FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        )
    with caplog.at_level(logging.ERROR):
        assert [page_words.index_some() for _ in range(2)] == [3, 0]
    assert f"activity {first} cannot be found" in caplog.text
    assert sorted(titles(before, "lavender")) == ["Lecture", "Link"]
    assert [one.text for one in Passage.objects.filter(activity=first)] == [""]
