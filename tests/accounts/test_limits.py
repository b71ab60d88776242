"""Guessing is limited by account and by address of the guesser, and counted where every process sees it."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.steps import choose_password, sign_in, signed_in_as
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
TOO_MANY = "Too many failed login attempts"


def fail(login: str, times: int, address: str = "10.0.0.1") -> Client:
    client = Client(REMOTE_ADDR=address)
    for _ in range(times):
        sign_in(client, login, "a-wrong-guess")
    return client


def said(client: Client, login: str) -> str:
    return sign_in(client, login).content.decode()


def test_sixth_guess_at_one_account_is_refused_from_any_browser() -> None:
    UserFactory(username="ada")
    fail("ada", 3, "10.0.0.1")
    fail("ADA", 2, "10.0.0.2")
    third = Client(REMOTE_ADDR="10.0.0.3")
    assert TOO_MANY in said(third, "ada")
    assert signed_in_as(third) is None


def test_limited_account_opens_again_after_five_minutes() -> None:
    ada = UserFactory(username="ada")
    client = fail("ada", 5)
    assert TOO_MANY in said(client, "ada")
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        sign_in(client, "ada")
        assert signed_in_as(client) == ada.pk


def test_others_sign_in_while_one_account_is_limited() -> None:
    UserFactory(username="ada")
    ben = UserFactory(username="ben")
    client = fail("ada", 5)
    sign_in(client, "ben")
    assert signed_in_as(client) == ben.pk


def test_unknown_names_are_limited_like_known_ones() -> None:
    assert TOO_MANY in said(fail("nobody.here", 5), "nobody.here")


def test_many_names_tried_from_one_place_are_limited_together() -> None:
    UserFactory(username="ada")
    for number in range(10):
        fail(f"guess{number}", 1, "10.0.0.9")
    assert TOO_MANY in said(Client(REMOTE_ADDR="10.0.0.9"), "ada")
    elsewhere = Client(REMOTE_ADDR="10.0.0.10")
    assert TOO_MANY not in said(elsewhere, "ada")


def test_header_of_the_guesser_does_not_change_where_a_guess_comes_from() -> None:
    UserFactory(username="ada")
    for number in range(10):
        client = Client(REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        sign_in(client, f"guess{number}", "a-wrong-guess")
    client = Client(REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": "198.51.100.77"})
    assert TOO_MANY in said(client, "ada")


def test_right_password_between_guesses_does_not_reset_the_count() -> None:
    ada = UserFactory(username="ada")
    client = fail("ada", 4)
    sign_in(client, "ada")
    assert signed_in_as(client) == ada.pk
    fail("ada", 1, "10.0.0.4")
    assert TOO_MANY in said(Client(REMOTE_ADDR="10.0.0.5"), "ada")


def test_guesses_are_counted_in_postgres() -> None:
    assert isinstance(caches[DEFAULT_CACHE_ALIAS], DatabaseCache)
    assert _counted() == 0
    fail("ada", 1)
    assert _counted() > 0


def test_reset_mails_to_one_address_are_limited() -> None:
    UserFactory(username="ada", email="ada@example.org")
    for number in range(7):
        client = Client(REMOTE_ADDR=f"10.0.1.{number}")
        client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    assert len(mail.outbox) == 5


def test_reset_opens_an_account_that_guesses_had_limited() -> None:
    ada = UserFactory(username="ada", email="ada@example.org")
    client = fail("ada@example.org", 5)
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    link = mail.outbox[0].body.split("http://testserver")[1].split()[0]
    choose_password(client, link, "a-new-password-7")
    sign_in(client, "ada@example.org", "a-new-password-7")
    assert signed_in_as(client) == ada.pk


def _counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache_entries WHERE cache_key LIKE '%%login_failed%%'")
        return cursor.fetchone()[0]
