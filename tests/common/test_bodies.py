"""What a request may carry is decided from its head: the body of the refused is never read."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from common import bodies
from courses.captions import MOST_BYTES
from courses.models import CourseImport
from tests.cast import Cast
from tests.factories import lectures
from tests.factories.cartridges import Cartridge, zip_bytes

SignIn = Callable[[User | None], Client]
FORM = "multipart/form-data; boundary=b"
ORDINARY = settings.ORDINARY_BODY_BYTES
LARGE = 200 * 1024**2


class Unread(BytesIO):
    """A body that nobody may ask for."""

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("The body was read.")

    readline = read


def send(client: Client, path: str, length: int, **extra: object) -> HttpResponse:
    # With the cookie, CSRF goes on to look for its token in the body.
    client.handler.enforce_csrf_checks = True
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    head = {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": FORM, "wsgi.input": Unread(), **extra}
    return client.generic("POST", path, **head)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/account/login/", 413),
        ("/account/password/reset/", 413),
        ("/healthz", 413),
        ("/nowhere/at/all/", 404),
        ("/me/", "in"),
        ("/edit/imports/new/", "in"),
        ("/edit/activities/1/captions/", "in"),
    ],
)
def test_a_large_body_of_a_stranger_is_not_read(path: str, status: int | str, db: None) -> None:
    response = send(Client(), path, LARGE)
    if status == "in":
        assert response["Location"].startswith("/account/login/")
    else:
        assert response.status_code == status


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_the_method_makes_no_difference(method: str, db: None) -> None:
    head = {"CONTENT_LENGTH": str(LARGE), "CONTENT_TYPE": FORM, "wsgi.input": Unread()}
    assert Client().generic(method, "/account/login/", **head).status_code == 413


@pytest.mark.parametrize("length", ["209_715_200", "+209715200", "0" * 40 + "209715200", "9" * 5000, "-1", "²"])
def test_a_length_written_strangely_gets_no_body_read(length: str, db: None) -> None:
    assert send(Client(), "/account/login/", 0, CONTENT_LENGTH=length).status_code == 413


def addresses(cast: Cast) -> dict[str, int]:
    """Address -> what it takes in all."""
    lecture = lectures.lecture(cast.module, title="Bees on film", position=70)
    file = settings.UPLOAD_LIMIT_BYTES + ORDINARY
    return {
        "/edit/imports/new/": file,
        f"/edit/modules/{cast.module.pk}/new/file/": file,
        f"/edit/modules/{cast.module.pk}/new/lecture/": file,
        f"/edit/activities/{cast.file.pk}/": file,
        f"/edit/activities/{lecture.pk}/": file,
        f"/edit/activities/{lecture.pk}/captions/": MOST_BYTES + ORDINARY,
        f"/edit/modules/{cast.module.pk}/new/reading/": ORDINARY,
        f"/edit/activities/{cast.reading.pk}/": ORDINARY,
        f"/edit/modules/{cast.module.pk}/": ORDINARY,
        f"/edit/courses/{cast.course.pk}/details/": ORDINARY,
        "/me/": ORDINARY,
    }


def test_each_page_takes_what_it_says_and_no_more(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.admin)
    for path, most in addresses(cast).items():
        refused = send(client, path, most + 1)
        assert refused.status_code == 413, path
        assert "Nothing was saved" in refused.content.decode()
        assert f'href="{path}"' in refused.content.decode()
        with pytest.raises(AssertionError, match="was read"):
            send(client, path, most)


@pytest.mark.parametrize("role", ["student", "observer", "assistant", "teacher", "outsider"])
def test_the_large_limit_is_only_for_who_may_write_the_course(role: str, cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.person(role))
    for path, most in addresses(cast).items():
        if most > ORDINARY:
            assert send(client, path, ORDINARY + 1).status_code in (403, 404), path


def test_a_course_is_imported_by_admins_alone(cast: Cast, as_user: SignIn) -> None:
    assert send(as_user(cast.editor), "/edit/imports/new/", LARGE).status_code == 404


def test_staff_without_a_second_factor_send_nothing_large(cast: Cast, as_user: SignIn, settings: object) -> None:
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    assert send(as_user(cast.admin), "/edit/imports/new/", LARGE).status_code == 302


def test_a_body_of_unknown_length_is_not_read(cast: Cast, as_user: SignIn) -> None:
    for client, path in ((Client(), "/account/login/"), (as_user(cast.admin), "/edit/imports/new/")):
        response = send(client, path, 0, HTTP_TRANSFER_ENCODING="chunked")
        assert response.status_code == 411
        assert "so it was not accepted" in response.content.decode()


@pytest.mark.parametrize("headers", [{"HTTP_HX_REQUEST": "true"}, {"HTTP_SEC_FETCH_DEST": "empty"}])
def test_scripts_get_the_sentence_without_the_page(headers: dict[str, str], cast: Cast, as_user: SignIn) -> None:
    response = send(as_user(cast.student), "/me/", LARGE, **headers)
    assert response.status_code == 413
    assert "3.0\xa0MB" in response.json()["error"]


def test_a_disk_that_is_nearly_full_takes_no_upload(
    cast: Cast, as_user: SignIn, settings: object, tmp_path: Path
) -> None:
    settings.DISK_RESERVE_BYTES = bodies.shutil.disk_usage(tmp_path).total
    response = send(as_user(cast.admin), "/edit/imports/new/", LARGE)
    assert response.status_code == 507
    assert "not have enough space" in response.content.decode()


def test_a_page_without_files_writes_none(cast: Cast, as_user: SignIn, settings: object, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    upload = SimpleUploadedFile("x.bin", b"x" * 100_000)
    response = as_user(cast.student).post("/me/", {"upload": upload})
    assert response.wsgi_request.FILES == {}
    assert list(tmp_path.iterdir()) == []
    package = zip_bytes(Cartridge().page("Water").module("One").all_files())
    response = as_user(cast.admin).post("/edit/imports/new/", {"package": SimpleUploadedFile("a.zip", package)})
    assert CourseImport.objects.get().file_name == "a.zip"


@pytest.mark.parametrize(("files", "fields"), [(5, 0), (0, 1001)])
def test_more_parts_than_any_form_has_are_refused_with_a_sentence(
    files: int, fields: int, cast: Cast, as_user: SignIn
) -> None:
    sent: dict[str, object] = {f"field{number}": "x" for number in range(fields)}
    sent |= {f"file{number}": SimpleUploadedFile("x", b"x") for number in range(files)}
    response = as_user(cast.admin).post("/edit/imports/new/", sent)
    assert response.status_code == 400
    assert "try again with less" in response.content.decode()


def test_a_quota_holds_more_than_was_promised(cast: Cast) -> None:
    quota = bodies.Quota(10, None)
    assert quota.receive_data_chunk(b"x" * 10, 0) == b"x" * 10
    with pytest.raises(bodies.RequestDataTooBig):
        quota.receive_data_chunk(b"x", 10)


def may(client: Client, path: str, length: object) -> int:
    headers = {"X-Body-For": f"{path}?next=/", "X-Body-Length": str(length)}
    return client.get("/may-upload", headers=headers).status_code


def test_the_proxy_hears_the_same(cast: Cast, as_user: SignIn) -> None:
    for path, most in addresses(cast).items():
        for role, allowed in (("admin", most > ORDINARY), ("student", False), (None, False)):
            client = as_user(role and cast.person(role))
            assert may(client, path, ORDINARY) == 204
            for length in (ORDINARY + 1, "", "-1", "9" * 30):
                assert may(client, path, length) == (204 if allowed else 403), (path, role, length)
    assert may(as_user(cast.admin), "/nowhere/", LARGE) == 403


def test_the_proxys_question_costs_no_more_than_knowing_who_asks(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Callable
) -> None:
    client = as_user(cast.editor)
    with django_assert_num_queries(2):
        assert may(client, f"/edit/activities/{cast.file.pk}/", 1000) == 204
