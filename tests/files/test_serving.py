"""Answers to requests for a file: ranges, caches, and what a browser may do with what it gets."""

from pathlib import Path
from tracemalloc import get_traced_memory, start, stop

import pytest
from django.http import Http404, StreamingHttpResponse

from files.models import File
from tests.files.responses import DIGITS, ask, body, pieces, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def digits() -> File:
    return stored()


@pytest.mark.parametrize(
    ("asked", "status", "sent", "content_range"),
    [
        (None, 200, DIGITS, None),
        ("bytes=0-", 206, DIGITS, "bytes 0-9/10"),
        ("bytes=0-9", 206, DIGITS, "bytes 0-9/10"),
        ("bytes=2-5", 206, b"2345", "bytes 2-5/10"),
        ("bytes=8-", 206, b"89", "bytes 8-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, DIGITS, "bytes 0-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, DIGITS, None),
        ("bytes=5-2", 200, DIGITS, None),
        ("nonsense", 200, DIGITS, None),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_range_is_answered_as_the_rfc_says(
    method: str, asked: str | None, status: int, sent: bytes, content_range: str | None, digits: File
) -> None:
    response = ask(digits, method, **({"Range": asked} if asked else {}))
    assert response.status_code == status
    assert response.get("Content-Range") == content_range
    assert response["Accept-Ranges"] == "bytes"
    assert body(response) == (sent if method == "GET" else b"")
    if status != 416:
        assert response["Content-Length"] == str(len(sent))


@pytest.mark.parametrize(("asked", "status"), [(None, 200), ("bytes=0-", 416), ("bytes=-1", 416), ("bytes=5-2", 200)])
def test_empty_file(asked: str | None, status: int) -> None:
    response = ask(stored(content=b""), **({"Range": asked} if asked else {}))
    assert response.status_code == status
    assert body(response) == b""
    assert response.get("Content-Range") == ("bytes */0" if status == 416 else None)


def test_range_counts_only_for_the_version_that_the_browser_has(digits: File) -> None:
    etag = ask(digits)["ETag"]
    assert ask(digits, Range="bytes=2-5", If_Range=etag).status_code == 206
    for other in ('"another"', f"W/{etag}", "Sun, 22 Nov 2026 10:00:00 GMT", ""):
        response = ask(digits, Range="bytes=2-5", If_Range=other)
        assert (response.status_code, body(response)) == (200, DIGITS)


def test_if_range_without_a_range_asks_for_the_whole(digits: File) -> None:
    assert ask(digits, If_Range=ask(digits)["ETag"]).status_code == 200


@pytest.mark.parametrize("known", ["{etag}", "W/{etag}", '"older", {etag}', "*"])
def test_browser_that_has_the_bytes_is_not_sent_them_again(known: str, digits: File) -> None:
    etag = ask(digits)["ETag"]
    response = ask(digits, If_None_Match=known.format(etag=etag), Range="bytes=2-5")
    assert response.status_code == 304
    assert response["ETag"] == etag
    assert body(response) == b""


def test_browser_with_other_bytes_is_sent_these(digits: File) -> None:
    assert ask(digits, If_None_Match='"older"').status_code == 200


def test_other_bytes_have_another_tag() -> None:
    assert ask(stored(content=b"one"))["ETag"] != ask(stored(content=b"two"))["ETag"]
    assert ask(stored(content=b"one"))["ETag"] == ask(stored(content=b"one"))["ETag"]


def test_file_whose_bytes_are_gone_is_not_found_and_told_of(digits: File, caplog: pytest.LogCaptureFixture) -> None:
    digits.blob.storage.delete(digits.blob.name)
    with pytest.raises(Http404):
        ask(digits)
    assert f"The bytes of the file {digits.pk} are gone." in caplog.text


def test_head_opens_no_file(digits: File) -> None:
    Path(digits.blob.path).unlink()
    assert ask(digits, "HEAD")["Content-Length"] == "10"


def test_large_file_is_streamed_in_small_pieces(tmp_path: Path) -> None:
    file = stored()
    with open(file.blob.path, "r+b") as stream:
        stream.truncate(1024**3)
    file.size = 1024**3
    start()
    response = ask(file, Range=f"bytes={1024**3 - 32 * 1024**2}-")
    sent = sum(len(piece) for piece in pieces(response))
    _, peak = get_traced_memory()
    stop()
    assert isinstance(response, StreamingHttpResponse)
    assert sent == 32 * 1024**2
    assert peak < 4 * 1024**2


@pytest.mark.parametrize("range_", [None, "bytes=2-5", "bytes=99-"])
def test_every_answer_may_be_kept_only_by_this_browser_and_asked_for_again(range_: str | None, digits: File) -> None:
    response = ask(digits, **({"Range": range_} if range_ else {}))
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Vary"] == "Cookie, Sec-Fetch-Dest"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.txt", "a.png", "a.mp4", "a.vtt", "a.bin", "a.csv"])
def test_every_type_but_pdf_is_sandboxed_without_scripts(name: str) -> None:
    policy = ask(stored(name, b"<svg onload='alert(1)'/>"))["Content-Security-Policy"]
    assert "sandbox" in policy.split("; ")
    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_pdf_may_be_read_by_the_browser_and_framed_by_nobody() -> None:
    policy = ask(stored("a.pdf", b"%PDF-1.4"))["Content-Security-Policy"]
    assert "sandbox" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.png", "image/png"), ("a.JPG", "image/jpeg"), ("a.mp4", "video/mp4"), ("a.pdf", "application/pdf"),
        ("a.txt", "text/plain; charset=utf-8"), ("a.MP3", "audio/mpeg"), ("a.wav", "audio/x-wav"),
    ],
)  # fmt: skip
def test_known_types_are_shown_in_place(name: str, kind: str) -> None:
    response = ask(stored(name, b"anything"))
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize(
    ("name", "kind"), [("a.tar.gz", "application/octet-stream"), ("a", "application/octet-stream")]
)
def test_type_that_is_not_known_is_bytes(name: str, kind: str) -> None:
    assert ask(stored(name))["Content-Type"] == kind
