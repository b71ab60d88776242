"""What somebody uploaded never runs in our origin: not as a script, a style, a worker or a document."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from courses import encodings
from files.serving import CHARSETS
from tests.cast import Cast
from tests.factories import lectures
from tests.files.responses import ask, stored

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
ACTIVE = [
    "a.js", "a.mjs", "a.cjs", "a.jsm", "a.ts", "a.css", "a.html", "a.htm", "a.xhtml", "a.xht", "a.shtml", "a.svg",
    "a.svgz", "a.xml", "a.xsl", "a.xslt", "a.rss", "a.atom", "a.rdf", "a.mathml", "a.swf", "a.wasm", "a.json",
    "a.webmanifest", "a.map", "a.htc", "a.vtt", "a.csv", "a.ics", "a.mht", "a.mhtml", "a.eml", "a.hta", "a.php", "a.py",
    "a.jar", "a.appcache", "a.htaccess", ".htaccess", "noextension", "", ".", "a.",
]  # fmt: skip
ODD = [
    "A.JS", "a.Html", "a.SVG", "a.js.", "a.js..", "a.js ", "a.html\u00a0", "a.html\n", "a.html\0.png.", "a.png.html",
    "a.jpg.svg", "a.txt;.html", "a.html.gz", "a.js#.js", "data:text/html,x", "data:text/javascript;base64,eA==",
    "data:,.svg", "../a.html", "a\u202egpj.js", "a.\uff48\uff54\uff4d\uff4c",
]  # fmt: skip
CLAIMED = [
    "text/html", "text/javascript", "application/javascript", "text/css", "image/svg+xml", "application/xhtml+xml",
    "text/xml", "application/xml", "application/json", "application/wasm", "text/vtt", "text/plain; charset=utf-7",
    "TEXT/HTML", "image/png, text/html", "image/png\t", " text/plain", "", "*/*", "text/html; x=image/png",
    "multipart/x-mixed-replace", "application/x-shockwave-flash", "text/cache-manifest", "message/rfc822",
]  # fmt: skip
POLYGLOT = b"GIF89a/*<svg/onload=alert(1)>*/=0;<script>alert(1)</script>"
RUN = [
    "script", "style", "worker", "serviceworker", "sharedworker", "xslt", "manifest", "json", "audioworklet",
    "paintworklet", "speculationrules", "Script", " script",
]  # fmt: skip


@pytest.mark.parametrize("name", [*ACTIVE, *ODD])
def test_what_could_run_is_bytes_and_is_downloaded(name: str) -> None:
    response = ask(stored(name, POLYGLOT))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"].split("; ")


def test_every_encoding_that_a_course_names_for_a_text_is_told_to_the_browser() -> None:
    assert {*encodings.BROWSERS.values(), "utf-8", "utf-16le", "utf-16be"} == CHARSETS


@pytest.mark.parametrize("claimed", CLAIMED)
def test_type_that_a_row_claims_is_believed_only_from_the_list(claimed: str) -> None:
    file = stored("a.bin", POLYGLOT)
    file.content_type = claimed
    response = ask(file)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["a.png", "a.gif", "a.jpg", "a.webp", "a.avif", "a.mp3", "a.mp4", "a.pdf", "a.txt"])
@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=2-5"}, {"Range": "bytes=99999-"}, {"If-None-Match": "*"}])
def test_polyglot_keeps_the_type_of_its_name_and_is_not_sniffed(name: str, asked: dict[str, str]) -> None:
    response = ask(stored(name, POLYGLOT), **asked)
    kind = response["Content-Type"].partition("/")[0]
    assert kind in ("image", "audio", "video") or response["Content-Type"] in (
        "application/pdf",
        "text/plain; charset=utf-8",
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"Sec-Fetch-Dest": "image"}, "image/svg+xml"),
        ({"Accept": "image/avif,image/webp,image/svg+xml,*/*;q=0.8"}, "image/svg+xml"),
        ({"Sec-Fetch-Dest": "document", "Accept": "image/png"}, "application/octet-stream"),
        ({"Sec-Fetch-Dest": "iframe"}, "application/octet-stream"),
        ({"Sec-Fetch-Dest": "object"}, "application/octet-stream"),
        ({"Sec-Fetch-Dest": "embed"}, "application/octet-stream"),
        ({"Sec-Fetch-Dest": "empty"}, "application/octet-stream"),
        ({"Accept": "text/html,application/xhtml+xml,image/svg+xml"}, "application/octet-stream"),
        ({}, "application/octet-stream"),
    ],
)
def test_drawing_is_a_picture_inside_a_page_and_a_document_nowhere(asked: dict[str, str], kind: str) -> None:
    response = ask(stored("a.svg", b"<svg onload='alert(1)'/>"), **asked)
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"].startswith("inline" if kind == "image/svg+xml" else "attachment")
    assert "Sec-Fetch-Dest" in response["Vary"]


@pytest.mark.parametrize("wanted", RUN)
@pytest.mark.parametrize("name", ["a.js", "a.png", "a.txt", "a.pdf"])
def test_file_that_is_asked_for_to_be_run_is_refused(wanted: str, name: str) -> None:
    with pytest.raises(PermissionDenied):
        ask(stored(name), **{"Sec-Fetch-Dest": wanted})


def test_file_is_no_service_worker() -> None:
    with pytest.raises(PermissionDenied):
        ask(stored("a.js"), **{"Service-Worker": "script"})


@pytest.mark.parametrize("wanted", ["document", "empty", "image", "video", "audio", "track", "none"])
def test_file_is_sent_to_whoever_looks_at_it(wanted: str) -> None:
    assert ask(stored("a.png"), **{"Sec-Fetch-Dest": wanted}).status_code == 200


def test_neither_proxy_nor_bucket_is_named_for_what_would_run(settings: Settings) -> None:
    settings.ACCEL_PREFIX = "/protected/"
    with pytest.raises(PermissionDenied):
        ask(stored("a.js"), **{"Sec-Fetch-Dest": "script"})


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Dest": "script"}, {"Service-Worker": "script"}])
def test_every_address_of_bytes_refuses_to_be_run(headers: dict[str, str], cast: Cast, as_user: SignIn) -> None:
    made, client = lectures.lecture(cast.module, title="Bees on film", position=7), as_user(cast.student)
    recording = made.lecture.recording
    for address in (
        f"/files/{cast.file.file_content.course_file.pk}/sheet.pdf",
        f"/recordings/{recording.pk}/talk.mp4",
        f"/recordings/{recording.pk}/poster.jpg",
        f"/captions/{recording.tracks.first().pk}.vtt",
    ):
        assert client.get(address).status_code == 200
        assert client.get(address, headers=headers).status_code == 403
        assert client.get(address)["Content-Security-Policy"].startswith("default-src 'none'")
        assert client.get(address)["X-Content-Type-Options"] == "nosniff"
        assert client.get(address)["Cross-Origin-Resource-Policy"] == "same-origin"


def test_outsider_is_told_nothing_by_the_refusal(cast: Cast, as_user: SignIn) -> None:
    address = f"/files/{cast.file.file_content.course_file.pk}/sheet.pdf"
    assert as_user(cast.outsider).get(address, headers={"Sec-Fetch-Dest": "script"}).status_code == 404
