"""The pages that come from allauth speak as the rest of the site does."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.steps import activate_totp, delivered, fresh_client, prove, sign_in
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
JARGON = re.compile(
    r"two-factor|2fa\b|security key|authenticator|passwordless|\btoken|verif|session|\bIP\b|reauthenticat|"
    r"log(?:ged)? in|generate|\binvalid|unable to",
    re.I,
)
PAGES = (
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
)
PAGES_WITH_A_SECOND_STEP = (
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_index",
)
OPEN_PAGES = (
    "account_inactive",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_signup",
)


def words(page: str) -> str:
    main = re.search(r"<main.*?</main>", page, re.S)
    assert main
    text = re.sub(r"<script.*?</script>|<svg.*?</svg>", " ", main[0], flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def shown(client: Client, name: str) -> str:
    page = client.get(reverse(name))
    assert page.status_code == 200, page
    return page.content.decode()


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_open_pages_use_no_jargon(name: str) -> None:
    assert not JARGON.search(words(shown(Client(), name)))


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_an_account_use_no_jargon_and_lead_back_to_me(name: str) -> None:
    client = fresh_client(UserFactory())
    prove(client, reverse("mfa_index"))
    page = shown(client, name)
    assert not JARGON.search(words(page).replace("Google Authenticator", "").replace("Microsoft Authenticator", ""))
    assert '<li><a href="/me/">Me</a></li>' in page


@pytest.mark.parametrize("name", PAGES_WITH_A_SECOND_STEP)
def test_pages_of_a_second_step_use_no_jargon_and_lead_back_to_me(name: str) -> None:
    client = fresh_client(UserFactory())
    activate_totp(client)
    page = shown(client, name)
    assert not JARGON.search(words(page))
    assert '<li><a href="/me/">Me</a></li>' in page


def test_recovery_codes_say_what_they_are_for() -> None:
    client = fresh_client(UserFactory())
    activate_totp(client)
    page = words(shown(client, "mfa_view_recovery_codes"))
    assert "If you lose your phone or passkey" in page
    assert "Each code works once." in page
    assert "Keep them somewhere safe" in page


def test_blocked_person_learns_whom_to_ask() -> None:
    UserFactory(username="gone", is_active=False)
    page = Client()
    answer = sign_in(page, "gone")
    assert "Ask an admin of your school" in words(page.get(answer["Location"]).content.decode())


@pytest.mark.parametrize(
    ("name", "greeted"),
    [("Aisha Khan", "Aisha"), ("Mary-Jane O’Neil", "Mary-Jane"), ("https://evil.example/x", "ada"), ("x" * 60, "ada")],
)
def test_mails_begin_with_the_name_and_never_with_a_link(name: str, greeted: str) -> None:
    ada = UserFactory(username="ada", display_name=name, email="ada@example.org")
    client = fresh_client(ada)
    prove(client, reverse("account_email"))
    client.post(reverse("account_email"), {"action_add": "", "email": "new@example.org"})
    delivered()
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    assert sent.body.startswith(f"Hello {greeted},\n")
    assert User.objects.get().email == "ada@example.org"
