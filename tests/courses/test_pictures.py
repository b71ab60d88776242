"""Pictures that authors put into texts of a course."""

import io
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from courses.models import CourseFile, Reading
from courses.services import course_files
from files import pictures
from files import services as files
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
JSON = {"Accept": "application/json"}


def picture(format: str = "PNG", **values: object) -> bytes:
    made = io.BytesIO()
    # One in grey stays a PNG.
    Image.new("L" if format == "PNG" else "RGB", (40, 30), "grey").save(made, format, **values)
    return made.getvalue()


def sent(name: str, content: bytes | None = None, alternative: str = "A bar chart") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, content or picture()), "alternative": alternative}


def bring(client: Client, cast: Cast, name: str) -> str:
    answer = client.post(f"/edit/courses/{cast.course.pk}/pictures/", sent(name), headers=JSON)
    assert answer.status_code == 200, answer.content
    return answer.json()["markdown"]


def typed(source: str, **values: str) -> dict[str, str]:
    return {"title": "Bee eyes", "minutes": "5", "required": "on", "published": "on", "rule": "read"} | {
        "format": "markdown",
        "source": source,
        **values,
    }


@pytest.mark.parametrize("name", ["my chart (40%).png", "50%25 #1?.png", "תרשים עוגה.png", "a'b [c].png"])
def test_a_picture_is_brought_and_students_of_the_lesson_see_it(cast: Cast, as_user: SignIn, name: str) -> None:
    editor = as_user(cast.editor)
    markdown = bring(editor, cast, name)
    found = CourseFile.objects.get(course=cast.course, path=name)
    assert markdown == f"![A bar chart](file:{quote(name)})"
    address = f"/files/{found.pk}/{quote(name)}"
    assert editor.get(address).status_code == 200
    # Nothing shows it yet.
    assert as_user(cast.student).get(address).status_code == 404
    page = as_user(cast.editor).post(f"/edit/activities/{cast.reading.pk}/", typed(markdown), follow=True)
    assert "not in this course" not in page.content.decode()
    student = as_user(cast.student)
    assert f'src="/files/{found.pk}/' in student.get(f"/lessons/{cast.reading.pk}/").content.decode()
    assert student.get(address).status_code == 200


def test_a_picture_is_written_anew_without_what_the_camera_said(cast: Cast, as_user: SignIn) -> None:
    exif = Image.Exif()
    exif[0x013B] = "CANARY"
    client = as_user(cast.editor)
    client.post(f"/edit/courses/{cast.course.pk}/pictures/", sent("a.jpeg", picture("JPEG", exif=exif)), headers=JSON)
    found = CourseFile.objects.select_related("file").get(course=cast.course, path="a.jpg")
    with files.stored(found.file) as stream:
        assert b"CANARY" not in stream.read()


def test_two_pictures_of_one_name_are_both_kept(cast: Cast, as_user: SignIn) -> None:
    client, path = as_user(cast.editor), f"/edit/courses/{cast.course.pk}/pictures/"
    client.post(path, sent("image.png"), headers=JSON)
    other = io.BytesIO()
    Image.new("L", (4, 3), "white").save(other, "PNG")
    answer = client.post(path, sent("image.png", other.getvalue()), headers=JSON)
    assert answer.json()["markdown"] == "![A bar chart](file:image%20%282%29.png)"
    assert set(CourseFile.objects.values_list("path", flat=True)) >= {"image.png", "image (2).png"}


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (sent("a.png", alternative=" "), "Say what the picture shows"),
        (sent("a.svg", b"<svg onload=alert(1)>"), "Choose a picture"),
        (sent("a.pdf", b"%PDF-1.4"), "Choose a picture"),
        (sent("a.png", b"<svg onload=alert(1)>"), "can’t be read"),
        ({"alternative": "Nothing"}, "Choose a file"),
    ],
)
def test_what_is_no_picture_or_has_no_words_is_refused(
    cast: Cast, as_user: SignIn, upload: dict[str, object], words: str
) -> None:
    before = CourseFile.objects.count()
    answer = as_user(cast.editor).post(f"/edit/courses/{cast.course.pk}/pictures/", upload, headers=JSON)
    assert (answer.status_code, words in answer.json()["error"]) == (422, True)
    assert CourseFile.objects.count() == before


def test_size_and_number_of_pictures_are_limited(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(course_files.Refused, match="10 MB"):
        course_files.add_picture(cast.course, io.BytesIO(b"x"), "a.png", pictures.LARGEST + 1, by=cast.editor)
    monkeypatch.setattr(course_files, "MOST_A_DAY", 1)
    course_files.add_picture(cast.course, io.BytesIO(picture()), "a.png", 10, by=cast.editor)
    with pytest.raises(course_files.Refused, match="past day"):
        course_files.add_picture(cast.course, io.BytesIO(picture()), "b.png", 10, by=cast.editor)


def test_without_a_script_a_page_takes_the_picture_and_says_what_to_write(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.editor)
    form = client.get(f"/edit/activities/{cast.reading.pk}/").content.decode()
    assert f'href="/edit/courses/{cast.course.pk}/pictures/"' in form
    page = client.post(f"/edit/courses/{cast.course.pk}/pictures/", sent("a b.png", alternative='A "bar" & more'))
    page = page.content.decode()
    assert "![A &quot;bar&quot; &amp; more](file:a%20b.png)" in page
    assert "&lt;img src=&quot;file:a%20b.png&quot;" in page.replace('"file:', "&quot;file:").replace(
        'png"', "png&quot;"
    )


def test_a_preview_shows_the_text_with_its_pictures_and_saves_nothing(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.editor)
    markdown = bring(client, cast, "chart.png")
    before = Reading.objects.get(activity=cast.reading).source
    values = typed(f"Look **here**:\n\n{markdown}", preview="")
    response = client.post(f"/edit/activities/{cast.reading.pk}/", values)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Nothing is saved yet" in page
    assert "<strong>here</strong>" in page
    assert f'src="/files/{CourseFile.objects.get(path="chart.png").pk}/chart.png"' in page
    assert Reading.objects.get(activity=cast.reading).source == before


def test_a_preview_of_a_faulty_form_says_what_is_wrong(cast: Cast, as_user: SignIn) -> None:
    page = as_user(cast.editor).post(f"/edit/activities/{cast.reading.pk}/", typed("Text", title="", preview=""))
    assert page.status_code == 422
    assert "Nothing is saved yet" not in page.content.decode()


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("my chart (40%).png", "![x](file:my chart (40%).png)"),
        ("my chart (40%).png", "![x](file:my%20chart%20(40%25).png)"),
        ("my chart (40%).png", "![x](<file:my chart (40%).png>)"),
        ("my chart (40%).png", '![x](file:my chart (40%).png "A title")'),
        ("my chart (40%).png", "![x][chart]\n\n[chart]: file:my chart (40%).png\n"),
        ("plain.png", "![x](file:plain.png 'A title')"),
        ("100%.png", "![x](file:100%.png)"),
        ("50%ab.png", "![x](file:50%ab.png)"),
        ("my 50%ab.png", "![x](file:my 50%ab.png)"),
        ("a%20b.png", "![x](file:a%20b.png)"),
        ("chart #1.png", "![x](file:chart #1.png)"),
        ("week 1/מפה.png", "![x](file:week 1/מפה.png)"),
        ("my chart.png", '<img src="file:my chart.png" alt="x">'),
    ],
)
def test_a_file_is_named_as_it_is_called(cast: Cast, as_user: SignIn, path: str, written: str) -> None:
    found = course_files.add_file(cast.course, io.BytesIO(picture()), path)
    values = typed(f"{written}\n\nand `file:my chart.png`", format="html" if written[0] == "<" else "markdown")
    page = as_user(cast.editor).post(f"/edit/activities/{cast.reading.pk}/", values, follow=True).content.decode()
    assert "not in this course" not in page
    assert f'<img src="/files/{found.pk}/' in Reading.objects.get(activity=cast.reading).html


def test_a_name_with_blanks_that_leads_nowhere_is_said_at_saving(cast: Cast, as_user: SignIn) -> None:
    values = typed("![x](file:my chart (40%).png)")
    page = as_user(cast.editor).post(f"/edit/activities/{cast.reading.pk}/", values, follow=True).content.decode()
    assert "“file:my chart (40%).png”" in page


def test_the_form_of_a_file_says_under_which_name_texts_link_to_it(cast: Cast, as_user: SignIn) -> None:
    client, upload = as_user(cast.editor), SimpleUploadedFile("my sheet.pdf", b"%PDF")
    values = {"title": "Sheet", "rule": "marked", "upload": upload, "note": ""}
    client.post(f"/edit/modules/{cast.module.pk}/new/file/", values)
    made = cast.module.activities.get(title="Sheet")
    assert "[words](file:my sheet.pdf)" in client.get(f"/edit/activities/{made.pk}/").content.decode()
