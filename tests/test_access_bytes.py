"""Every address that serves what belongs to an activity, asked by those to whom the activity is not shown."""

import inspect
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from accounts.models import User
from courses.models import Activity, CourseFile, CourseImport, Module
from courses.services import authoring
from courses.services.cohorts import enrol, set_state
from courses.services.course_files import add_file
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories import lectures
from tests.test_access_matrix import BYTES, MATRIX, OF_WORK, WRITTEN, views

SignIn = Callable[[User | None], Client]
# They belong to a post and not to an activity: tests/forums/test_files.py asks for them.
OF_POSTS = {"forums:file"}
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Row:
    """`make` puts one activity into a module; `address` is where its bytes are, `unknown` the same of nothing."""

    route: str
    make: Callable[..., Activity]
    address: Callable[[Activity], str]
    unknown: str


def lecture(module: Module, **values: object) -> Activity:
    return lectures.lecture(module, title="Bees on film", position=70, **values)


def file(module: Module, **values: object) -> Activity:
    return make.file_activity(module, "key.pdf", title="The key", position=70, **values)


def picture(module: Module, **values: object) -> Activity:
    add_file(module.course, io.BytesIO(b"\x89PNG bees"), "media/bees.png")
    return make.reading(module, "![Bees](file:media/bees.png)", title="Bees", position=70, **values)


def track(kind: str) -> Callable[[Activity], str]:
    return lambda made: f"/captions/{made.lecture.recording.tracks.filter(kind=kind).first().pk}.vtt"


ROWS = {
    "recording": Row(
        "courses:recording",
        lecture,
        lambda made: f"/recordings/{made.lecture.recording_id}/talk.mp4",
        "/recordings/999999999/talk.mp4",
    ),
    "sound alone": Row(
        "courses:recording",
        lecture,
        lambda made: f"/recordings/{made.lecture.recording.renditions.get().pk}/talk.m4a",
        "/recordings/999999999/talk.m4a",
    ),
    "poster": Row(
        "courses:poster",
        lecture,
        lambda made: f"/recordings/{made.lecture.recording_id}/poster.jpg",
        "/recordings/999999999/poster.jpg",
    ),
    "captions": Row("courses:captions", lecture, track("captions"), "/captions/999999999.vtt"),
    "chapters": Row("courses:captions", lecture, track("chapters"), "/captions/999999999.vtt"),
    "transcript": Row(
        "progress:transcript",
        lecture,
        lambda made: f"/lessons/{made.pk}/transcript/en/",
        "/lessons/999999999/transcript/en/",
    ),
    "file": Row(
        "courses:file",
        file,
        lambda made: f"/files/{made.file_content.course_file_id}/key.pdf",
        f"/files/{UNKNOWN}/key.pdf",
    ),
    "picture in a text": Row(
        "courses:file",
        picture,
        lambda made: f"/files/{CourseFile.objects.get(path='media/bees.png').pk}/bees.png",
        f"/files/{UNKNOWN}/bees.png",
    ),
}
ASKED = [
    ("get", {}),
    ("get", {"Range": "bytes=0-3"}),
    ("get", {"Range": "bytes=99999999-"}),
    ("get", {"If-None-Match": "*"}),
    ("head", {}),
    ("head", {"Range": "bytes=0-3"}),
]
TELLING = {"ETag", "Last-Modified", "Content-Range", "Accept-Ranges", "X-Accel-Redirect", "Content-Disposition"}


def test_every_route_of_bytes_has_a_row() -> None:
    assert {row.route for row in ROWS.values()} == BYTES
    assert BYTES.isdisjoint(WRITTEN)


def test_every_view_that_hands_out_a_file_is_a_route_of_bytes() -> None:
    found = views(get_resolver().url_patterns)
    serving = {name for name, view in found.items() if "serving." in inspect.getsource(inspect.unwrap(view))}
    assert serving > {"courses:file"}
    assert serving <= BYTES | OF_POSTS | OF_WORK
    assert set(MATRIX) | OF_POSTS > serving


def assert_says_nothing(client: Client, row: Row, address: str, etag: str) -> None:
    """As for an id that never was: same status, same page, no header that is the file's own."""
    unknown = {method: getattr(client, method)(row.unknown) for method in ("get", "head")}
    for method, headers in [*ASKED, ("get", {"If-None-Match": etag}), ("get", {"If-Range": etag, "Range": "bytes=0-"})]:
        asked = getattr(client, method)(address, headers=headers)
        assert asked.status_code == unknown[method].status_code == 404, (method, headers)
        assert plain(asked) == plain(unknown[method])
        assert TELLING.isdisjoint(asked.headers)
        assert asked.headers.get("Content-Length") == unknown[method].headers.get("Content-Length")


def plain(response: HttpResponse) -> str:
    """Without what is new in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def answered(client: Client, address: str) -> HttpResponse:
    response = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def asserted_for_drafts(cast: Cast, as_user: SignIn, row: Row, made: Activity) -> None:
    """Those who may see drafts get the bytes; students, observers and strangers hear nothing of them."""
    address = row.address(made)
    for role in ("teacher", "elsewhere_teacher", "assistant", "editor", "admin"):
        response = answered(as_user(cast.person(role)), address)
        assert response.status_code == 200, role
    etag = response.headers.get("ETag", '"none"')
    for role in ("student", "elsewhere_student", "observer", "outsider"):
        assert_says_nothing(as_user(cast.person(role)), row, address, etag)
    assert as_user(None).get(address)["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", ROWS)
def test_bytes_of_an_unpublished_activity_are_not_there_for_students(name: str, cast: Cast, as_user: SignIn) -> None:
    row = ROWS[name]
    made = row.make(cast.module, published=False)
    asserted_for_drafts(cast, as_user, row, made)
    Activity.objects.filter(pk=made.pk).update(published=True)
    assert answered(as_user(cast.student), row.address(made)).status_code == 200


@pytest.mark.parametrize("name", ROWS)
def test_bytes_in_a_hidden_module_are_not_there_for_students(name: str, cast: Cast, as_user: SignIn) -> None:
    row = ROWS[name]
    hidden = make.ModuleFactory(course=cast.course, position=9, published=False)
    made = row.make(hidden)
    asserted_for_drafts(cast, as_user, row, made)
    hidden.published = True
    authoring.save_module(hidden)
    assert answered(as_user(cast.student), row.address(made)).status_code == 200


@pytest.mark.parametrize("state", ["suspended", "left"])
@pytest.mark.parametrize("name", ROWS)
def test_bytes_are_not_there_for_who_is_no_longer_enrolled(name: str, state: str, cast: Cast, as_user: SignIn) -> None:
    row = ROWS[name]
    client, address = as_user(cast.student), row.address(row.make(cast.module))
    first = answered(client, address)
    assert first.status_code == 200
    set_state(cast.enrolment, state, by=cast.admin)
    assert_says_nothing(client, row, address, first.headers.get("ETag", '"none"'))


@pytest.mark.parametrize("name", ROWS)
def test_bytes_of_another_course_are_not_there(name: str, cast: Cast, as_user: SignIn) -> None:
    row = ROWS[name]
    made = row.make(make.ModuleFactory(position=0))
    for role in ("student", "teacher", "editor"):
        assert_says_nothing(as_user(cast.person(role)), row, row.address(made), '"none"')


@pytest.mark.parametrize("name", ROWS)
def test_bytes_of_what_became_another_kind_are_not_there(name: str, cast: Cast, as_user: SignIn) -> None:
    """A package imported again may make a link of what was a lecture; what it showed before is shown no more."""
    row = ROWS[name]
    made = row.make(cast.module)
    address = row.address(made)
    if row.route == "progress:transcript":
        return
    imports_become(made)
    assert_says_nothing(as_user(cast.student), row, address, '"none"')
    assert answered(as_user(cast.editor), address).status_code == 200


def imports_become(made: Activity) -> None:
    from courses.services.imports import _become

    _become(made, "link")
    made.save()


def test_what_was_uploaded_and_is_shown_nowhere_is_its_editors_alone(cast: Cast, as_user: SignIn) -> None:
    found = add_file(cast.course, io.BytesIO(b"\x89PNG bees"), "bees.png")
    for role in ("editor", "admin"):
        assert answered(as_user(cast.person(role)), f"/files/{found.pk}/bees.png").status_code == 200
    for role in ("student", "observer", "teacher", "outsider"):
        assert as_user(cast.person(role)).get(f"/files/{found.pk}/bees.png").status_code == 404


def test_a_package_that_was_uploaded_has_no_address(cast: Cast, as_user: SignIn) -> None:
    """Its bytes are a file too, but no course file: only those of courses are served."""
    upload = lectures.stored("course.imscc")
    CourseImport.objects.create(file_name="course.imscc", upload=upload, requested_by=cast.admin)
    assert as_user(cast.admin).get(f"/files/{upload.pk}/course.imscc").status_code == 404


def test_a_student_of_two_cohorts_keeps_what_one_of_them_opens(cast: Cast, as_user: SignIn) -> None:
    row = ROWS["file"]
    address = row.address(row.make(cast.module))
    enrol(cast.student, cast.elsewhere, role="student", by=cast.admin)
    set_state(cast.enrolment, "left", by=cast.admin)
    assert answered(as_user(cast.student), address).status_code == 200
