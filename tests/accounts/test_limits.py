"""Guessing is limited by account and by address of the guesser, and counted where every process sees it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.sign_in import known_browsers
from tests.accounts.steps import choose_password, delivered, sign_in, signed_in_as
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
TOO_MANY = "Too many failed attempts to sign in"
LOOKED_AT = "or the password, is wrong"


def fail(login: str, times: int, address: str = "10.0.0.1") -> Client:
    client = Client(REMOTE_ADDR=address)
    for _ in range(times):
        sign_in(client, login, "a-wrong-guess")
    return client


def said(client: Client, login: str) -> str:
    return sign_in(client, login).content.decode()


def test_sixth_guess_at_one_account_is_refused_from_that_place_however_the_name_is_typed() -> None:
    UserFactory(username="ada")
    for name in ("ada", "ADA", "ada", "\uff41da", "ada"):
        fail(name, 1)
    client = Client(REMOTE_ADDR="10.0.0.1")
    assert TOO_MANY in said(client, "ada")
    assert signed_in_as(client) is None


def test_guesses_from_one_place_lock_out_nobody_elsewhere() -> None:
    ada = UserFactory(username="ada")
    fail("ada", 20, "10.0.0.1")
    elsewhere = Client(REMOTE_ADDR="10.0.0.2")
    sign_in(elsewhere, "ada")
    assert signed_in_as(elsewhere) == ada.pk


@pytest.fixture
def _few_for_a_name(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "password_name": "6/h/key"}


def guess_from_everywhere(name: str) -> None:
    for number in range(6):
        fail(name, 1, f"10.0.1.{number}")


@pytest.mark.usefixtures("_few_for_a_name")
def test_guesses_from_many_places_close_a_name_to_strangers() -> None:
    UserFactory(username="ada")
    guess_from_everywhere("ada")
    stranger = Client(REMOTE_ADDR="10.0.2.1")
    assert TOO_MANY in said(stranger, "ada")


@pytest.mark.usefixtures("_few_for_a_name")
def test_what_one_place_is_refused_is_not_counted_for_the_name() -> None:
    ada = UserFactory(username="ada")
    fail("ada", 30, "10.0.1.1")
    elsewhere = Client(REMOTE_ADDR="10.0.1.2")
    sign_in(elsewhere, "ada")
    assert signed_in_as(elsewhere) == ada.pk


def known_browser(login: str) -> Client:
    """One in which somebody has signed in, and out again."""
    client = Client(REMOTE_ADDR="10.0.3.1")
    sign_in(client, login)
    client.post(reverse("account_logout"))
    assert signed_in_as(client) is None
    return client


@pytest.mark.usefixtures("_few_for_a_name")
@pytest.mark.parametrize("login", ["ada", "ada@example.org"])
def test_known_browser_is_let_through(login: str) -> None:
    ada = UserFactory(username="ada", email="ada@example.org")
    known = known_browser("ada")
    guess_from_everywhere(login)
    assert TOO_MANY in said(Client(REMOTE_ADDR="10.0.3.1"), login)
    sign_in(known, login)
    assert signed_in_as(known) == ada.pk


def test_known_browser_is_let_through_where_others_guess_behind_the_same_address() -> None:
    ada = UserFactory(username="ada")
    known = known_browser("ada")
    fail("ada", 5, "10.0.3.1")
    for number in range(10):
        fail(f"guess{number}", 1, "10.0.3.1")
    sign_in(known, "ada")
    assert signed_in_as(known) == ada.pk


@pytest.mark.usefixtures("_few_for_a_name")
def test_browser_known_to_one_is_a_stranger_to_another() -> None:
    UserFactory(username="ada")
    UserFactory(username="ben")
    bens = known_browser("ben")
    guess_from_everywhere("ada")
    assert TOO_MANY in said(bens, "ada")


@pytest.mark.usefixtures("_few_for_a_name")
def test_new_password_makes_every_browser_a_stranger() -> None:
    ada = UserFactory(username="ada")
    known = known_browser("ada")
    ada.set_password("another-long-password")
    ada.save()
    guess_from_everywhere("ada")
    assert TOO_MANY in sign_in(known, "ada", "another-long-password").content.decode()


@pytest.mark.usefixtures("_few_for_a_name")
def test_made_up_cookie_is_no_known_browser() -> None:
    ada = UserFactory(username="ada")
    real = known_browser("ada").cookies["known"].value
    guess_from_everywhere("ada")
    for forged in (real[:-2] + "aa", signing.dumps({"mark": "x", "people": {str(ada.pk): "x"}}), "", "x"):
        client = Client(REMOTE_ADDR="10.0.4.1")
        client.cookies["known"] = forged
        assert TOO_MANY in said(client, "ada")


def test_guesses_in_a_known_browser_are_limited() -> None:
    UserFactory(username="ada")
    known = known_browser("ada")
    for _ in range(10):
        sign_in(known, "ada", "a-wrong-guess")
    assert TOO_MANY in said(known, "ada")


def test_shared_browser_knows_the_last_of_its_people() -> None:
    client = Client()
    for number in range(10):
        UserFactory(username=f"pupil{number}")
        sign_in(client, f"pupil{number}")
        client.post(reverse("account_logout"))
    kept = signing.loads(client.cookies["known"].value, salt=known_browsers.SALT)
    assert len(kept["people"]) == known_browsers.MOST_PEOPLE
    assert len(client.cookies["known"].value) < 1000


def test_cookie_of_a_known_browser_is_out_of_reach_of_scripts_and_outlives_the_session() -> None:
    UserFactory(username="ada")
    cookie = known_browser("ada").cookies["known"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == 180 * 24 * 3600


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
    fail("ada", 1)
    assert TOO_MANY in said(Client(REMOTE_ADDR="10.0.0.1"), "ada")


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_not_more_than_guesses_one_by_one() -> None:
    UserFactory(username="ada")

    def guess(number: int) -> bool:
        try:
            return LOOKED_AT in sign_in(Client(REMOTE_ADDR="10.0.0.1"), "ada", f"wrong-{number}").content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert 1 <= sum(pool.map(guess, range(100))) <= 5
    caches[DEFAULT_CACHE_ALIAS].clear()


def test_guesses_are_counted_in_postgres() -> None:
    assert isinstance(caches[DEFAULT_CACHE_ALIAS], DatabaseCache)
    assert _counted() == 0
    fail("ada", 1)
    assert _counted() > 0


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_requests_for_a_new_password_are_limited_by_address_known_or_not(email: str) -> None:
    UserFactory(username="ada", email="ada@example.org")
    answers = []
    for number in range(7):
        client = Client(REMOTE_ADDR=f"10.0.1.{number}")
        answers.append(client.post(reverse("account_reset_password"), {"email": email}).status_code)
    assert answers == [302] * 5 + [429] * 2


def test_reset_opens_an_account_that_guesses_had_limited() -> None:
    ada = UserFactory(username="ada", email="ada@example.org")
    client = fail("ada@example.org", 5)
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    link = delivered()[0].body.split("http://testserver")[1].split()[0]
    choose_password(client, link, "a-new-password-7")
    sign_in(client, "ada@example.org", "a-new-password-7")
    assert signed_in_as(client) == ada.pk


def _counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache_entries WHERE cache_key LIKE '%%password_name%%'")
        return cursor.fetchone()[0]
