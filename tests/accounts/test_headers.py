"""The headers that every page carries, whatever became of the request."""

from collections.abc import Callable

import lxml.html
import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.accounts.steps import sign_in
from tests.cast import Cast

SignIn = Callable[[User | None], Client]
# What comes back -> who asks for what.
PAGES = {
    200: ("student", "/me/"),
    302: (None, "/me/"),
    403: ("student", "/edit/courses/{c.course.pk}/"),
    404: ("student", "/manage/"),
    405: ("student", "/me/zone/"),
}
SIGNED_IN_PAGES = [
    "/",
    "/me/",
    "/courses/",
    "/help/",
    "/courses/{c.course.pk}/",
    "/lessons/{c.reading.pk}/",
    "/edit/courses/{c.course.pk}/",
    "/nowhere/",
    "/account/email/",
    "/account/sessions/",
    "/account/2fa/",
    "/account/2fa/webauthn/",
    "/account/password/change/",
    "/account/logout/",
]


@pytest.fixture(params=PAGES)
def response(request: pytest.FixtureRequest, cast: Cast, as_user: SignIn) -> HttpResponse:
    role, path = PAGES[request.param]
    found = as_user(cast.person(role) if role else None).get(path.format(c=cast))
    assert found.status_code == request.param
    return found


def policy(response: HttpResponse) -> dict[str, list[str]]:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";") if part.strip())
    return {name: values for name, *values in parts}


def test_scripts_and_styles_come_from_here_only(response: HttpResponse) -> None:
    rules = policy(response)
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == ["'self'"]
    assert rules["style-src"] == ["'self'"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_page_can_neither_be_framed_nor_rebased_nor_send_forms_away(response: HttpResponse) -> None:
    rules = policy(response)
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == ["'none'"]
    assert rules["form-action"] == ["'self'"]
    assert response["X-Frame-Options"] == "DENY"


def test_nothing_may_leave_for_another_host(response: HttpResponse) -> None:
    allowed = {value for values in policy(response).values() for value in values}
    assert allowed == {"'none'", "'self'", "data:"}


def test_browser_neither_guesses_types_nor_tells_where_a_link_was(response: HttpResponse) -> None:
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", SIGNED_IN_PAGES)
def test_page_of_somebody_signed_in_is_kept_by_no_cache(path: str, cast: Cast, as_user: SignIn) -> None:
    response = as_user(cast.teacher).get(path.format(c=cast))
    kept = {part.strip() for part in response["Cache-Control"].split(",")}
    assert {"no-store", "private"} <= kept, response["Cache-Control"]
    assert "public" not in kept


@pytest.mark.parametrize("path", ["/account/login/", "/help/"])
def test_page_differs_by_cookie_for_every_cache(path: str, cast: Cast, as_user: SignIn) -> None:
    assert "cookie" in as_user(cast.student).get(path)["Vary"].lower()


def test_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(cast: Cast) -> None:
    client = Client()
    sign_in(client, "student")
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]


def test_csrf_cookie_stays_on_this_site(cast: Cast, client: Client) -> None:
    client.get("/account/login/")
    assert client.cookies["csrftoken"]["samesite"] == "Lax"
    assert not client.cookies["csrftoken"]["domain"]


@pytest.mark.parametrize("path", ["/me/", "/account/login/", "/help/", "/account/2fa/totp/activate/", "/nowhere/"])
def test_page_has_no_inline_script_style_or_handler(path: str, cast: Cast) -> None:
    client = Client()
    if path != "/account/login/":
        sign_in(client, "student")
        client.post("/account/reauthenticate/", {"password": "a-password-of-the-suite"})
    page = client.get(path).content.decode()
    tree = lxml.html.document_fromstring(page)
    for element in tree.iter():
        names = {str(name).lower() for name in element.attrib}
        assert not {name for name in names if name.startswith("on") or name == "style"}, element
        if element.tag == "script" and element.get("type") != "application/json":
            assert element.get("src"), lxml.html.tostring(element)
        assert element.tag != "style"
