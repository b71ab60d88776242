"""How a password is chosen: by mail, by a link that an admin hands over; never by signing oneself up."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.services.letters import password_link
from accounts.services.outgoing import send_password_link
from accounts.services.people import save_person
from tests.accounts.steps import LINK, choose_password, delivered, fresh_client, sign_in, signed_in_as
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = "quiet-river-stone"


def ask_for_reset(email: str) -> str:
    """What the page says to somebody who asks."""
    return Client().post(reverse("account_reset_password"), {"email": email}, follow=True).content.decode()


def mailed_link() -> str:
    found = LINK.search(delivered()[0].body)
    assert found, mail.outbox[0].body
    return found[1]


def test_reset_mail_brings_a_link_that_sets_a_new_password(client: Client) -> None:
    ada = UserFactory(username="ada", email="ada@example.org")
    ask_for_reset("Ada@Example.org")
    assert delivered()[0].to == ["ada@example.org"]
    choose_password(client, mailed_link(), NEW)
    assert signed_in_as(client) == ada.pk
    elsewhere = Client()
    sign_in(elsewhere, "ada", PASSWORD)
    assert signed_in_as(elsewhere) is None
    sign_in(elsewhere, "ada", NEW)
    assert signed_in_as(elsewhere) == ada.pk


def test_reset_link_works_once(client: Client) -> None:
    ada = UserFactory(email="ada@example.org")
    ask_for_reset("ada@example.org")
    choose_password(client, mailed_link(), NEW)
    again = choose_password(Client(), mailed_link(), "a-thief-was-here")
    assert again.status_code == 200
    assert "token_fail" in again.context
    ada.refresh_from_db()
    assert ada.check_password(NEW)


def test_reset_link_is_not_in_the_address_of_the_form(client: Client) -> None:
    """The key would otherwise go out as referrer and stay in the history of a shared computer."""
    UserFactory(email="ada@example.org")
    ask_for_reset("ada@example.org")
    link = mailed_link()
    assert link.rstrip("/").rpartition("-")[2] not in client.get(link)["Location"]


def test_reset_says_the_same_for_an_unknown_address_and_mails_nobody() -> None:
    UserFactory(email="ada@example.org")
    known, unknown = ask_for_reset("ada@example.org"), ask_for_reset("nobody@example.org")
    assert known == unknown
    assert [letter.to for letter in delivered()] == [["ada@example.org"]]


def test_reset_with_a_weak_password_is_refused_and_the_link_stays_good(client: Client) -> None:
    ada = UserFactory(email="ada@example.org")
    ask_for_reset("ada@example.org")
    refused = choose_password(client, mailed_link(), "password")
    assert refused.status_code == 200
    assert "too common" in refused.content.decode()
    choose_password(client, mailed_link(), NEW)
    ada.refresh_from_db()
    assert ada.check_password(NEW)


def test_new_password_ends_every_session_of_the_account() -> None:
    ada = UserFactory(email="ada@example.org")
    elsewhere = fresh_client(ada)
    assert elsewhere.get("/me/").status_code == 200
    ada.refresh_from_db()
    choose_password(Client(), password_link(ada), NEW)
    assert elsewhere.get("/me/").status_code == 302


@pytest.mark.parametrize("email", [None, "pupil@example.org"])
def test_person_made_by_an_admin_chooses_a_password_through_the_link(email: str | None, client: Client) -> None:
    pupil = save_person(User(username="pupil", email=email, display_name="Pupil"))
    assert not pupil.has_usable_password()
    choose_password(client, password_link(pupil), NEW)
    sign_in(client, "pupil", NEW)
    assert signed_in_as(client) == pupil.pk


def test_handed_over_link_works_once(client: Client) -> None:
    pupil = UserFactory(username="pupil", email=None)
    link = password_link(pupil)
    choose_password(client, link, NEW)
    assert "token_fail" in choose_password(Client(), link, "a-thief-was-here").context
    pupil.refresh_from_db()
    assert pupil.check_password(NEW)


def test_handed_over_link_ends_with_the_time_that_the_mail_names(settings: Settings) -> None:
    pupil = UserFactory(username="pupil", email=None)
    link = password_link(pupil)
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 60)):
        assert "token_fail" in choose_password(Client(), link, NEW).context


def test_link_of_one_person_opens_nobody_elses_account(client: Client) -> None:
    one, two = UserFactory(), UserFactory()
    link = password_link(one)
    forged = password_link(two).rpartition("/key/")[0] + "/key/" + _key_of(two) + "-" + link.rpartition("-")[2]
    choose_password(client, forged, NEW)
    two.refresh_from_db()
    assert two.check_password(PASSWORD)


def test_admin_mails_a_link_to_somebody_with_an_address(settings: Settings) -> None:
    settings.PUBLIC_ORIGIN = "https://learn.example.org"
    ada = UserFactory(email="ada@example.org")
    send_password_link(ada)
    assert delivered()[0].to == ["ada@example.org"]
    assert "https://learn.example.org/account/password/reset/key/" in mail.outbox[0].body


def test_admin_sees_the_link_of_somebody_without_an_address(as_user: object) -> None:
    pupil = UserFactory(username="pupil", email=None)
    admin = as_user(UserFactory(is_staff=True))
    page = admin.post(reverse("manage:person_link", args=[pupil.pk]))
    assert delivered() == []
    assert "http://testserver/account/password/reset/key/" in page.content.decode()


def test_line_break_in_a_name_cannot_add_a_header_to_the_mail() -> None:
    ada = UserFactory(email="ada@example.org", display_name="Ada\nBcc: evil@example.org")
    send_password_link(ada)
    assert delivered()[0].recipients() == ["ada@example.org"]
    assert "Bcc" not in dict(mail.outbox[0].message().items())


@pytest.mark.parametrize("extra", [{}, {"is_staff": "on", "minor": "", "is_superuser": "1", "groups": "1"}])
def test_sign_up_is_closed_whatever_is_sent(extra: dict[str, str], client: Client) -> None:
    fields = {"username": "new", "email": "new@example.org", "password1": NEW, "password2": NEW, **extra}
    assert "closed" in client.get(reverse("account_signup")).content.decode().lower()
    client.post(reverse("account_signup"), fields)
    assert not User.objects.filter(username="new").exists()
    assert signed_in_as(client) is None


def test_changing_the_password_asks_for_the_old_one(client: Client) -> None:
    ada = UserFactory()
    sign_in(client, ada.username)
    sent = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    client.post(reverse("account_change_password"), sent)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)
    client.post(reverse("account_change_password"), {**sent, "oldpassword": PASSWORD})
    ada.refresh_from_db()
    assert ada.check_password(NEW)


def test_owner_is_told_by_mail_that_the_password_changed(client: Client) -> None:
    ada = UserFactory(email="ada@example.org")
    sign_in(client, ada.username)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    response = client.post(reverse("account_change_password"), sent)
    assert [letter.to for letter in delivered()] == [["ada@example.org"]]
    assert any("saved" in str(message) for message in get_messages(response.wsgi_request))


def _key_of(person: User) -> str:
    return password_link(person).rpartition("/key/")[2].partition("-")[0]
