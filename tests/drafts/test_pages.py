"""The list of unsent texts, and what the script of a form is answered."""

import json
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from courses.models import CourseEditor
from courses.services import deleting
from drafts import kinds, services
from drafts.fields import Content, Stamp
from drafts.models import Draft
from tests.cast import Cast
from tests.undoing import undo

KEY, TAB = UUID(int=1), UUID(int=2)
AsUser = Callable[[User | None], Client]


def said(person: User, **values: object) -> dict[str, object]:
    usual = {"person": person.pk, "place": "courses/activities/1", "key": str(KEY), "writer": str(TAB), "seq": 1}
    return {**usual, "revision": 0, "base": "", "fields": {"title": "", "text": "Half a thought"}, **values}


def post(client: Client, body: object, **headers: str) -> HttpResponse:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else json.dumps(body)
    return client.post("/drafts/", data, content_type="application/json", headers=headers)


def draft(person: User, place: str, text: str = "Half a thought") -> None:
    services.save(person, place, Stamp(uuid4()), Content({"text": text}))


def page(client: Client) -> str:
    return client.get("/drafts/").content.decode()


def test_script_is_told_the_revision_and_the_time_by_the_writers_clock(cast: Cast, as_user: AsUser) -> None:
    answer = post(as_user(cast.student), said(cast.student))
    kept = Draft.objects.get()
    assert answer.json() | {"saved": "x"} == {"key": str(KEY), "revision": kept.revision, "closed": False, "saved": "x"}
    assert answer.json()["saved"].startswith("Saved ")


def test_script_is_handed_what_another_tab_wrote(cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.student)
    post(client, said(cast.student))
    answer = post(client, said(cast.student, writer=str(uuid4()), fields={"text": "Mine"}))
    assert answer.status_code == 409
    assert answer.json()["fields"] == {"title": "", "text": "Half a thought"}
    assert answer.json()["key"] == str(KEY)


def test_page_of_somebody_else_saves_nothing_here(cast: Cast, as_user: AsUser) -> None:
    answer = post(as_user(cast.other_student), said(cast.student))
    assert (answer.status_code, Draft.objects.exists()) == (403, False)


def test_script_that_is_signed_out_is_told(cast: Cast, client: Client) -> None:
    assert post(client, said(cast.student), **{"Sec-Fetch-Dest": "empty"}).status_code == 401


def test_limit_is_said_in_a_sentence(cast: Cast, as_user: AsUser) -> None:
    answer = post(as_user(cast.student), said(cast.student, fields={"text": "a" * 220_001}))
    assert answer.status_code == 422
    assert "Only up to 220,000" in answer.json()["error"]


@pytest.mark.parametrize(
    "damage",
    [
        {"place": "Not a place"},
        {"place": "a" * 101},
        {"key": "x"},
        {"writer": None},
        {"seq": -1},
        {"seq": 10**20},
        {"fields": []},
        {"fields": {"text": 7}},
        {"fields": {str(number): "" for number in range(61)}},
        {"files": ["x"]},
        {"files": "x"},
        {"choices": {"a" * 61: "on"}},
    ],
)
def test_what_no_form_of_ours_sends_is_refused(damage: dict, cast: Cast, as_user: AsUser) -> None:
    assert post(as_user(cast.student), said(cast.student, **damage)).status_code == 400
    assert not Draft.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "7", "null", '"a"', "{}", "[" * 100_000, "\ud800"])
def test_what_is_no_json_of_ours_is_refused(body: str, cast: Cast, as_user: AsUser) -> None:
    assert post(as_user(cast.student), body).status_code == 400


def test_list_names_the_place_and_leads_to_it(cast: Cast, as_user: AsUser) -> None:
    draft(cast.editor, f"courses/activities/{cast.reading.pk}")
    draft(cast.editor, f"courses/modules/{cast.module.pk}/link", "Another <b>one</b>")
    shown = page(as_user(cast.editor))
    assert f'href="/edit/activities/{cast.reading.pk}/" dir="auto">Bee eyes</a>' in shown
    assert f'href="/edit/modules/{cast.module.pk}/new/link/"' in shown
    assert "Another &lt;b&gt;one&lt;/b&gt;" in shown
    assert "Nothing unsent" in page(as_user(cast.student))


def test_text_whose_place_is_gone_is_still_there_to_be_copied(cast: Cast, as_user: AsUser) -> None:
    draft(cast.editor, f"courses/activities/{cast.draft.pk}")
    draft(cast.editor, "nobody/knows")
    deleting.delete(cast.draft, by=cast.editor)
    shown = page(as_user(cast.editor))
    assert shown.count("The page it was for is no longer there") == 2
    assert "Half a thought" in shown


def test_place_that_one_may_no_longer_change_is_not_named(cast: Cast, as_user: AsUser) -> None:
    draft(cast.editor, f"courses/activities/{cast.draft.pk}")
    CourseEditor.objects.all().delete()
    assert "Unfinished" not in page(as_user(cast.editor))


def test_discarding_says_so_and_can_be_undone(cast: Cast, as_user: AsUser) -> None:
    place = f"courses/activities/{cast.reading.pk}"
    draft(cast.editor, place)
    client = as_user(cast.editor)
    response = client.post("/drafts/discard/", {"place": place}, follow=True)
    assert "Nothing unsent" in response.content.decode()
    assert "Half a thought" in undo(client, response)


def test_discarding_on_the_page_of_the_place_stays_there(cast: Cast, as_user: AsUser) -> None:
    place = f"courses/activities/{cast.reading.pk}"
    draft(cast.editor, place)
    response = as_user(cast.editor).post("/drafts/discard/", {"place": place, "stay": "yes"})
    assert response["Location"] == reverse("edit:activity", args=[cast.reading.pk])


def test_nobody_discards_the_text_of_another(cast: Cast, as_user: AsUser) -> None:
    draft(cast.editor, "courses/activities/1")
    as_user(cast.admin).post("/drafts/discard/", {"place": "courses/activities/1"})
    assert Draft.objects.open().exists()
    assert as_user(cast.admin).post("/drafts/discard/", {"place": "\0"}).status_code == 404


def test_list_asks_the_same_for_one_text_and_for_forty(cast: Cast, as_user: AsUser) -> None:
    client, counts = as_user(cast.editor), []
    for number in (1, 40):
        for place in range(number):
            draft(cast.editor, f"courses/activities/{place}")
        page(client)
        with CaptureQueriesContext(connection) as captured:
            page(client)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 6


def test_prefix_is_taken_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        kinds.register("courses", lambda person, places: {})
