"""Who gets the bytes of a course file, asked through its address, also in the middle of playing it."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from courses.services.cohorts import set_state
from tests.cast import Cast

SignIn = Callable[[User | None], Client]
CONTENT = b"%PDF-1.4 sheet"


def address(cast: Cast) -> str:
    return f"/files/{cast.file.file_content.course_file.pk}/sheet.pdf"


def test_student_gets_the_bytes_and_parts_of_them(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.student)
    assert client.get(address(cast)).getvalue() == CONTENT
    part = client.get(address(cast), headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.getvalue()) == (206, b"%PDF")
    assert client.head(address(cast))["Content-Length"] == str(len(CONTENT))


@pytest.mark.parametrize("state", ["suspended", "left"])
def test_lost_enrolment_loses_the_file_at_the_next_part(state: str, cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.student)
    first = client.get(address(cast), headers={"Range": "bytes=0-3"})
    assert first.getvalue() == b"%PDF"
    set_state(cast.enrolment, state, by=cast.admin)
    for headers in ({"Range": "bytes=4-7"}, {"If-None-Match": first["ETag"]}, {}):
        assert client.get(address(cast), headers=headers).status_code == 404


def test_enrolment_that_is_brought_back_brings_the_file_back(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.student)
    set_state(cast.enrolment, "suspended", by=cast.admin)
    assert client.get(address(cast)).status_code == 404
    set_state(cast.enrolment, "active", by=cast.admin)
    assert client.get(address(cast)).status_code == 200


def test_suspended_account_loses_the_file_at_the_next_request(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.student)
    assert client.get(address(cast)).status_code == 200
    User.objects.filter(pk=cast.student.pk).update(is_active=False)
    assert client.get(address(cast)).status_code == 302


def test_address_alone_opens_nothing(cast: Cast, as_user: SignIn) -> None:
    assert as_user(None).get(address(cast))["Location"].startswith("/account/login/")
    assert as_user(cast.outsider).get(address(cast)).status_code == 404


def test_id_of_the_bytes_is_not_the_id_of_the_address(cast: Cast, as_user: SignIn) -> None:
    stored = cast.file.file_content.course_file.file
    assert as_user(cast.admin).get(f"/files/{stored.pk}/sheet.pdf").status_code == 404


@pytest.mark.parametrize("name", ["other.html", "..%2f..%2fetc%2fpasswd", "a/b/c.svg", "%22%3E%3Csvg"])
def test_name_in_the_address_decides_nothing(name: str, cast: Cast, as_user: SignIn) -> None:
    response = as_user(cast.student).get(address(cast).replace("sheet.pdf", name))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="sheet.pdf"'


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_file_can_only_be_read(method: str, cast: Cast, as_user: SignIn) -> None:
    assert getattr(as_user(cast.admin), method)(address(cast)).status_code == 405


def test_page_around_a_file_cannot_loosen_its_headers(cast: Cast, as_user: SignIn) -> None:
    """The middlewares set a policy for pages; the file's own, stricter one must be what arrives."""
    response = as_user(cast.student).get(address(cast))
    assert response["Content-Security-Policy"].startswith("default-src 'none'; object-src 'self'")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-3"}])
def test_bytes_are_not_compressed_on_the_way(headers: dict[str, str], cast: Cast, as_user: SignIn) -> None:
    """A compressed part is no part of the file: its length and its `Content-Range` would be wrong."""
    response = as_user(cast.student).get(address(cast), headers={**headers, "Accept-Encoding": "gzip, br"})
    assert response.getvalue() == CONTENT[: 4 if headers else None]
    assert response["Content-Length"] == str(4 if headers else len(CONTENT))
    assert response["ETag"].startswith('"')
