"""The link that an account is given first leads in: signed in, welcomed, at Today."""

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.services.letters import password_link
from tests.accounts.steps import PASSWORD, activate_totp, choose_password, delivered, sign_in, signed_in_as
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
NEW = "quiet-river-stone"


def newcomer(**fields: object) -> User:
    return UserFactory(**{"username": "ada", "display_name": "Ada O'Neill & Co", "email": None, **fields})


def follow(client: Client, response: HttpResponse) -> str:
    assert response.status_code == 302
    assert response["Location"] == "/"
    return client.get("/").content.decode()


@pytest.mark.parametrize("email", [None, "ada@example.org"])
def test_who_chooses_a_password_for_the_first_time_is_welcomed_at_today(client: Client, email: str | None) -> None:
    ada = newcomer(email=email)
    page = follow(client, choose_password(client, password_link(ada), NEW))
    assert signed_in_as(client) == ada.pk
    assert "Welcome to Ownpace, Ada O&#x27;Neill &amp; Co." in page
    assert "Today" in page


def test_the_page_of_a_link_names_the_username_that_goes_with_the_password(client: Client) -> None:
    page = client.get(password_link(newcomer()), follow=True).content.decode()
    assert 'Your username is <strong dir="auto">ada</strong>' in page
    assert "Hello, <bdi>Ada O&#x27;Neill &amp; Co</bdi>" in page


def test_a_first_password_is_saved_and_not_changed(client: Client) -> None:
    page = follow(client, choose_password(client, password_link(newcomer()), NEW))
    assert "Password saved." in page


def test_a_first_password_alarms_nobody(client: Client) -> None:
    choose_password(client, password_link(newcomer(email="ada@example.org")), NEW)
    (mail,) = delivered()
    assert mail.subject == "Your Ownpace account is ready"
    assert "Your username is ada" in mail.body
    assert "reset" not in mail.body
    assert "straight away" not in mail.body


def test_a_later_password_by_a_link_is_still_told_as_a_reset(client: Client) -> None:
    choose_password(client, password_link(newcomer(email="ada@example.org", last_login=timezone.now())), NEW)
    assert [mail.subject for mail in delivered()] == ["Your password was reset"]


def test_who_was_here_before_is_signed_in_without_a_second_welcome(client: Client) -> None:
    ada = newcomer(last_login=timezone.now())
    page = follow(client, choose_password(client, password_link(ada), NEW))
    assert signed_in_as(client) == ada.pk
    assert "You are signed in as Ada" in page
    assert "Welcome" not in page


def test_a_blocked_account_is_not_signed_in_by_a_link(client: Client) -> None:
    ada = newcomer()
    link = password_link(ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    choose_password(client, link, NEW)
    assert signed_in_as(client) is None


def test_a_link_does_not_lead_past_a_second_factor(client: Client) -> None:
    ada = newcomer(last_login=timezone.now())
    at_home = Client()
    sign_in(at_home, "ada", PASSWORD)
    activate_totp(at_home)
    ada.refresh_from_db()
    response = choose_password(client, password_link(ada), NEW)
    assert signed_in_as(client) is None
    assert "2fa" in response["Location"]


def test_staff_are_led_to_set_up_their_second_step(client: Client, settings: Settings) -> None:
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    admin = newcomer(is_staff=True)
    choose_password(client, password_link(admin), NEW)
    response = client.get("/manage/")
    assert response.status_code == 302
    assert "2fa" in response["Location"]


def test_a_password_that_is_refused_signs_nobody_in(client: Client) -> None:
    ada = newcomer()
    assert choose_password(client, password_link(ada), "12345").status_code == 200
    assert signed_in_as(client) is None
    assert not list(get_messages(client.get("/account/login/").wsgi_request))
