"""What a page, a fragment and a script are told when the session is gone, or a form was opened under another one."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.accounts.steps import sign_in
from tests.cast import Cast
from tests.factories.people import UserFactory

LOGIN = "/account/login/"


def test_page_leads_to_the_sign_in_and_back(cast: Cast, client: Client) -> None:
    path = f"/lessons/{cast.reading.pk}/?part=2"
    response = client.get(path)
    assert response["Location"] == f"{LOGIN}?next=/lessons/{cast.reading.pk}/%3Fpart%3D2"
    assert sign_in(client, "student", next=path)["Location"] == path


def test_htmx_request_moves_the_whole_page_to_the_sign_in(client: Client, db: None) -> None:
    response = client.post(
        "/lessons/1/done/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/lessons/1/?a=b"}
    )
    assert response.status_code == 204
    assert response["HX-Redirect"] == f"{LOGIN}?next=/lessons/1/%3Fa%3Db"
    assert response.content == b""


@pytest.mark.parametrize("current", [None, "https://evil.test/page", "//evil.test/", "javascript:alert(1)"])
def test_htmx_request_from_elsewhere_leads_back_to_the_start(current: str | None, client: Client, db: None) -> None:
    headers = {"HX-Request": "true", **({"HX-Current-URL": current} if current else {})}
    assert client.get("/me/", headers=headers)["HX-Redirect"] == f"{LOGIN}?next=/"


def test_script_is_answered_with_json(client: Client, db: None) -> None:
    response = client.post("/lessons/1/done/", headers={"Sec-Fetch-Dest": "empty"})
    assert response.status_code == 401
    assert response.json() == {"error": "You are signed out. Sign in and this will be sent again."}


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Dest": "document"}, {"Sec-Fetch-Dest": "iframe"}])
def test_other_requests_are_redirected(headers: dict[str, str], client: Client, db: None) -> None:
    assert client.get("/me/", headers=headers).status_code == 302


@pytest.mark.parametrize("path", ["/healthz", "/help/", "/privacy/", LOGIN])
def test_public_pages_answer_without_a_sign_in(path: str, client: Client, db: None) -> None:
    assert client.get(path).status_code == 200


def test_old_form_gets_a_page_that_says_what_to_do(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory())
    response = strict.post("/me/", {"display_name": "Changed"})
    assert response.status_code == 403
    assert "This page has expired" in response.content.decode()
    assert "go back, reload the page" in response.content.decode()


def test_form_from_another_site_is_refused(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    person = UserFactory(display_name="Before")
    strict.force_login(person)
    token = strict.get("/me/").context["csrf_token"]
    sent = {
        "display_name": "After",
        "timezone": "UTC",
        "theme": "system",
        "text_size": "normal",
        "reading_font": "serif",
        "playback_percent": "100",
        "csrfmiddlewaretoken": str(token),
    }
    assert strict.post("/me/", sent, headers={"Origin": "https://evil.test"}).status_code == 403
    assert strict.post("/me/", sent, headers={"Origin": "http://testserver"}).status_code == 302
    person.refresh_from_db()
    assert person.display_name == "After"


def test_sign_in_form_of_another_site_is_refused(db: None) -> None:
    UserFactory(username="ada")
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, "ada").status_code == 403
    assert strict.get(reverse("accounts:me")).status_code == 302


WORDS = "An hour of work,\nand more"


def typed(response: HttpResponse) -> str:
    page = response.content.decode()
    assert response.status_code == 403
    assert page.count("<textarea") == page.count(" readonly>")
    return page


def test_words_of_a_form_are_shown_where_the_sign_in_has_ended(client: Client, db: None) -> None:
    sent = {"text": WORDS, "title": "Über Bienen", "password": "a secret of four words", "draft_key": "12", "kind": "a"}
    response = client.post("/me/", sent, headers={"Referer": "http://testserver/me/?tab=2"})
    page = typed(response)
    assert f">&#10;{WORDS}</textarea>" in page
    assert "Über Bienen</textarea>" in page
    assert page.count("<textarea") == 2
    assert "a secret of four words" not in page
    assert f'href="{LOGIN}?next=/me/%3Ftab%3D2"' in page


def test_words_with_markup_are_shown_as_words(client: Client, db: None) -> None:
    page = typed(client.post("/me/", {"text": "</textarea><script>alert(1)</script> now"}))
    assert "&lt;/textarea&gt;&lt;script&gt;" in page


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_words_that_another_site_sends_are_not_shown_as_ours(site: str, client: Client, db: None) -> None:
    response = client.post("/me/", {"text": WORDS}, headers={"Sec-Fetch-Site": site})
    assert response.status_code == 302


@pytest.mark.parametrize(
    "sent", [{"kind": "markdown", "at": "2026-01-01", "id": "17"}, {"text": "b" * 3_000_000 + " c"}, {}]
)
def test_form_without_words_leads_to_the_sign_in(sent: dict[str, str], client: Client, db: None) -> None:
    assert client.post("/me/", sent).status_code == 302


def test_no_more_is_shown_than_a_page_can_bear(client: Client, db: None) -> None:
    page = typed(client.post("/me/", {f"text{number}": f"some words {number}" for number in range(100)}))
    assert page.count("<textarea") == 20


def test_words_of_an_old_form_are_shown(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory())
    assert WORDS in typed(strict.post("/me/", {"display_name": WORDS}))


def test_sign_in_form_that_is_too_old_shows_nothing_of_it(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "my own name", "password": "my own secret"})
    page = response.content.decode()
    assert response.status_code == 403
    assert "my own" not in page
