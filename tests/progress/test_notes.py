"""Notes beside a lecture: the writer's alone, and no word of them is lost."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from courses.models import Activity
from courses.services import cohorts
from progress.models import Note
from progress.services import notes
from progress.tasks import clear_deleted_notes
from tests.cast import Cast
from tests.factories import lectures as make
from tests.undoing import undo

KEY, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
def student(cast: Cast, client: Client) -> Client:
    client.force_login(cast.student)
    return client


def save(
    client: Client, lecture: Activity, text: str, *, key: UUID = KEY, script: bool = True, **values: object
) -> HttpResponse:
    sent = {"text": text, "at": "0:10", **values}
    headers = {"Accept": "application/json"} if script else {"Accept": "text/html,*/*"}
    return client.post(f"/lessons/{lecture.pk}/notes/{key}/", sent, headers=headers)


def written() -> list[tuple[str, int, int]]:
    return [(note.text, note.at_ms, note.version) for note in Note.objects.kept().order_by("created_at")]


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_new_note_is_kept_at_its_second(student: Client, lecture: Activity) -> None:
    assert save(student, lecture, "Bees see <b>violet</b>").json() == {"id": str(KEY), "version": 1, "apart": False}
    assert written() == [("Bees see <b>violet</b>", 10_000, 1)]
    text = page(student, f"/lessons/{lecture.pk}/")
    assert "Bees see &lt;b&gt;violet&lt;/b&gt;</textarea>" in text
    assert 'href="?at=10" data-from="10000">0:10</a>' in text


def test_form_without_a_script_leads_back_and_says_so(student: Client, lecture: Activity) -> None:
    response = save(student, lecture, "Mine", script=False)
    assert response["Location"] == f"/lessons/{lecture.pk}/#notes"
    assert "Note at 0:10 saved." in page(student, f"/lessons/{lecture.pk}/")


@pytest.mark.parametrize(
    ("typed", "at_ms"),
    [
        ("1:23", 83_000),
        ("1:02:03", 3_723_000),
        ("95", 95_000),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("1:2:3:4", 0),
        ("9999999", 2**31 - 1),
        ("٣:٠٣", 183_000),
    ],
)
def test_time_is_read_as_people_write_it(student: Client, lecture: Activity, typed: str, at_ms: int) -> None:
    save(student, lecture, "Mine", at=typed)
    assert written() == [("Mine", at_ms, 1)]


def test_same_save_twice_is_one_note(student: Client, lecture: Activity) -> None:
    for _ in range(2):
        assert save(student, lecture, "Mine").json()["version"] == 1
    for _ in range(2):
        assert save(student, lecture, "Mine, longer", version=1).json() == {
            "id": str(KEY),
            "version": 2,
            "apart": False,
        }
    assert written() == [("Mine, longer", 10_000, 2)]


def test_two_tabs_keep_both_versions(student: Client, lecture: Activity) -> None:
    save(student, lecture, "First")
    save(student, lecture, "From the laptop", version=1)
    told = save(student, lecture, "From the phone", version=1).json()
    assert told["apart"] is True
    assert told["id"] != str(KEY)
    assert written() == [("From the laptop", 10_000, 2), ("From the phone", 10_000, 1)]
    save(student, lecture, "A third", version=1, script=False)
    assert "Both versions are saved." in page(student, f"/lessons/{lecture.pk}/")


def test_empty_new_note_is_none_and_an_emptied_one_stays(student: Client, lecture: Activity) -> None:
    save(student, lecture, " \n ")
    assert written() == []
    save(student, lecture, "Mine")
    save(student, lecture, "", version=1)
    assert written() == [("", 10_000, 2)]


def test_words_that_no_database_keeps(student: Client, lecture: Activity) -> None:
    save(student, lecture, "a\0b")
    assert written() == [("ab", 10_000, 1)]


def test_note_that_is_too_long_is_refused_with_a_sentence_and_stays_in_its_field(
    student: Client, lecture: Activity
) -> None:
    assert save(student, lecture, "c" * notes.LONGEST).status_code == 200
    answer = save(student, lecture, "d" * 20_001, version=1)
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("This note has 20,001 characters. The limit is 20,000.")
    answer = save(student, lecture, "d" * 20_001, version=1, script=False)
    assert answer.status_code == 422
    assert "d" * 20_001 + "</textarea>" in answer.content.decode()
    assert written() == [("c" * 20_000, 10_000, 1)]


def rows(cast: Cast, lecture: Activity, count: int, text: str = "a", **values: object) -> None:
    same = {"enrolment": cast.enrolment, "activity": lecture, "at_ms": 0, "text": text}
    Note.objects.bulk_create(Note(**same, **values) for _ in range(count))


def test_notes_beside_a_lecture_and_in_a_course_have_a_limit(cast: Cast, student: Client, lecture: Activity) -> None:
    rows(cast, lecture, notes.MOST_BESIDE - 1)
    assert save(student, lecture, "The last").status_code == 200
    answer = save(student, lecture, "One more", key=OTHER)
    assert (answer.status_code, answer.json()["error"][:42]) == (422, "You have reached the limit for notes on th")
    # What is there can be changed; a second version of it is one more.
    assert save(student, lecture, "The last one", version=1).status_code == 200
    assert save(student, lecture, "From another tab", version=1).status_code == 422
    second = make.bare_lecture(cast.module, position=8)
    rows(cast, second, notes.MOST_IN_COURSE - notes.MOST_BESIDE)
    third = make.bare_lecture(cast.module, position=9)
    assert save(student, third, "In the course", key=OTHER).json()["error"].endswith("some to make room.")


def test_words_beside_a_lecture_have_a_limit(cast: Cast, student: Client, lecture: Activity) -> None:
    rows(cast, lecture, 10, "a" * 19_999)
    assert save(student, lecture, "b" * 11).status_code == 422
    assert save(student, lecture, "b" * 10).status_code == 200


def test_notes_made_and_deleted_again_leave_a_hundred(cast: Cast, student: Client, lecture: Activity) -> None:
    before = timezone.now() - timedelta(days=1)
    rows(cast, lecture, notes.MOST_DELETED, deleted_at=before)
    save(student, lecture, "Mine")
    deleted = student.post(f"/notes/{KEY}/delete/", follow=True)
    assert Note.objects.count() == notes.MOST_DELETED
    assert Note.objects.filter(pk=KEY).exists()
    rows(cast, lecture, notes.MOST_BESIDE)
    assert "reached the limit" in undo(student, deleted)


@pytest.mark.parametrize("version", ["", "new", "-1", "²", "9" * 5000])
def test_version_that_is_none_is_no_error_of_ours(student: Client, lecture: Activity, version: str) -> None:
    save(student, lecture, "Mine")
    assert save(student, lecture, "Mine, longer", version=version).status_code == 200
    assert "Mine, longer" in {text for text, _, _ in written()}


def test_deleted_note_comes_back_by_undo(student: Client, lecture: Activity) -> None:
    save(student, lecture, "Mine")
    path = f"/notes/{KEY}/delete/"
    after = student.post(path, follow=True)
    assert "Note at 0:10 deleted." in after.content.decode()
    assert written() == []
    assert "Mine" not in page(student, f"/lessons/{lecture.pk}/")
    assert "Note restored." in undo(student, after)
    assert written() == [("Mine", 10_000, 1)]


def test_deleted_note_is_erased_as_soon_as_undo_has_passed(
    student: Client, lecture: Activity, clock: time_machine.Traveller
) -> None:
    save(student, lecture, "Kept", key=OTHER)
    save(student, lecture, "Mine")
    deleted = student.post(f"/notes/{KEY}/delete/", follow=True)
    clock.shift(notes.ERASED_AFTER)
    assert clear_deleted_notes() == 0
    clock.shift(1)
    assert clear_deleted_notes() == 1
    assert [note.text for note in Note.objects.all()] == ["Kept"]
    assert "too late" in undo(student, deleted)


def test_undo_of_a_note_that_is_erased_already_says_so(student: Client, lecture: Activity) -> None:
    save(student, lecture, "Mine")
    deleted = student.post(f"/notes/{KEY}/delete/", follow=True)
    Note.objects.all().delete()
    assert "This note has been erased." in undo(student, deleted)


def test_note_that_another_tab_goes_on_writing_is_not_deleted(student: Client, lecture: Activity) -> None:
    save(student, lecture, "Mine")
    student.post(f"/notes/{KEY}/delete/")
    save(student, lecture, "Mine, longer", version=1)
    assert written() == [("Mine, longer", 10_000, 2)]


@pytest.mark.parametrize("person", ["other_student", "teacher", "admin", "outsider"])
def test_note_of_somebody_else_is_not_there(cast: Cast, student: Client, lecture: Activity, person: str) -> None:
    save(student, lecture, "Mine")
    student.force_login(cast.person(person))
    assert student.post(f"/notes/{KEY}/delete/").status_code == 404
    assert written() == [("Mine", 10_000, 1)]


def test_key_of_somebody_elses_note_writes_a_note_of_ones_own(cast: Cast, student: Client, lecture: Activity) -> None:
    save(student, lecture, "Mine")
    student.force_login(cast.other_student)
    assert save(student, lecture, "Theirs").json()["id"] != str(KEY)
    assert [(note.text, note.enrolment.user) for note in Note.objects.order_by("created_at")] == [
        ("Mine", cast.student),
        ("Theirs", cast.other_student),
    ]


def test_page_that_somebody_else_left_open_writes_nothing(cast: Cast, student: Client, lecture: Activity) -> None:
    student.force_login(cast.other_student)
    assert save(student, lecture, "Mine", writer=str(cast.enrolment.pk)).status_code == 403
    assert written() == []


def test_teacher_reads_no_note_and_writes_none(cast: Cast, student: Client, lecture: Activity) -> None:
    save(student, lecture, "A word of mine")
    student.force_login(cast.teacher)
    assert save(student, lecture, "Mine", key=OTHER).status_code == 403
    for path in (f"/lessons/{lecture.pk}/", f"/courses/{cast.course.pk}/notes/", f"/courses/{cast.course.pk}/notes.md"):
        assert "A word of mine" not in page(student, path)


def test_notes_of_a_course_stand_in_its_order(cast: Cast, student: Client, lecture: Activity) -> None:
    earlier = make.bare_lecture(cast.module, title="Eyes on film", position=5)
    save(student, lecture, "third", key=UUID(int=3), at="0:50")
    save(student, lecture, "second", key=UUID(int=4), at="0:05")
    save(student, earlier, "first", key=UUID(int=5))
    text = page(student, f"/courses/{cast.course.pk}/notes/")
    assert text.index("Eyes on film") < text.index("first") < text.index("Bees on film")
    assert text.index("Bees on film") < text.index("second") < text.index("third")
    assert f'href="/lessons/{lecture.pk}/?at=5#notes">0:05</a>' in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cafe", True),
        ("CAFÉ", True),
        ("cafe\u0301", True),
        ("zażółc", True),
        ("50%", True),
        ("5_%", False),
        ("cafés", False),
    ],
)
def test_a_note_is_found_with_and_without_accents_and_capitals(
    cast: Cast, student: Client, lecture: Activity, words: str, found: bool
) -> None:
    rows(cast, lecture, 1, "Café, Zażółć, 50% off")
    answer = student.get(f"/courses/{cast.course.pk}/notes/", {"q": words}).content.decode()
    assert ("50% off" in answer) is found


def test_notes_are_taken_along_as_markdown(cast: Cast, student: Client, lecture: Activity) -> None:
    save(student, lecture, "One line\nand another")
    response = student.get(f"/courses/{cast.course.pk}/notes.md")
    assert response["Content-Disposition"] == 'attachment; filename="bees-and-flowers-notes.md"'
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.content.decode().startswith(
        "# Bees and flowers\n\n## Nectar\n\n### Bees on film\n\n"
        f"- [0:10](http://testserver/lessons/{lecture.pk}/?at=10) One line\n  and another\n"
    )


def test_course_without_notes_says_how_they_are_written(cast: Cast, student: Client) -> None:
    assert "No notes yet" in page(student, f"/courses/{cast.course.pk}/notes/")


def test_notes_come_along_to_another_cohort(cast: Cast, student: Client, lecture: Activity) -> None:
    save(student, lecture, "Mine")
    cohorts.move(cast.enrolment, cast.elsewhere, by=cast.admin)
    assert "Mine" in page(student, f"/courses/{cast.course.pk}/notes/")
