import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.accounts.steps import sign_in, signed_in_as
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return UserFactory(username="ada.marsh", email="ada@example.org")


@pytest.mark.parametrize(
    "login", ["ada.marsh", "ADA.Marsh", " ada.marsh ", "ada@example.org", "Ada@Example.ORG", "ADA@EXAMPLE.ORG"]
)
def test_username_and_address_sign_in_however_they_are_typed(ada: User, client: Client, login: str) -> None:
    response = sign_in(client, login)
    assert response["Location"] == reverse("dashboards:home")
    assert signed_in_as(client) == ada.pk


@pytest.mark.parametrize("login", ["pupil7", "PUPIL7", "Pupil7"])
def test_somebody_without_an_address_signs_in_by_username(client: Client, login: str) -> None:
    pupil = UserFactory(username="pupil7", email=None)
    sign_in(client, login)
    assert signed_in_as(client) == pupil.pk


def test_username_that_looks_like_the_address_of_somebody_else_opens_no_other_account(ada: User) -> None:
    twin = UserFactory(username="ada@example.org", email=None, password="the-twin-has-another")
    for name, password, person in (
        ("ada@example.org", "the-twin-has-another", twin.pk),
        ("ada@example.org", PASSWORD, None),
        ("ada.marsh", PASSWORD, ada.pk),
    ):
        browser = Client()
        sign_in(browser, name, password)
        assert signed_in_as(browser) == person


@pytest.mark.parametrize("typed", ["", None])
def test_two_people_without_an_address_coexist(typed: str | None, client: Client) -> None:
    first, second = (User.objects.create_user(name, typed, PASSWORD) for name in ("one", "two"))
    assert (first.email, second.email) == (None, None)
    sign_in(client, "two")
    assert signed_in_as(client) == second.pk


def test_wrong_password_says_the_same_for_known_and_unknown_accounts(ada: User) -> None:
    known = sign_in(Client(), "ada.marsh", "not-the-password")
    unknown = sign_in(Client(), "nobody.here", "not-the-password")
    assert list(known.context["form"].non_field_errors()) == list(unknown.context["form"].non_field_errors())
    assert len(known.context["form"].non_field_errors()) == 1
    assert _without_login(known.content, "ada.marsh") == _without_login(unknown.content, "nobody.here")
    assert known.status_code == unknown.status_code


def test_wrong_password_says_the_same_for_known_and_unknown_addresses(ada: User) -> None:
    known = sign_in(Client(), "ada@example.org", "not-the-password")
    unknown = sign_in(Client(), "nobody@example.org", "not-the-password")
    assert _without_login(known.content, "ada@example.org") == _without_login(unknown.content, "nobody@example.org")


def test_somebody_who_may_not_sign_in_is_told_apart_only_with_the_right_password(client: Client) -> None:
    UserFactory(username="gone", is_active=False)
    wrong, unknown = sign_in(client, "gone", "not-the-password"), sign_in(client, "nobody.here", "not-the-password")
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert sign_in(client, "gone")["Location"] == reverse("account_inactive")
    assert signed_in_as(client) is None


def test_somebody_without_a_password_cannot_sign_in_with_an_empty_one(client: Client) -> None:
    person = User.objects.create_user("fresh")
    assert not person.has_usable_password()
    for password in ("", person.password, "!"):
        sign_in(client, "fresh", password)
    assert signed_in_as(client) is None


def test_sign_in_leads_back_to_the_page_that_was_asked_for(ada: User, client: Client) -> None:
    response = sign_in(client, "ada.marsh", next="/courses/")
    assert response["Location"] == "/courses/"


@pytest.mark.parametrize(
    "next_page",
    ["//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)", "\\\\evil.test", "///evil"],
)
def test_sign_in_never_leads_to_another_host(ada: User, client: Client, next_page: str) -> None:
    assert sign_in(client, "ada.marsh", next=next_page)["Location"] == reverse("dashboards:home")


def test_session_is_another_one_after_the_sign_in(ada: User, client: Client) -> None:
    sign_in(client, "ada.marsh", "not-the-password")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client, "ada.marsh")
    assert client.session.session_key != session.session_key


@pytest.mark.parametrize("login", ["student@ownpace.test", "student"])
def test_demo_account_cannot_sign_in_on_a_real_site(settings: Settings, client: Client, login: str) -> None:
    settings.DEMO_ALLOWED = False
    UserFactory(username="student", email="student@ownpace.test")
    response = sign_in(client, login)
    assert response["Location"] == reverse("account_login")
    assert "Demo accounts cannot sign in" in client.get(response["Location"]).content.decode()
    assert client.get("/")["Location"].startswith(reverse("account_login"))


def test_demo_account_signs_in_where_the_demo_is_allowed(client: Client) -> None:
    student = UserFactory(username="student", email="student@ownpace.test")
    sign_in(client, "student")
    assert signed_in_as(client) == student.pk


def test_account_suspended_while_signed_in_is_out_at_the_next_request(ada: User, client: Client) -> None:
    sign_in(client, "ada.marsh")
    assert client.get("/me/").status_code == 200
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.get("/me/")["Location"] == f"{reverse('account_login')}?next=/me/"


def test_sign_out_needs_a_post(ada: User, client: Client) -> None:
    sign_in(client, "ada.marsh")
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in_as(client) == ada.pk
    client.post(reverse("account_logout"))
    assert signed_in_as(client) is None


def test_sign_in_page_has_labels_and_no_placeholders(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "Username or email address</label>" in page
    assert "placeholder" not in page


def test_second_account_with_the_same_address_is_refused(ada: User) -> None:
    twin = User(username="twin", email="ada@example.org", display_name="Twin", password="!")
    with pytest.raises(ValidationError) as caught:
        twin.full_clean()
    assert caught.value.message_dict == {"email": ["Someone else uses this address."]}


def _without_login(page: bytes, login: str) -> str:
    text = page.decode().replace(login, "LOGIN")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
