"""Behind a proxy or a bucket, the file is handed over with the same promises; this process sends no byte."""

from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings
from storages.backends.s3 import S3Storage

from accounts.models import User
from tests.cast import Cast
from tests.files.responses import ask, body, stored

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
S3 = "storages.backends.s3.S3Storage"
BUCKET = {
    "bucket_name": "lessons",
    "endpoint_url": "https://bucket.example.org",
    "region_name": "eu-north-1",
    "access_key": "not-a-key",
    "secret_key": "not-a-secret",
    "querystring_expire": 300,
}


@pytest.fixture
def proxy(settings: Settings) -> None:
    settings.ACCEL_PREFIX = "/protected/"


def test_proxy_is_told_where_the_bytes_lie(proxy: None) -> None:
    file = stored("Übung.pdf")
    response = ask(file)
    assert response["X-Accel-Redirect"] == f"/protected/{file.blob.name}"
    assert body(response) == b""
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''%C3%9Cbung")


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=2-5"}, {"Range": "bytes=99-"}, {"If_None_Match": "*"}])
def test_proxy_answers_ranges_itself(asked: dict[str, str], proxy: None) -> None:
    response = ask(stored(), **asked)
    assert response.status_code == 200
    assert "Content-Range" not in response
    assert "X-Accel-Redirect" in response


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.js", "a.xml"])
def test_proxy_sends_the_sandbox_along(name: str, proxy: None) -> None:
    response = ask(stored(name))
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-cache"


def test_outsider_is_handed_nothing(proxy: None, cast: Cast, as_user: SignIn) -> None:
    found = cast.file.file_content.course_file
    for person in (None, cast.outsider):
        assert "X-Accel-Redirect" not in as_user(person).get(f"/files/{found.pk}/sheet.pdf")


@pytest.fixture
def led(settings: Settings) -> Callable[[str], SplitResult]:
    """Where a reader of a file of that name is led, when its bytes lie in a bucket. Signing needs no network."""

    def lead(name: str) -> SplitResult:
        file = stored(name)
        settings.S3_BUCKET = "lessons"
        file.blob.storage = S3Storage(**BUCKET)
        response = ask(file)
        assert response.status_code == 302
        assert urlsplit(response["Location"]).path == f"/lessons/{file.blob.name}"
        return urlsplit(response["Location"])

    return lead


def test_bucket_address_is_signed_and_ends_in_five_minutes(led: Callable[[str], SplitResult]) -> None:
    address = led("sheet.pdf")
    signed = parse_qs(address.query)
    assert (address.scheme, address.netloc) == ("https", "bucket.example.org")
    assert signed["X-Amz-Signature"][0]
    assert signed["X-Amz-Expires"] == ["300"]
    assert "not-a-secret" not in address.query


@pytest.mark.parametrize(
    ("name", "kind", "disposition"),
    [
        ("sheet.pdf", "application/pdf", 'inline; filename="sheet.pdf"'),
        ("Übung.pdf", "application/pdf", "inline; filename*=utf-8''%C3%9Cbung.pdf"),
        ('quote".png', "image/png", 'inline; filename="quote\\".png"'),
        ("page.html", "application/octet-stream", 'attachment; filename="page.html"'),
        ("drawing.svg", "application/octet-stream", 'attachment; filename="drawing.svg"'),
        ("notes.txt", "text/plain; charset=utf-8", 'inline; filename="notes.txt"'),
        ("code.js", "application/octet-stream", 'attachment; filename="code.js"'),
        ("data", "application/octet-stream", 'attachment; filename="data"'),
    ],
)
def test_bucket_answers_with_the_type_and_disposition_that_were_signed(
    name: str, kind: str, disposition: str, led: Callable[[str], SplitResult]
) -> None:
    signed = parse_qs(led(name).query)
    assert signed["response-content-type"] == [kind]
    assert signed["response-content-disposition"] == [disposition]


def test_signed_address_is_kept_by_no_cache(settings: Settings, cast: Cast, as_user: SignIn) -> None:
    """A kept redirect would outlive the enrolment, and its signature."""
    found = cast.file.file_content.course_file
    settings.S3_BUCKET = "lessons"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": S3, "OPTIONS": BUCKET}}
    response = as_user(cast.student).get(f"/files/{found.pk}/sheet.pdf")
    assert response.status_code == 302
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
