"""A plain text file of a course is shown in the encoding in which it was written."""

import io

import pytest
from django.test import Client

from courses.services.course_files import add_file
from tests.cast import Cast
from tests.factories import courses as make

TEXTS = {
    ("en", "cp1252"): ("Café “naïve” – 20 °C", "windows-1252"),
    ("de", "cp1252"): ("Bienen mögen süße Blüten", "windows-1252"),
    ("ru", "cp1251"): ("Пчёлы видят ультрафиолет", "windows-1251"),
    ("pl", "cp1250"): ("Pszczoły widzą światło i źródło", "windows-1250"),
    ("ja", "cp932"): ("ミツバチは紫外線を見ます", "shift_jis"),
    ("el", "cp1253"): ("Οι μέλισσες βλέπουν", "windows-1253"),
    ("en", "utf-16"): ("Bees see “blue”", "utf-16le"),
    ("en", "utf-8"): ("Café “naïve”", "utf-8"),
    ("ja", "utf-8"): ("ミツバチ", "utf-8"),
    ("en", "utf-8-sig"): ("Café", "utf-8"),
    ("en", "ascii"): ("Bees", "utf-8"),
}


@pytest.mark.parametrize(("language", "encoding"), TEXTS)
def test_text_is_told_to_browsers_as_it_was_written(language: str, encoding: str, cast: Cast, client: Client) -> None:
    words, named = TEXTS[language, encoding]
    cast.course.language = language
    cast.course.save()
    data = f"{words}\n".encode(encoding)
    activity = make.file_activity(cast.module, "notes.txt", data, position=20)
    client.force_login(cast.student)
    found = activity.file_content.course_file
    response = client.get(f"/files/{found.pk}/notes.txt")
    assert response["Content-Type"] == f"text/plain; charset={named}"
    assert b"".join(response.streaming_content) == data


def test_letter_that_is_cut_where_looking_ends_is_none_that_is_broken(cast: Cast) -> None:
    data = ("ä" * 127 + "\n").encode() * 2000
    found = add_file(cast.course, io.BytesIO(b"\n" + data), "long.txt")
    assert found.file.content_type == "text/plain"


def test_text_that_was_stored_before_is_told_right_when_it_comes_again(cast: Cast) -> None:
    data = "Café\n".encode("cp1252")
    found = add_file(cast.course, io.BytesIO(data), "notes.txt")
    found.file.content_type = "text/plain"
    found.file.save()
    again = add_file(cast.course, io.BytesIO(data), "notes.txt")
    assert (again.file.pk, again.file.content_type) == (found.file.pk, "text/plain; charset=windows-1252")


@pytest.mark.parametrize("name", ["page.html", "run.js", "table.csv", "letter.svg"])
def test_what_is_no_plain_text_is_told_as_before(name: str, cast: Cast) -> None:
    found = add_file(cast.course, io.BytesIO("Café".encode("cp1252")), name)
    assert "charset" not in found.file.content_type
