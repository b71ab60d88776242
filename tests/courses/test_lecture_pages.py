"""The pages on which a lecture and its captions are written."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Activity, CaptionTrack, Recording
from files.models import File
from tests.cast import Cast
from tests.courses.test_edit_pages import refused, text
from tests.factories import lectures as make

SENT = {"title": "Bees on film", "rule": "watched", "required": "on", "published": "on", "needed_percent": "80"}
GOOD = b"WEBVTT\n\n00:01.000 --> 00:02.000\nBees & <b>flowers</b>\n"
HALF = GOOD + b"\n00:05.000 --> 00:0x.000\n<i>Wasps</i>\n"


@pytest.fixture
def editor(cast: Cast, client: Client) -> Client:
    client.force_login(cast.editor)
    return client


@pytest.fixture
def lecture(cast: Cast) -> Activity:
    return make.bare_lecture(cast.module, title="Bees on film", position=7)


def film(name: str = "bees.mp4", **values: object) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make.film(**values))


def add(client: Client, lecture: Activity, data: bytes, **values: str) -> str:
    # The captions here are shorter than the recording.
    more = {"take_anyway": "on", "upload": SimpleUploadedFile("a.vtt", data)}
    sent = {"kind": "captions", "language": "en", **values, **more}
    response = client.post(f"/edit/activities/{lecture.pk}/captions/", sent, follow=True)
    assert response.status_code == 200
    return text(response)


def tracks(lecture: Activity) -> list[tuple[str, str, int]]:
    rows = CaptionTrack.objects.filter(recording__used_as_activity__activity=lecture)
    return [(row.kind, row.language, len(row.cues)) for row in rows]


def test_lecture_is_made_of_an_upload_and_students_see_it(cast: Cast, editor: Client) -> None:
    sent = SENT | {"note": "Look at the eyes.", "upload": film(seconds=100)}
    editor.post(f"/edit/modules/{cast.module.pk}/new/lecture/", sent)
    made = Activity.objects.get(title="Bees on film")
    assert (made.kind, made.rule, made.minutes, made.minutes_by_hand) == ("lecture", "watched", 2, False)
    assert (made.lecture.needed_percent, made.lecture.recording.duration_ms) == (80, 100_000)
    editor.force_login(cast.student)
    page = text(editor.get(f"/lessons/{made.pk}/"))
    assert "Look at the eyes." in page
    assert f'src="/recordings/{made.lecture.recording_id}/bees.mp4#t=0.0"' in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "Choose a recording."),
        ({"upload": SimpleUploadedFile("bees.mp4", b"Not a film at all")}, "could not read this file as a recording"),
        ({"upload": SimpleUploadedFile("bees.mp4", b"")}, "This file is empty."),
        ({"upload": film(), "needed_percent": "0"}, "Enter 1 or more."),
        ({"upload": film(), "needed_percent": "101"}, "Enter 100 or less."),
        ({"upload": film(), "needed_percent": ""}, "Fill in this field."),
        ({"upload": film(form="avi"), "note": "x"}, "Browsers cannot play this recording (avi, mpeg4, mp3)."),
    ],
)
def test_lecture_that_cannot_be_played_or_never_ends_is_refused(
    cast: Cast, editor: Client, change: dict, said: str
) -> None:
    if "upload" in change:
        change["upload"].seek(0)
    page = refused(editor.post(f"/edit/modules/{cast.module.pk}/new/lecture/", SENT | {"note": "Kept"} | change))
    assert said in page
    assert change.get("note", "Kept") in page
    assert not Recording.objects.exists()


def test_recording_is_replaced_and_minutes_follow(cast: Cast, editor: Client, lecture: Activity) -> None:
    path, old = f"/edit/activities/{lecture.pk}/", lecture.lecture.recording_id
    assert editor.post(path, SENT).status_code == 302
    assert Recording.objects.filter(pk=old).exists()
    editor.post(path, SENT | {"upload": film("again.webm", form="webm", seconds=3)})
    found = Activity.objects.get(pk=lecture.pk)
    assert (found.minutes, found.lecture.recording.file.name) == (1, "again.webm")
    assert not Recording.objects.filter(pk=old).exists()


def test_captions_page_is_reached_from_the_lecture(editor: Client, lecture: Activity) -> None:
    assert f'href="/edit/activities/{lecture.pk}/captions/"' in text(editor.get(f"/edit/activities/{lecture.pk}/"))
    page = text(editor.get(f"/edit/activities/{lecture.pk}/captions/"))
    assert "No captions yet." in page
    assert re.search(r'name="language"[^>]* value="English"', page)


def test_captions_are_added_replaced_and_removed(editor: Client, lecture: Activity) -> None:
    page = add(editor, lecture, GOOD)
    assert "1 line added." in page
    assert "Bees &amp; flowers" in page
    add(editor, lecture, GOOD, language=" pt-BR ")
    add(editor, lecture, GOOD.replace(b"Bees", b"Wasps") + b"\n00:03.000 --> 00:04.000\nMore\n")
    assert tracks(lecture) == [("captions", "en", 2), ("captions", "pt-BR", 1)]
    first = CaptionTrack.objects.get(language="en")
    path = f"/edit/activities/{lecture.pk}/captions/"
    page = text(editor.get(path))
    assert "Yes, remove them" in page
    assert "replaces the one that is there" in page
    assert "Captions removed." in text(editor.post(path, {"remove": first.pk}, follow=True))
    assert tracks(lecture) == [("captions", "pt-BR", 1)]


def test_author_is_told_which_lectures_have_no_captions(cast: Cast, editor: Client, lecture: Activity) -> None:
    def outline() -> str:
        return text(editor.get(f"/edit/courses/{cast.course.pk}/"))

    add(editor, lecture, make.CHAPTERS.encode(), kind="chapters")
    assert outline().count("No captions yet") == 1
    assert f'href="/edit/activities/{lecture.pk}/captions/"' in outline()
    add(editor, lecture, GOOD)
    assert "No captions yet" not in outline()


def test_what_was_left_out_is_named(editor: Client, lecture: Activity) -> None:
    page = add(editor, lecture, HALF)
    assert "1 line added." in page
    assert "1 was left out. See below." in page
    assert "Line 6: we could not read the time “00:05.000 --&gt; 00:0x.000”." in page


def test_chapters_stand_beside_captions_and_on_the_lesson(cast: Cast, editor: Client, lecture: Activity) -> None:
    add(editor, lecture, GOOD)
    add(editor, lecture, make.CHAPTERS.encode(), kind="chapters")
    assert tracks(lecture) == [("captions", "en", 1), ("chapters", "en", 2)]
    editor.force_login(cast.student)
    page = text(editor.get(f"/lessons/{lecture.pk}/"))
    assert '<a href="?at=30" data-from="30000"><time>0:30</time> <span dir="auto">Flowers</span></a>' in page
    assert 'kind="chapters"' in page


@pytest.mark.parametrize(
    ("values", "data", "said"),
    [
        ({}, b"Dear editor", "This is not a captions file"),
        ({}, b"WEBVTT\n\n00:05.000 --> 00:0x.000\nWasps\n", "We could not read any captions. Line 3:"),
        ({"language": "en gb!"}, GOOD, "We do not know that language."),
        ({"language": "Klingon"}, GOOD, "We do not know that language."),
        ({"language": ""}, GOOD, "Fill in this field."),
        ({"kind": "jokes"}, GOOD, "jokes is not one of the available choices"),
    ],
)
def test_file_that_is_none_is_refused_with_the_reason(
    editor: Client, lecture: Activity, values: dict, data: bytes, said: str
) -> None:
    sent = {"kind": "captions", "language": "en", **values, "upload": SimpleUploadedFile("a.vtt", data)}
    page = refused(editor.post(f"/edit/activities/{lecture.pk}/captions/", sent))
    assert said in page
    assert tracks(lecture) == []


def test_caption_of_a_year_from_now_is_left_out_and_named(editor: Client, lecture: Activity) -> None:
    page = add(editor, lecture, GOOD + b"\n9999999999:00:01.000 --> 9999999999:00:02.000\nMuch later\n")
    assert "Line 6: this caption is later than any recording lasts." in page


def test_half_minute_of_more_words_than_search_takes_is_no_error_of_ours(editor: Client, lecture: Activity) -> None:
    cues = (
        f"00:01.000 --> 00:02.000\n{' '.join(f'word{number}x' for number in range(first, first + 160))}\n\n"
        for first in range(0, 160_000, 160)
    )
    assert "1000 lines added." in add(editor, lecture, f"WEBVTT\n\n{''.join(cues)}".encode())


def test_faults_beyond_a_hundred_are_counted_and_not_named(editor: Client, lecture: Activity) -> None:
    page = add(editor, lecture, b"WEBVTT\n\n00:01.000 --> 00:02.000\nBees\n\n" + b"x\n\n" * 150)
    assert "150 were left out. See below." in page
    assert "150 lines of the file were left out" in page
    assert "and 50 more" in page
    assert page.count("there is no time above") == 100


def test_lecture_has_no_thousand_chapters(editor: Client, lecture: Activity) -> None:
    chapters = b"".join(b"00:%02d.%03d --> 00:59.000\nPart\n\n" % divmod(at, 100) for at in range(201))
    sent = {"kind": "chapters", "language": "en", "upload": SimpleUploadedFile("a.vtt", b"WEBVTT\n\n" + chapters)}
    response = editor.post(f"/edit/activities/{lecture.pk}/captions/", sent)
    assert response.status_code == 422
    assert "A lecture can have at most 200 chapters." in response.content.decode()


@pytest.mark.parametrize("which", ["another lecture's", "words"])
def test_captions_of_another_lecture_are_not_removed_from_here(
    cast: Cast, editor: Client, lecture: Activity, which: str
) -> None:
    other = make.lecture(cast.module, position=8).lecture.recording.tracks.first()
    key = str(other.pk) if which != "words" else "all"
    assert editor.post(f"/edit/activities/{lecture.pk}/captions/", {"remove": key}).status_code == 404
    assert CaptionTrack.objects.filter(pk=other.pk).exists()


def test_reading_has_no_captions(cast: Cast, editor: Client) -> None:
    assert editor.get(f"/edit/activities/{cast.reading.pk}/captions/").status_code == 404


def test_captions_page_asks_the_same_at_one_and_at_three(editor: Client, lecture: Activity) -> None:
    counts = []
    for language in ("en", "fi", "de"):
        make.caption(lecture, make.SPOKEN["en"], language=language)
        path = f"/edit/activities/{lecture.pk}/captions/"
        editor.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[2] <= 12


def ask(client: Client, lecture: Activity, **sent: object) -> str:
    """What the page says when it does not take the file at once."""
    return refused(client.post(f"/edit/activities/{lecture.pk}/captions/", {"kind": "captions", **sent}))


def held_in(page: str) -> str:
    return re.findall('name="held" value="([^"]+)"', page)[0]


RUSSIAN = "Пчёлы видят ультрафиолет."
CYRILLIC = f"1\n00:00:01,000 --> 00:00:50,000\n{RUSSIAN}\n".encode("cp1251")


def test_letters_that_nobody_can_tell_are_asked_about_once_and_the_file_comes_once(
    editor: Client, lecture: Activity
) -> None:
    before = File.objects.count()
    page = ask(editor, lecture, language="en", upload=SimpleUploadedFile("a.srt", CYRILLIC))
    assert "Which of these looks right?" in page
    assert "Cyrillic (Windows-1251)" in page
    assert RUSSIAN in page
    assert "We have kept the file." in page
    assert tracks(lecture) == []
    again = ask(editor, lecture, language="en", held=held_in(page))
    assert RUSSIAN in again
    sent = {"kind": "captions", "language": "en", "held": held_in(again), "encoding": "cp1251"}
    page = text(editor.post(f"/edit/activities/{lecture.pk}/captions/", sent, follow=True))
    assert "1 line added." in page
    assert CaptionTrack.objects.get(recording=lecture.lecture.recording).cues == [[1000, 50_000, RUSSIAN]]
    assert File.objects.count() == before


def test_language_that_is_put_right_is_an_answer_too(editor: Client, lecture: Activity) -> None:
    page = ask(editor, lecture, language="en", upload=SimpleUploadedFile("a.srt", CYRILLIC))
    sent = {"kind": "captions", "language": "ru", "held": held_in(page)}
    editor.post(f"/edit/activities/{lecture.pk}/captions/", sent)
    assert tracks(lecture) == [("captions", "ru", 1)]


def test_captions_of_another_length_are_taken_only_when_somebody_says_so(editor: Client, lecture: Activity) -> None:
    late = b"WEBVTT\n\n00:01.000 --> 52:10.000\nBees\n"
    page = ask(editor, lecture, language="en", upload=SimpleUploadedFile("a.vtt", late))
    assert "The captions end at 52:10, and the recording is 1:00 long." in page
    # The question is a tick below: its words are no name of a field that is wrong.
    assert "anyway: The captions" not in page
    assert "Add them to this recording anyway" in page
    assert tracks(lecture) == []
    sent = {"kind": "captions", "language": "en", "held": held_in(page), "take_anyway": "on"}
    editor.post(f"/edit/activities/{lecture.pk}/captions/", sent)
    assert tracks(lecture) == [("captions", "en", 1)]


def test_chapters_that_end_before_half_are_asked_about_too(editor: Client, lecture: Activity) -> None:
    early = SimpleUploadedFile("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:29.000\nBees\n")
    page = ask(editor, lecture, language="en", upload=early, kind="chapters")
    assert "The chapters end at 0:29, and the recording is 1:00 long." in page


def test_both_questions_may_come_one_after_the_other(editor: Client, lecture: Activity) -> None:
    late = SimpleUploadedFile("a.srt", CYRILLIC.replace(b"00:00:50", b"00:50:50"))
    page = ask(editor, lecture, language="en", upload=late)
    page = ask(editor, lecture, language="en", held=held_in(page), encoding="cp1251")
    assert "The captions end at 50:50" in page
    assert '<input type="hidden" name="encoding" value="cp1251"' in page


def test_file_that_is_held_is_nobody_elses(cast: Cast, editor: Client, lecture: Activity) -> None:
    token = held_in(ask(editor, lecture, language="en", upload=SimpleUploadedFile("a.srt", CYRILLIC)))
    editor.force_login(cast.admin)
    for sent in (token, "nonsense", ""):
        assert "Choose a file." in ask(editor, lecture, language="ru", held=sent)
    assert tracks(lecture) == []
