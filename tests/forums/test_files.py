"""Pictures and files of posts: written anew, limited, and readable as the post is."""

import io
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from common import richtext
from courses.models import Cohort
from files import pictures
from files import services as files
from files.models import File
from forums.models import PostFile
from forums.services import moderation, uploads
from tests.cast import Cast
from tests.factories.forums import reply, thread

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


def picture(width: int = 40, height: int = 30, format: str = "JPEG", **values: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(made, format, **values)
    return made.getvalue()


def with_place() -> bytes:
    """As a telephone writes it: turned, with where it was taken and by whom."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "CANARY"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif)


def bring(cohort: Cohort, by: User, name: str, content: bytes) -> PostFile:
    return uploads.bring(cohort, io.BytesIO(content), name, len(content), by=by)


def content(found: PostFile) -> bytes:
    with files.stored(found.file) as stream:
        return stream.read()


def test_a_picture_is_written_anew_without_what_the_camera_said(cast: Cast) -> None:
    found = bring(cast.cohort, cast.student, "IMG_1.jpeg", with_place())
    assert b"CANARY" not in content(found)
    made = Image.open(io.BytesIO(content(found)))
    # It was taken upright.
    assert (made.size, dict(made.getexif())) == ((30, 40), {})
    assert found.file.name == "IMG_1.jpg"


@pytest.mark.parametrize("format", ["PNG", "WEBP", "GIF"])
def test_other_pictures_too_and_large_ones_are_made_smaller(cast: Cast, format: str) -> None:
    found = bring(cast.cohort, cast.student, f"a.{format.lower()}", picture(2_000, 1_000, format))
    assert Image.open(io.BytesIO(content(found))).size == (1_600, 800)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.svg", b"<svg onload=alert(1)>", "kind can’t be posted"),
        ("a.html", b"<script>alert(1)</script>", "kind can’t be posted"),
        ("a.png", b"<svg onload=alert(1)>", "can’t be read"),
        ("a.png", picture()[:-300], "can’t be read"),
        ("a.jpg", b"", "can’t be read"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(cast: Cast, name: str, content: bytes, words: str) -> None:
    with pytest.raises(uploads.Refused, match=words):
        bring(cast.cohort, cast.student, name, content)
    assert not File.objects.filter(uploaded_by=cast.student).exists()


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(cast: Cast) -> None:
    # Of one colour, it is a few kilobytes: the size of the file says nothing.
    large = picture(5_000, 4_000, "PNG")
    assert pictures.MOST_PIXELS < 5_000 * 4_000
    with pytest.raises(uploads.Refused, match="too many pixels"):
        bring(cast.cohort, cast.student, "a.png", large)


def test_a_file_over_the_limit_is_refused(cast: Cast) -> None:
    with pytest.raises(uploads.Refused, match="10 MB"):
        uploads.bring(cast.cohort, io.BytesIO(b"x"), "a.pdf", uploads.LARGEST + 1, by=cast.student)


def test_a_file_is_readable_as_the_post_is_that_shows_it(cast: Cast, as_user: SignIn) -> None:
    found = bring(cast.cohort, cast.student, "plan.pdf", b"%PDF-1.4")
    address = uploads.address_of(found)
    assert as_user(cast.student).get(address).status_code == 200
    # Before it is posted, nobody else has it.
    for person in (cast.other_student, cast.teacher, cast.elsewhere_student):
        assert as_user(person).get(address).status_code == 404
    opened = thread(cast.cohort, cast.student, source=uploads.markdown_of(found, ""))
    found.file.refresh_from_db()
    assert found.file.claimed_at
    for person, status in ((cast.other_student, 200), (cast.observer, 200), (cast.elsewhere_student, 404)):
        assert as_user(person).get(address).status_code == status
    moderation.hide(opened.posts.get(), "No.", by=cast.teacher)
    assert as_user(cast.other_student).get(address).status_code == 404
    assert as_user(cast.teacher).get(address).status_code == 200


def test_nobody_shows_the_file_of_somebody_else(cast: Cast, as_user: SignIn) -> None:
    found = bring(cast.cohort, cast.student, "mine.pdf", b"%PDF-1.4")
    reply(thread(cast.cohort, cast.other_student), cast.other_student, uploads.markdown_of(found, ""))
    assert as_user(cast.other_student).get(uploads.address_of(found)).status_code == 404


def test_a_post_of_more_files_than_others_would_see_is_refused_with_both_figures(cast: Cast) -> None:
    brought = [bring(cast.cohort, cast.student, f"{number}.pdf", b"%PDF-1.4") for number in range(11)]
    lines = [uploads.markdown_of(one, "") for one in brought]
    found = thread(cast.cohort, cast.other_student)
    with pytest.raises(richtext.TooMuch, match=r"shows 11 pictures and files\. The limit is 10"):
        reply(found, cast.student, "\n".join(lines))
    # Named twice, a file is one.
    post = reply(found, cast.student, "\n".join([*lines[:10], *lines[:2]]))
    assert post.files.count() == 10


def test_a_page_says_what_to_write_and_a_script_gets_it(cast: Cast, as_user: SignIn) -> None:
    client, path = as_user(cast.student), f"/cohorts/{cast.cohort.pk}/forum/files/"
    upload = {"file": SimpleUploadedFile("a [b].jpg", picture()), "alternative": "An orange\nfield"}
    page = client.post(path, upload).content.decode()
    assert "![An orange field](/forum/files/" in page
    upload["file"] = SimpleUploadedFile("a.jpg", picture())
    answer = client.post(path, upload, headers={"Accept": "application/json"})
    assert answer.json()["markdown"].startswith("![An orange field](/forum/files/")
    upload = {"file": SimpleUploadedFile("a.jpg", picture())}
    answer = client.post(path, upload, headers={"Accept": "application/json"})
    assert (answer.status_code, "Say what the picture shows" in answer.json()["error"]) == (422, True)


def test_an_upload_that_led_nowhere_goes_with_its_row(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    found = bring(cast.cohort, cast.student, "plan.pdf", b"%PDF-1.4")
    File.objects.filter(pk=found.pk).update(created_at="2020-01-01T00:00Z")
    path = Path(found.file.blob.path)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        files.clear_stale_uploads()
    assert not PostFile.objects.exists()
    assert not path.exists()


def test_the_bytes_of_a_cohort_that_is_erased_go_along(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    found = bring(cast.cohort, cast.student, "plan.pdf", b"%PDF-1.4")
    thread(cast.cohort, cast.student, source=uploads.markdown_of(found, ""))
    path = Path(found.file.blob.path)
    with django_capture_on_commit_callbacks(execute=True):
        cast.enrolment.cohort.threads.all().delete()
        PostFile.objects.filter(cohort=cast.cohort).delete()
    assert not File.objects.filter(pk=found.pk).exists()
    assert not path.exists()


def test_an_old_key_reads_no_other_file(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.student).get(f"/forum/files/{uuid4()}/a.pdf").status_code == 404
