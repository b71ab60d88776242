"""What people bring in the place of a course package: named at once in the browser, and by the command, in one way."""

import gzip
import html
import io
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from courses.models import Course, CourseImport
from files.models import File
from tests.cast import Cast
from tests.factories.cartridges import QUIZ_XML, Cartridge, resource, zip_bytes


def tar(*names: str, mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    return buffer.getvalue()


def questions(version: str, kind: str, schema: str, outline: str = "") -> bytes:
    picture = resource("p", "webcontent", "q/a.png", href="q/a.png")
    manifest = (
        '<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1">'
        f"<metadata><schema>{schema}</schema><schemaversion>{version}</schemaversion></metadata>"
        f"<organizations>{outline}</organizations><resources>{resource('q', kind, 'q/q.xml', href='q/q.xml')}{picture}"
        "</resources></manifest>"
    )
    return zip_bytes({"imsmanifest.xml": manifest, "q/q.xml": QUIZ_XML.format(title="Tides"), "q/a.png": b"PNG"})


def scorm(inside: str, **more: bytes) -> bytes:
    return zip_bytes({"imsmanifest.xml": f'<manifest identifier="m">{" " * 9000}{inside}</manifest>', **more})


SCORM_RESOURCE = '<resources><resource identifier="r" type="webcontent" x:scormtype="sco" href="a.html"/></resources>'
RESPONDUS = '<organization><item identifier="i" identifierref="q"><title>Quiz</title></item></organization>'
FOREIGN: dict[str, tuple[Callable[[], bytes], str]] = {
    "QTI 1.2 of Canvas": (lambda: questions("1.1.3", "imsqti_xmlv1p2", "IMS Content"), "quiz questions"),
    "QTI 1.2 of Respondus": (lambda: questions("1.1.3", "imsqti_xmlv1p1", "IMS Content", RESPONDUS), "quiz questions"),
    "QTI 2.1": (lambda: questions("2.0", "imsqti_item_xmlv2p1", "QTIv2.1 Package"), "quiz questions"),
    "QTI 2.2": (lambda: questions("1.0", "imsqti_test_xmlv2p2", "QTIv2.2"), "quiz questions"),
    "a file of questions": (lambda: QUIZ_XML.format(title="Tides").encode(), "quiz questions"),
    "Moodle's questions": (
        lambda: b'<?xml version="1.0"?>\n<quiz>\n<question/></quiz>',
        "quiz questions",
    ),
    "a Moodle backup": (lambda: tar(".ARCHIVE_INDEX", "activities/forum_2/forum.xml"), "a Moodle backup"),
    "an old Moodle backup": (lambda: tar("activities/quiz_4/quiz.xml", "moodle_backup.xml"), "a Moodle backup"),
    "a Moodle backup as zip": (lambda: zip_bytes({"moodle_backup.xml": b"<x/>"}), "a Moodle backup"),
    "a backup of Moodle 1.9": (
        lambda: zip_bytes({"moodle.xml": b"<MOODLE_BACKUP/>", "course_files/a.pdf": b"%PDF"}),
        "Moodle 1.9",
    ),
    "an Open edX export": (lambda: tar("course/chapter/a.xml", "course/course.xml"), "Open edX"),
    "an Open edX export in a folder": (lambda: tar("bees-2025/course.xml", mode="w"), "Open edX"),
    "another tar archive": (lambda: tar("holiday/a.txt"), "a tar archive"),
    "a gzip of a table": (lambda: gzip.compress(b"id,name\n" * 90), "a RAR, 7-Zip or similar archive"),
    "SCORM, said far below": (lambda: scorm(SCORM_RESOURCE), "SCORM"),
    "SCORM, by its schemas": (lambda: scorm("<organization/>", **{"adlcp_rootv1p2.xsd": b"<x/>"}), "SCORM"),
    "a zip of documents": (lambda: zip_bytes({"a.pdf": b"%PDF", "b/c.html": b"<p>"}), "an ordinary zip archive"),
    "a package in a zip": (lambda: zip_bytes({"Biology/bees.imscc": b"PK", "readme.txt": b"x"}), "Biology/bees.imscc"),
    "a zip in a zip": (lambda: zip_bytes({"bees.zip": b"PK", "__MACOSX/._bees.zip": b""}), "bees.zip"),
    "a PDF": (lambda: b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "a PDF document"),
    "a document of LibreOffice": (lambda: zip_bytes({"mimetype": b"x", "META-INF/manifest.xml": b"<x/>"}), "office"),
    "an old document of Word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "office"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(90), "a picture"),
    "a picture of a telephone": (lambda: struct.pack(">I", 24) + b"ftypheic" + bytes(90), "a picture"),
    "a picture of the web": (lambda: b"RIFF\x10\0\0\0WEBPVP8 " + bytes(90), "a picture"),
    "questions in GIFT": (lambda: b"// Tides\n::Q1:: 2+2 {=4 ~5}\n", "quiz questions"),
    "questions in Aiken": (lambda: b"What is 2+2?\r\nA. 3\r\nB. 4\r\nANSWER: B\r\n", "quiz questions"),
    "a video": (lambda: struct.pack(">I", 24) + b"ftypisom" + bytes(90), "a video or audio file"),
    "a page": (lambda: b"\xef\xbb\xbf  <!doctype html><p>404", "a web page"),
    "words": (lambda: "Dear all, voilà my course".encode(), "a text file"),
    "7-Zip": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(60), "RAR, 7-Zip"),
    "noise": (lambda: b"\x01\x02\x03" * 300, "not a zip archive"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", FOREIGN)
def test_browser_and_command_name_it_in_the_same_words(case: str, cast: Cast, client: Client, tmp_path: Path) -> None:
    make, expected = FOREIGN[case]
    path = tmp_path / "course.imscc"
    path.write_bytes(make())
    with pytest.raises(CommandError) as refusal:
        call_command("import_course", path, stdout=io.StringIO())
    assert expected in str(refusal.value)
    client.force_login(cast.admin)
    tables = (Course, CourseImport, File)
    before = [table.objects.count() for table in tables]
    upload = SimpleUploadedFile("whatever.it.is.called", make())
    response = client.post("/edit/imports/new/", {"package": upload})
    assert response.status_code == 422
    assert str(refusal.value) in html.unescape(response.content.decode())
    assert [table.objects.count() for table in tables] == before


@pytest.mark.parametrize("name", ["bees.imscc", "bees.zip", "bees", "bees.imscc.download"])
def test_package_is_taken_whatever_it_is_called(name: str, cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    content = zip_bytes(Cartridge().page("a").all_files())
    response = client.post("/edit/imports/new/", {"package": SimpleUploadedFile(name, content)})
    run = CourseImport.objects.get()
    assert response["Location"] == f"/edit/imports/{run.pk}/"
    with run.upload.blob.open("rb") as stored:
        assert stored.read() == content


def test_course_of_quizzes_alone_is_still_a_course(tmp_path: Path, cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    content = zip_bytes(Cartridge().quiz("tides").all_files())
    assert client.post("/edit/imports/new/", {"package": SimpleUploadedFile("a.zip", content)}).status_code == 302
