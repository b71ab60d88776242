"""What a player may not report, and how it is told so."""

import json
from urllib.parse import urlencode

import pytest
from django.test import Client

from courses.models import Activity
from progress.models import Watch
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories import lectures
from tests.progress.watch import covered, opening_of, played, send

pytestmark = pytest.mark.usefixtures("clock")
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "change",
    [
        {"ranges": None},
        {"ranges": "all"},
        {"ranges": [[1]]},
        {"ranges": [[1, 2, 3]]},
        {"ranges": [["a", "b"]]},
        {"ranges": [[0, float("inf")]]},
        {"ranges": [[float("nan"), 7]]},
        {"ranges": [{}]},
        {"ranges": 7},
        {"ranges": [[0, 1]] * 501},
        {"position": None},
        {"position": "here"},
        {"position": float("inf")},
        {"at": None},
        {"at": "today"},
        {"at": 10**30},
        {"at": -(10**30)},
        {"opening": None},
        {"opening": ""},
        {"opening": "forged"},
        {"opening": 7},
        {"opening": [":"]},
        {"opening": {":": 1}},
    ],
)
def test_what_is_no_report_is_refused_and_changes_nothing(
    cast: Cast, lecture: Activity, client: Client, opening: str, change: dict
) -> None:
    response = send(client, lecture, played(opening, [(0, 1000)]) | change)
    assert response.status_code == 400
    assert response.json()["error"]
    assert not Watch.objects.exists()


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"{}", b"7", b"null", b"\xff\xfe", b'"ranges"', b"[" * 9000])
def test_what_is_no_message_is_refused(lecture: Activity, client: Client, opening: str, body: bytes) -> None:
    path = f"/lessons/{lecture.pk}/watch/"
    assert client.post(path, body, content_type="application/json").status_code == 400
    assert client.post(path, {"report": body.decode("latin-1")}).status_code == 400
    for sent in ({"another": "field"}, {}):
        assert client.post(path, sent).status_code == 400


def test_openings_of_others_and_of_other_lectures_are_refused(
    cast: Cast, lecture: Activity, client: Client, opening: str
) -> None:
    another = lectures.bare_lecture(cast.module, position=8)
    assert send(client, another, played(opening, [(0, 1)])).status_code == 409
    client.force_login(cast.other_student)
    assert send(client, lecture, played(opening, [(0, 1)])).status_code == 409
    assert not Watch.objects.exists()


def test_activity_that_is_no_lecture_is_refused(cast: Cast, client: Client, opening: str) -> None:
    reading = make.reading(cast.module, position=9)
    assert send(client, reading, played(opening_of(cast, reading), [(0, 1)])).status_code == 400


def test_signed_out_player_is_told_to_keep_its_report(lecture: Activity, client: Client) -> None:
    response = client.post(
        f"/lessons/{lecture.pk}/watch/", "{}", "application/json", headers={"Sec-Fetch-Dest": "empty"}
    )
    assert response.status_code == 401
    assert response.json()["error"]


@pytest.mark.parametrize("multipart", [True, False])
def test_page_that_is_being_closed_reports_as_a_form_with_its_token(
    cast: Cast, lecture: Activity, opening: str, multipart: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.student)
    client.get(f"/lessons/{lecture.pk}/")
    sent = {"report": json.dumps(played(opening, [(0, 2_000)]))}
    path = f"/lessons/{lecture.pk}/watch/"
    assert client.post(path, sent).status_code == 403
    sent["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    answer = client.post(path, sent) if multipart else client.post(path, urlencode(sent), FORM)
    assert answer.status_code == 200
    assert covered(cast, lecture) == [(0, 2_000)]
